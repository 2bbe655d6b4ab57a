#include "config/redact.hpp"

#include "fetch/download.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

// Any other header may carry a token: publishers name theirs as they like.
constexpr std::array<std::string_view, 6> kHarmlessHeaders{
    "accept", "accept-encoding", "accept-language", "origin", "referer", "user-agent"};

bool is_harmless(const std::string& header) {
    const std::string name = lower(header);
    return std::find(kHarmlessHeaders.begin(), kHarmlessHeaders.end(), name) !=
           kHarmlessHeaders.end();
}

bool is_credential(const Value& value) {
    return value.origin.find("isinfetch.credentials") != std::string::npos;
}

void hide(Value& value);

void hide_members(Value& mapping, bool headers) {
    for (auto& [key, member] : mapping.members) {
        if (headers && !is_harmless(key)) {
            member.text = "***";
        } else if (key == "headers") {
            hide_members(member, true);
        } else {
            hide(member);
        }
    }
}

void hide(Value& value) {
    if (value.kind == Value::Kind::scalar) {
        const bool url = value.text.find("://") != std::string::npos;
        value.text = is_credential(value) ? "***" : url ? redacted(value.text) : value.text;
    }
    for (Value& item : value.items) {
        hide(item);
    }
    hide_members(value, false);
}

}  // namespace

Value without_secrets(Value tree) {
    hide(tree);
    return tree;
}

}  // namespace isinfetch
