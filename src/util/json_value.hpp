// Reading a whole JSON document that is small.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// A value somewhere in a document, which it keeps alive. What is asked for and not there is
/// nothing: an empty text, no elements, a value that is null.
class JsonValue {
public:
    JsonValue() = default;

    /// None when the text is no JSON.
    static std::optional<JsonValue> parse(std::string_view text);

    bool is_null() const noexcept;
    bool is_array() const noexcept;

    /// The member of an object.
    JsonValue at(std::string_view key) const;

    /// The elements of an array.
    std::vector<JsonValue> elements() const;

    /// A string; empty for everything else.
    std::string text() const;

    /// A whole number; none for everything else.
    std::optional<std::int64_t> integer() const;

private:
    explicit JsonValue(std::shared_ptr<const void> value) noexcept : value_(std::move(value)) {}

    std::shared_ptr<const void> value_;  // of the library's type; keeps the document alive
};

}  // namespace isinfetch
