#include "util/json_value.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace isinfetch {

namespace {

const nlohmann::json* json_of(const std::shared_ptr<const void>& value) noexcept {
    return static_cast<const nlohmann::json*>(value.get());
}

}  // namespace

std::optional<JsonValue> JsonValue::parse(std::string_view text) {
    auto value = nlohmann::json::parse(text, nullptr, false);
    if (value.is_discarded()) {
        return std::nullopt;
    }
    return JsonValue(std::make_shared<const nlohmann::json>(std::move(value)));
}

bool JsonValue::is_null() const noexcept {
    return value_ == nullptr || json_of(value_)->is_null();
}

bool JsonValue::is_array() const noexcept {
    return value_ != nullptr && json_of(value_)->is_array();
}

JsonValue JsonValue::at(std::string_view key) const {
    if (value_ == nullptr || !json_of(value_)->is_object()) {
        return JsonValue(nullptr);
    }
    const auto found = json_of(value_)->find(key);
    const bool there = found != json_of(value_)->end();
    return JsonValue(there ? std::shared_ptr<const void>(value_, &*found) : nullptr);
}

std::vector<JsonValue> JsonValue::elements() const {
    std::vector<JsonValue> all;
    if (is_array()) {
        for (const auto& element : *json_of(value_)) {
            all.push_back(JsonValue(std::shared_ptr<const void>(value_, &element)));
        }
    }
    return all;
}

std::string JsonValue::text() const {
    const bool is_text = value_ != nullptr && json_of(value_)->is_string();
    return is_text ? json_of(value_)->get<std::string>() : std::string();
}

std::optional<std::int64_t> JsonValue::integer() const {
    if (value_ == nullptr || !json_of(value_)->is_number_integer()) {
        return std::nullopt;
    }
    return json_of(value_)->get<std::int64_t>();
}

}  // namespace isinfetch
