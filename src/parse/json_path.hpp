// Where in a JSON document something is, as the configuration writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Names of members and places of elements, counting from 0, from the outside in; "*" stands for
/// any of either.
class JsonPath {
public:
    /// "data.rows", "*.content.0.value", or a JSON Pointer (RFC 6901) for names with dots:
    /// "/data/our.rows"; "" is the whole document. None when it has an empty part, or a "~" that is
    /// no escape.
    static std::optional<JsonPath> parse(std::string_view text);

    /// Is this the way to what is meant? `steps` as JsonPath has them, without "*".
    bool matches(const std::vector<std::string>& steps) const noexcept;

    /// Is it the way to an element or a member of what is meant?
    bool matches_inside(const std::vector<std::string>& steps) const noexcept;

    const std::string& text() const noexcept { return text_; }

private:
    std::string text_{};
    std::vector<std::string> steps_{};
};

}  // namespace isinfetch
