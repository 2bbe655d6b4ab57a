#include "config/document.hpp"

#include <algorithm>

namespace isinfetch {

const Value* Value::find(std::string_view key) const noexcept {
    const auto found = std::find_if(
        members.begin(), members.end(), [&](const auto& member) { return member.first == key; });
    return found == members.end() ? nullptr : &found->second;
}

Value& Value::operator[](std::string_view key) {
    const auto found = std::find_if(
        members.begin(), members.end(), [&](const auto& member) { return member.first == key; });
    if (found != members.end()) {
        return found->second;
    }
    kind = Kind::mapping;
    text.clear();
    items.clear();
    return members.emplace_back(std::string(key), Value{}).second;
}

void overlay(Value& lower, const Value& upper) {
    if (upper.kind != Value::Kind::mapping || lower.kind != Value::Kind::mapping) {
        // A key without a value ("nse-equity:") changes nothing below it.
        const bool says_nothing = upper.kind == Value::Kind::scalar && upper.text.empty() &&
                                  lower.kind == Value::Kind::mapping;
        if (!says_nothing) {
            lower = upper;
        }
        return;
    }
    lower.origin = upper.origin;
    for (const auto& [key, member] : upper.members) {
        const bool known = lower.find(key) != nullptr;
        Value& target = lower[key];
        if (known) {
            overlay(target, member);
        } else {
            target = member;
        }
    }
}

}  // namespace isinfetch
