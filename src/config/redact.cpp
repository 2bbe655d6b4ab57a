#include "config/redact.hpp"

#include "config/catalogue.hpp"
#include "fetch/download.hpp"
#include "fetch/url.hpp"
#include "util/secret.hpp"
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

bool is_public(const Value& value) {
    return value.origin == "default" || value.origin.starts_with("catalogue/");
}

/// A body that the catalogue has is known to everybody, whoever writes it again.
bool is_of_catalogue(const std::string& body) {
    return std::ranges::any_of(builtin_catalogue(), [&](const CatalogueFile& file) {
        return std::string_view(file.text).find(body) != std::string_view::npos;
    });
}

bool is_credential(const Value& value) {
    return value.origin.find("isinfetch.credentials") != std::string::npos;
}

/// What is shown of a text, and which secrets are in it.
struct Shown {
    std::string text{};
    std::vector<std::string> secrets{};
};

/// What a connection string of PostgreSQL or the query of a URL may hold: "host=db password=abc",
/// "password = 'a b'".
void hide_passwords(Shown& shown) {
    constexpr std::string_view kWord = "password";
    std::size_t begin = shown.text.find(kWord);
    while (begin != std::string::npos) {
        const std::string& text = shown.text;
        const std::size_t equals = text.find_first_not_of(' ', begin + kWord.size());
        if (equals == std::string::npos || text[equals] != '=') {
            return;
        }
        const std::size_t value = text.find_first_not_of(' ', equals + 1);
        if (value == std::string::npos) {
            return;
        }
        // A quoted one may hold blanks, and quotes behind backslashes: nothing after it is shown.
        const bool is_quoted = text[value] == '\'';
        const std::size_t end =
            is_quoted ? text.size() : std::min(text.find_first_of(" &", value), text.size());
        const std::string secret = text.substr(value, end - value);
        shown.secrets.push_back(secret);
        if (is_quoted) {
            shown.secrets.push_back(secret.substr(1, secret.find('\'', 1) - 1));
        }
        shown.text.replace(value, end - value, "***");
        begin = shown.text.find(kWord, value);
    }
}

/// Without the marks of YAML and JSON around it.
std::string bare(std::string_view text) {
    constexpr std::string_view kMarks = " \t\r'\"{}[],";
    const std::size_t begin = text.find_first_not_of(kMarks);
    return begin == std::string_view::npos
               ? ""
               : std::string(text.substr(begin, text.find_last_not_of(kMarks) + 1 - begin));
}

/// "Bearer abc" is secret as a whole, and "abc" wherever it is repeated (RFC 9110 §11.4); so are
/// the long words of a cookie.
Shown hide_header(const std::string& value) {
    constexpr std::size_t kLongWord = 8;
    Shown shown{"***", {value}};
    std::size_t begin = 0;
    while (begin < value.size()) {
        const std::size_t end = std::min(value.find_first_of(" ;,=", begin), value.size());
        std::string word = bare(value.substr(begin, end - begin));
        if (word.size() >= kLongWord || end == value.size()) {
            shown.secrets.push_back(std::move(word));
        }
        begin = end + 1;
    }
    return shown;
}

/// The values in a form's fields or in JSON whose keys look secret, and the whole of a body that is
/// not the catalogue's.
Shown hide_body(const std::string& body, bool is_known) {
    Shown shown{"***", {}};
    if (!is_known) {
        shown.secrets.push_back(body);
    }
    const std::string_view text = body;
    const bool is_json = text.find_first_of("{[") == text.find_first_not_of(" \t\r\n");
    for (const std::string_view pair : split(text, is_json ? ',' : '&')) {
        const std::size_t middle = pair.find(is_json ? ':' : '=');
        if (middle == std::string_view::npos || !looks_secret(pair.substr(0, middle))) {
            continue;
        }
        shown.secrets.push_back(bare(pair.substr(middle + 1)));
    }
    if (shown.secrets.empty()) {
        shown.text = body;
    }
    return shown;
}

/// Of a key that may have any value: a URL, a proxy without "http://", a store's location.
Shown hide_inside(const std::string& key, const std::string& text) {
    constexpr std::array<std::string_view, 4> kUrls{"url", "proxy", "checksum", "store"};
    const bool is_url = text.find("://") != std::string::npos ||
                        std::find(kUrls.begin(), kUrls.end(), key) != kUrls.end();
    if (!is_url) {
        return {text, {}};
    }
    Shown shown{redacted(text), secrets_in_url(text)};
    hide_passwords(shown);
    return shown;
}

