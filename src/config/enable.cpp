#include "config/enable.hpp"

#include "config/bind.hpp"
#include "config/document.hpp"
#include "config/values.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace isinfetch {

namespace {

constexpr const char* kOrigin = "text";

/// Do both say the same, whatever the order of keys?
// NOLINTNEXTLINE(misc-no-recursion): as deep as a configuration
bool same(const Value& left, const Value& right) {
    if (left.kind != right.kind || left.text != right.text ||
        left.members.size() != right.members.size()) {
        return false;
    }
    const bool members = std::ranges::all_of(left.members, [&](const auto& member) {
        const Value* const other = right.find(member.first);
        return other != nullptr && same(member.second, *other);
    });
    return members &&
           std::equal(
               left.items.begin(), left.items.end(), right.items.begin(), right.items.end(), same);
}

/// The line, from 0, at which the key of a value stands.
std::size_t line_of(const Value& value) {
    return std::stoul(value.origin.substr(value.origin.rfind(':') + 1)) - 1;
}

std::string indent_of(std::string_view line) {
    return std::string(line.substr(0, std::min(line.find_first_not_of(' '), line.size())));
}

/// Collects what the text could become; the first that says what it should is taken.
class Editor {
public:
    Editor(const std::string& text, const std::string& source) : source_(source), text_(text) {
        for (const std::string_view line : split(text, '\n')) {
            lines_.emplace_back(line);
        }
        tree_ = parse_yaml(text, kOrigin);
        wanted_ = tree_;
        at_path(wanted_, path(), kOrigin).text = "true";
        const Value* const sources = tree_.find("sources");
        const Value* const entry = sources == nullptr ? nullptr : sources->find(source);
        const Value* const enabled = entry == nullptr ? nullptr : entry->find("enabled");
        if (enabled != nullptr) {
            replace_value(line_of(*enabled));
        } else if (entry != nullptr) {
            add_member(line_of(*entry), *entry, "enabled: true");
        } else if (sources != nullptr) {
            add_member(line_of(*sources), *sources, fmt::format("{}: {{enabled: true}}", source));
        } else {
            append();
        }
    }

    std::optional<std::string> result() const {
        const auto found = std::ranges::find_if(
            candidates_, [&](const std::string& candidate) { return is_right(candidate); });
        return found == candidates_.end() ? std::nullopt : std::optional(*found);
    }

private:
    std::string path() const { return "sources." + source_ + ".enabled"; }

    bool is_right(const std::string& candidate) const {
        try {
            return same(parse_yaml(candidate, kOrigin), wanted_);
        } catch (const Error&) {
            return false;
        }
    }

    void offer(const std::vector<std::string>& lines) { candidates_.push_back(join(lines, "\n")); }

    void offer_line(std::size_t number, std::string line) {
        std::vector<std::string> lines = lines_;
        lines.at(number) = std::move(line);
        offer(lines);
    }

    /// Every "enabled: something" of the line in turn.
    void replace_value(std::size_t number) {
        const std::string& line = lines_.at(number);
        for (std::size_t key = line.find("enabled"); key != std::string::npos;
             key = line.find("enabled", key + 1)) {
            const std::size_t colon = line.find(':', key);
            const std::size_t begin =
                std::min(line.find_first_not_of(" \t", colon + 1), line.size());
            const std::size_t end = std::min(line.find_first_of(" \t\r,}", begin), line.size());
            if (colon != std::string::npos) {
                const std::string blank = begin == colon + 1 ? " " : "";
                offer_line(number, line.substr(0, begin) + blank + "true" + line.substr(end));
            }
        }
    }

    /// Into a mapping in braces, into one of lines, or behind a key that has no value yet.
    void add_member(std::size_t number, const Value& mapping, const std::string& member) {
        const std::string& line = lines_.at(number);
        for (std::size_t brace = line.find('{'); brace != std::string::npos;
             brace = line.find('{', brace + 1)) {
            const std::string_view comma = mapping.members.empty() ? "" : ", ";
            std::string changed = line;
            changed.insert(brace + 1, fmt::format("{}{}", member, comma));
            offer_line(number, changed);
        }
        if (mapping.members.empty()) {
            const std::size_t colon = line.find(':');
            offer_line(number,
                       line.substr(0, colon + 1) + " {" + member + "}" + line.substr(colon + 1));
            return;
        }
        const std::size_t first = line_of(mapping.members.front().second);
        std::vector<std::string> lines = lines_;
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(number) + 1,
                     indent_of(lines_.at(first)) + member);
        offer(lines);
    }

    void append() {
        std::string text = text_;
        text += text.empty() || text.ends_with('\n') ? "" : "\n";
        text += fmt::format("sources:\n  {}:\n    enabled: true\n", source_);
        candidates_.push_back(std::move(text));
    }

    std::string source_;
    std::string text_;
    std::vector<std::string> lines_{};
    Value tree_{};
    Value wanted_{};
    std::vector<std::string> candidates_{};
};

}  // namespace

std::string with_source_enabled(const std::string& text,
                                const std::string& file,
                                const std::string& source) {
    if (!is_mapping(parse_yaml(text, file))) {
        fail(ErrorKind::config, "{}: expected 'key: value' pairs", file);
    }
    if (auto edited = Editor(text, source).result()) {
        return *std::move(edited);
    }
    fail(ErrorKind::config,
         "{}: is laid out so that only a person can enable {} in it: write 'enabled: true' below "
         "'{}:' there",
         file,
         source,
         source);
}

}  // namespace isinfetch
