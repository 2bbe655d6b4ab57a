#include "parse/html_cells.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <gumbo.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <span>

namespace isinfetch {

namespace {

constexpr std::size_t kWidest = 1000;  // https://html.spec.whatwg.org/#attr-tdth-colspan

GumboOptions options() noexcept {
    GumboOptions result = kGumboDefaultOptions;
    result.max_errors = 0;
    return result;
}

struct Destroy {
    void operator()(GumboOutput* output) const noexcept {
        const GumboOptions used = options();
        gumbo_destroy_output(&used, output);
    }
};

std::span<GumboNode* const> children(const GumboNode& node) noexcept {
    if (node.type != GUMBO_NODE_ELEMENT) {
        return {};
    }
    const GumboVector& all = node.v.element.children;
    return {reinterpret_cast<GumboNode* const*>(all.data), all.length};
}

bool is_cell(const GumboNode& node) noexcept {
    return node.type == GUMBO_NODE_ELEMENT &&
           (node.v.element.tag == GUMBO_TAG_TD || node.v.element.tag == GUMBO_TAG_TH);
}

/// A no-break space at the ends of a cell is there to fill it.
std::string_view trim_wide(std::string_view text) noexcept {
    constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
    std::string_view before;
    while (before != text) {
        before = text;
        text = trim(text);
        if (text.starts_with(kNoBreakSpace)) {
            text.remove_prefix(kNoBreakSpace.size());
        }
        if (text.ends_with(kNoBreakSpace)) {
            text.remove_suffix(kNoBreakSpace.size());
        }
    }
    return text;
}

std::string as_shown(const std::string& text) {
    std::string shown;
    for (const char letter : trim_wide(text)) {
        const bool blank = trim({&letter, 1}).empty();
        if (!blank) {
            shown += letter;
        } else if (!shown.ends_with(' ')) {
            shown += ' ';
        }
    }
    return shown;
}

HtmlCell cell_of(const GumboNode& node) {
    std::string text;
    for (const GumboNode* child : children(node)) {
        if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE ||
            child->type == GUMBO_NODE_CDATA) {
            text += child->v.text.text;
        }
    }
    HtmlCell cell{.text = as_shown(text)};
    if (const auto* span = gumbo_get_attribute(&node.v.element.attributes, "colspan")) {
        const std::string_view value = trim(span->value);
        std::from_chars(value.data(), value.data() + value.size(), cell.span);
        cell.span = std::clamp<std::size_t>(cell.span, 1, kWidest);
    }
    return cell;
}

/// The row is html, body, table, tbody, tr: six levels at most.
void collect(const GumboNode& node, int levels, std::vector<HtmlCell>& cells) {
    for (const GumboNode* child : children(node)) {
        if (is_cell(*child)) {
            cells.push_back(cell_of(*child));
        } else if (levels > 0) {
            collect(*child, levels - 1, cells);
        }
    }
}

}  // namespace

std::vector<HtmlCell> html_cells(std::string_view markup) {
    const std::string page = "<table>" + std::string(markup);
    const GumboOptions used = options();
    const std::unique_ptr<GumboOutput, Destroy> output(
        gumbo_parse_with_options(&used, page.data(), page.size()));
    if (!output) {
        fail(ErrorKind::os, "gumbo: out of memory");
    }
    std::vector<HtmlCell> cells;
    constexpr int kLevels = 6;
    collect(*output->root, kLevels, cells);
    return cells;
}

}  // namespace isinfetch