Shown hide_scalar(const std::string& key, const Value& value, bool is_header) {
    const std::string& text = value.text;
    Shown shown = is_header          ? is_harmless(key) ? hide_inside(key, text) : hide_header(text)
                           : is_secret(key) ? Shown{"***", {text}}
                  : key == "headers" ? hide_header(text)  // a mistake, but a secret all the same
                  : key == "post"    ? hide_body(text, is_of_catalogue(text))
                                     : hide_inside(key, text);
    if (text.empty()) {
        return {text, {}};
    }
    if (is_credential(value)) {
        shown.text = "***";
    }
    return shown;
}

/// Calls visit(scalar, key, is_header) for every scalar of `tree`, which is const or not.
template <class Tree, class Visit>
void visit_scalars(Tree& tree, const std::string& key, bool is_header, const Visit& visit) {
    if (tree.kind == Value::Kind::scalar) {
        visit(tree, key, is_header);
    }
    for (auto& item : tree.items) {
        visit_scalars(item, key, is_header, visit);
    }
    for (auto& [name, member] : tree.members) {
        visit_scalars(member, name, is_header || key == "headers", visit);
    }
}

/// A password that is also the name of its database is in every example, and hides nothing.
void remember_all(const Shown& shown) {
    for (const std::string& secret : shown.secrets) {
        if (shown.text.find('/' + secret) == std::string::npos &&
            shown.text.find('=' + secret) == std::string::npos) {
            remember_secret(secret);
        }
    }
}

/// Calls found(shown) for each line of `yaml` read as "key: value", whether the whole is YAML or
/// not. What is said in remarks counts too where `in_remarks`.
template <class Found>
void scan_lines(const std::string& yaml, bool in_remarks, const Found& found) {
    std::size_t headers = std::string::npos;  // how far their key is indented
    for (const std::string_view line : split(yaml, '\n')) {
        const std::size_t indent = line.find_first_not_of(in_remarks ? " \t#" : " \t");
        if (indent == std::string_view::npos) {
            continue;
        }
        const std::string_view text = trim(line.substr(indent));
        const std::size_t colon = text.find(':');
        const std::string key(text.substr(0, colon));
        const bool is_header = headers != std::string::npos && indent > headers;
        headers = is_header ? headers : key == "headers" ? indent : std::string::npos;
        // A header's line without a colon goes on with the one above.
        const std::string_view value = colon != std::string_view::npos ? text.substr(colon + 1)
                                       : is_header                     ? text
                                                                       : std::string_view{};
        found(hide_scalar(key, {.text = bare(value)}, is_header));
    }
}

}  // namespace

bool holds_secrets(const std::string& yaml, const std::string& name) {
    bool found = false;
    const auto look = [&](const Shown& shown) { found = found || !shown.secrets.empty(); };
    const Value tree = parse_yaml(yaml, name);
    visit_scalars(tree, "", false, [&](const Value& value, const std::string& key, bool is_header) {
        look(hide_scalar(key, value, is_header));
    });
    std::string remarks;
    for (const std::string_view line : split(yaml, '\n')) {
        remarks += trim(line).starts_with('#') ? std::string(line) + '\n' : "";
    }
    scan_lines(remarks, true, look);
    return found;
}

Value without_secrets(Value tree) {
    visit_scalars(tree, "", false, [](Value& value, const std::string& key, bool is_header) {
        value.text = hide_scalar(key, value, is_header).text;
    });
    return tree;
}

void remember_secrets(const Value& tree) {
    visit_scalars(tree, "", false, [](const Value& value, const std::string& key, bool is_header) {
        if (!is_public(value)) {
            remember_all(hide_scalar(key, value, is_header));
        }
    });
}

void remember_secrets(const std::vector<std::pair<std::string, std::string>>& environment) {
    for (const auto& [name, value] : environment) {
        if (lower(name).ends_with("_proxy")) {
            remember_all({"", secrets_in_url(value)});
        } else if (name == "PGPASSWORD") {
            remember_secret(value);
        }
    }
}

void remember_secrets_of_broken(const std::string& yaml) {
    scan_lines(yaml, false, remember_all);
}

}  // namespace isinfetch
