#include "util/json.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace isinfetch {

namespace {

using Word = std::uint64_t;  // eight characters

constexpr Word kOnes = 0x0101010101010101;
constexpr Word kHighBits = kOnes << 7U;

/// Not zero if a byte is.
constexpr Word zero_bytes(Word word) noexcept {
    return (word - kOnes) & ~word & kHighBits;
}

/// Not zero if a byte is no printable ASCII, a quote or a backslash.
constexpr Word special_bytes(Word word) noexcept {
    return (word & kHighBits) | ((word - kOnes * 0x20) & ~word & kHighBits) |
           zero_bytes(word ^ kOnes * 0x7F) | zero_bytes(word ^ kOnes * '"') |
           zero_bytes(word ^ kOnes * '\\');
}

Word word_at(const char* text) noexcept {
    Word word = 0;
    std::memcpy(&word, text, sizeof word);
    return word;
}

/// Is it a JSON string as it is? Eight characters at a time, the last ones perhaps twice: this is
/// done for most of what is stored.
bool is_plain(std::string_view text) noexcept {
    if (text.size() < sizeof(Word)) {
        return std::ranges::all_of(text, [](char character) {
            return character >= 0x20 && character < 0x7F && character != '"' && character != '\\';
        });
    }
    const char* const last = text.data() + text.size() - sizeof(Word);
    Word special = special_bytes(word_at(last));
    for (const char* at = text.data(); at < last; at += sizeof(Word)) {
        special |= special_bytes(word_at(at));
    }
    return special == 0;
}

void append_quoted(std::string_view text, std::string& json) {
    json += nlohmann::json(std::string(text))
                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

char* copy(std::string_view text, char* to) noexcept {
    return std::copy(text.begin(), text.end(), to);
}

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

/// Nearly all objects need no escapes: only the others are worth the library's time.
void write_plain(const Pairs& pairs, std::size_t size, std::string& object) {
    object.resize(size);
    char* to = object.data();
    char before = '{';
    for (const auto& [key, value] : pairs) {
        if (!value.empty()) {
            *to++ = std::exchange(before, ',');
            *to++ = '"';
            to = copy(R"(":")", copy(key, to));
            to = copy(value, to);
            *to++ = '"';
        }
    }
    *to = '}';
}

void write_escaped(const Pairs& pairs, std::string& object) {
    object.clear();
    for (const auto& [key, value] : pairs) {
        if (!value.empty()) {
            object += object.empty() ? '{' : ',';
            append_quoted(key, object);
            object += ':';
            append_quoted(value, object);
        }
    }
    object += '}';
}

}  // namespace

std::string json_quote(std::string_view text) {
    std::string json;
    if (is_plain(text)) {
        json.append(1, '"').append(text).append(1, '"');
    } else {
        append_quoted(text, json);
    }
    return json;
}

std::string json_object(std::vector<std::pair<std::string_view, std::string_view>> pairs) {
    std::string object;
    json_object(std::move(pairs), object);
    return object;
}

std::string json_array(const std::vector<std::string>& texts) {
    std::string array = "[";
    for (const std::string& text : texts) {
        array += array.size() == 1 ? "" : ",";
        array += json_quote(text);
    }
    return array + "]";
}

void json_object(std::vector<std::pair<std::string_view, std::string_view>> pairs,
                 std::string& object) {
    if (!std::ranges::is_sorted(pairs)) {
        std::ranges::sort(pairs);
    }
    std::size_t size = 0;
    bool are_plain = true;
    for (const auto& [key, value] : pairs) {
        size +=
            value.empty() ? 0 : key.size() + value.size() + std::string_view(R"(,"":"")").size();
        are_plain = are_plain && is_plain(key) && is_plain(value);
    }
    if (size == 0) {
        object.clear();
    } else if (are_plain) {
        write_plain(pairs, size + 1, object);
    } else {
        write_escaped(pairs, object);
    }
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
