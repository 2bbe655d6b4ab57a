#include "util/json.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace isinfetch {

std::string json_quote(std::string_view text) {
    return nlohmann::json(std::string(text))
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_object(std::vector<std::pair<std::string_view, std::string_view>> pairs) {
    std::sort(pairs.begin(), pairs.end());
    std::string object;
    for (const auto& [key, value] : pairs) {
        if (!value.empty()) {
            object += object.empty() ? '{' : ',';
            object += json_quote(key) + ":" + json_quote(value);
        }
    }
    return object.empty() ? object : object + "}";
}

std::vector<std::pair<std::string, std::string>> json_pairs(std::string_view object) {
    std::vector<std::pair<std::string, std::string>> pairs;
    if (object.empty()) {
        return pairs;
    }
    const auto parsed = nlohmann::json::parse(object, nullptr, false);
    if (!parsed.is_object()) {
        fail(ErrorKind::data, "'{}': not a JSON object", printable(object));
    }
    for (const auto& [key, value] : parsed.items()) {
        if (!value.is_string()) {
            fail(ErrorKind::data, "'{}': a value is not a text", printable(object));
        }
        pairs.emplace_back(key, value.get<std::string>());
    }
    return pairs;
}

std::vector<std::string> json_strings(std::string_view array) {
    std::vector<std::string> strings;
    if (array.empty()) {
        return strings;
    }
    const auto parsed = nlohmann::json::parse(array, nullptr, false);
    if (!parsed.is_array()) {
        fail(ErrorKind::data, "'{}': not a JSON array", printable(array));
    }
    for (const auto& element : parsed) {
        if (!element.is_string()) {
            fail(ErrorKind::data, "'{}': an element is not a text", printable(array));
        }
        strings.push_back(element.get<std::string>());
    }
    return strings;
}

void JsonWriter::separate() {
    if (!after_key_ && !has_element_.empty()) {
        if (has_element_.back()) {
            out_ << ',';
        }
        has_element_.back() = true;
    }
    after_key_ = false;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ << json;
    return *this;
}

JsonWriter& JsonWriter::begin_object() {
    raw("{");
    has_element_.push_back(false);
    return *this;
}

JsonWriter& JsonWriter::end_object() {
    has_element_.pop_back();
    out_ << '}';
    return *this;
}

JsonWriter& JsonWriter::begin_array() {
    raw("[");
    has_element_.push_back(false);
    return *this;
}

JsonWriter& JsonWriter::end_array() {
    has_element_.pop_back();
    out_ << ']';
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    raw(json_quote(name));
    out_ << ':';
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    return raw(json_quote(value));
}

JsonWriter& JsonWriter::number(std::int64_t value) {
    return raw(std::to_string(value));
}

JsonWriter& JsonWriter::boolean(bool value) {
    return raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::null() {
    return raw("null");
}

JsonWriter& JsonWriter::field(std::string_view name, std::string_view value) {
    key(name);
    return value.empty() ? null() : text(value);
}

JsonWriter& JsonWriter::field(std::string_view name, std::int64_t value) {
    return key(name).number(value);
}

JsonWriter& JsonWriter::flag(std::string_view name, bool value) {
    return key(name).boolean(value);
}

}  // namespace isinfetch
