#include "parse/json_path.hpp"

#include "util/text.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

bool matches_step(const std::string& wanted, const std::string& step) noexcept {
    return wanted == "*" || wanted == step;
}

/// A reference token of a JSON Pointer: ~1 is a slash, ~0 a tilde.
std::optional<std::string> unescaped(std::string_view token) {
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            text += token[i];
            continue;
        }
        ++i;
        if (i == token.size() || (token[i] != '0' && token[i] != '1')) {
            return std::nullopt;
        }
        text += token[i] == '0' ? '~' : '/';
    }
    return text;
}

}  // namespace

std::optional<JsonPath> JsonPath::parse(std::string_view text) {
    JsonPath path;
    path.text_ = text;
    if (text.empty()) {
        return path;
    }
    const bool is_pointer = text.starts_with('/');
    for (const std::string_view part : is_pointer ? split(text.substr(1), '/') : split(text, '.')) {
        const auto step = is_pointer ? unescaped(part) : std::optional<std::string>(part);
        if (!step || step->empty()) {
            return std::nullopt;
        }
        path.steps_.push_back(*step);
    }
    return path;
}

bool JsonPath::matches(const std::vector<std::string>& steps) const noexcept {
    return std::equal(steps_.begin(), steps_.end(), steps.begin(), steps.end(), matches_step);
}

bool JsonPath::matches_inside(const std::vector<std::string>& steps) const noexcept {
    return steps.size() == steps_.size() + 1 &&
           std::equal(steps_.begin(), steps_.end(), steps.begin(), matches_step);
}

}  // namespace isinfetch
