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

// Keys whose values are secrets as a whole.
constexpr std::array<std::string_view, 1> kSecretKeys{"store_password"};

bool is_secret(const std::string& key) {
    return std::find(kSecretKeys.begin(), kSecretKeys.end(), key) != kSecretKeys.end();
}

/// What a connection string of PostgreSQL or the query of a URL may hold: "host=db password=abc",
/// "password = 'a b'".
std::string without_password(const std::string& text) {
    const std::string_view word = "password";
    const std::size_t begin = text.find(word);
    const std::size_t equals = text.find_first_not_of(' ', begin + word.size());
    if (begin == std::string::npos || equals == std::string::npos || text[equals] != '=') {
        return text;
    }
    const std::size_t value = text.find_first_not_of(' ', equals + 1);
    if (value == std::string::npos) {
        return text;
    }
    // A quoted one may hold blanks, and quotes behind backslashes: nothing after it is shown.
    const std::size_t end = text[value] == '\'' ? text.size() : text.find_first_of(" &", value);
    const std::string rest = end >= text.size() ? "" : without_password(text.substr(end));
    return text.substr(0, value) + "***" + rest;
}

bool is_credential(const Value& value) {
    return value.origin.find("isinfetch.credentials") != std::string::npos;
}

void hide(Value& value);

void hide_members(Value& mapping, bool headers) {
    for (auto& [key, member] : mapping.members) {
        if (headers ? !is_harmless(key) : is_secret(key)) {
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
        value.text = is_credential(value)
                         ? "***"
                         : without_password(url ? redacted(value.text) : value.text);
    }
    for (Value& item : value.items) {
        hide(item);
    }
    hide_members(value, false);
}

/// "/etc/isinfetch/isinfetch.yaml:12" without the line.
std::string file_of(const std::string& origin) {
    return origin.substr(0, origin.rfind(':'));
}

/// Not an environment, an option, a default, or the catalogue that is built in.
bool is_of_file(const Value& value) {
    constexpr std::array<std::string_view, 4> kOthers{
        "environment ", "--", "default", "catalogue/"};
    return !value.origin.empty() &&
           std::none_of(kOthers.begin(), kOthers.end(), [&](std::string_view other) {
               return value.origin.starts_with(other);
           });
}

void collect_hidden(const Value& tree, const Value& shown, std::set<std::string>& files) {
    if (tree.kind == Value::Kind::scalar && tree.text != shown.text && !is_credential(tree) &&
        is_of_file(tree)) {
        files.insert(file_of(tree.origin));
    }
    for (std::size_t index = 0; index < tree.items.size(); ++index) {
        collect_hidden(tree.items[index], shown.items[index], files);
    }
    for (std::size_t index = 0; index < tree.members.size(); ++index) {
        collect_hidden(tree.members[index].second, shown.members[index].second, files);
    }
}

}  // namespace

std::set<std::string> files_with_secrets(const Value& tree) {
    std::set<std::string> files;
    collect_hidden(tree, without_secrets(tree), files);
    return files;
}

Value without_secrets(Value tree) {
    hide(tree);
    return tree;
}

}  // namespace isinfetch
