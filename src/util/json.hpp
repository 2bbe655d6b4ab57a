// Writing JSON as a stream. Home of nlohmann-json, which does the escaping.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch {

/// `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string json_quote(std::string_view text);

/// {"a":"1","b":"2"} from pairs, keys sorted, empty values left out; "" when none is left.
std::string json_object(std::vector<std::pair<std::string_view, std::string_view>> pairs);

/// The same, in the memory that `object` has.
void json_object(std::vector<std::pair<std::string_view, std::string_view>> pairs,
                 std::string& object);

/// The pairs of a flat object of strings, as json_object() wrote it; "" gives none.
/// Throws Error{data} for anything else.
std::vector<std::pair<std::string, std::string>> json_pairs(std::string_view object);

/// The elements of an array of strings; "" gives none. Throws Error{data} for anything else.
std::vector<std::string> json_strings(std::string_view array);

/// The array that json_strings() reads back.
std::string json_array(const std::vector<std::string>& texts);

/// Writes one document piece by piece; commas are its business. The stream must outlive it.
class JsonWriter {
public:
    explicit JsonWriter(std::ostream& out) : out_(out) {}

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    JsonWriter& text(std::string_view value);
    JsonWriter& number(std::int64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    JsonWriter& raw(std::string_view json);  ///< a finished piece of JSON

    /// key() and a value; an empty text becomes null.
    JsonWriter& field(std::string_view name, std::string_view value);
    JsonWriter& field(std::string_view name, std::int64_t value);
    JsonWriter& flag(std::string_view name, bool value);

private:
    void separate();

    std::ostream& out_;
    std::vector<bool> has_element_{};
    bool after_key_ = false;
};

}  // namespace isinfetch
