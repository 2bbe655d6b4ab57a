#include "util/html.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, 6> kOpenings{
    "<!doctype html", "<html", "<head", "<body", "<script", "<title"};

/// Drops `open` … `close` from the front; all of the text when `close` is missing.
bool skip_enclosed(std::string_view& text, std::string_view open, std::string_view close) {
    if (!text.starts_with(open)) {
        return false;
    }
    const std::size_t end = text.find(close, open.size());
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + close.size());
    return true;
}

std::string_view first_markup(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    do {
        text = trim(text);
    } while (skip_enclosed(text, "<!--", "-->") || skip_enclosed(text, "<?xml", "?>"));
    return text;
}

/// "<header>" is a list's own business, "<head>" is not.
bool opens_with(std::string_view text, std::string_view tag) {
    if (!text.starts_with(tag)) {
        return false;
    }
    const std::string_view rest = text.substr(tag.size());
    return rest.empty() || rest.find_first_of(" \t\r\n>/") == 0;
}

std::string title_of(std::string_view page, std::string_view lowered) {
    const std::size_t tag = lowered.find("<title");
    const std::size_t start = lowered.find('>', tag);
    if (tag == std::string_view::npos || start == std::string_view::npos) {
        return {};
    }
    const std::size_t end = std::min(lowered.find("</title", start), lowered.size());
    return printable(trim(page.substr(start + 1, end - start - 1)));
}

}  // namespace

std::optional<std::string> html_title(std::string_view beginning) {
    const std::string_view page = first_markup(beginning);
    const std::string lowered = lower(page);
    const bool is_html = std::any_of(kOpenings.begin(), kOpenings.end(), [&](std::string_view tag) {
        return opens_with(lowered, tag);
    });
    if (!is_html) {
        return std::nullopt;
    }
    return title_of(page, lowered);
}

}  // namespace isinfetch
