#include "config/redact.hpp"

#include "config/catalogue.hpp"
#include "support/catch.hpp"
#include "util/secret.hpp"
#include "util/text.hpp"

#include <string>

using namespace isinfetch;

namespace {

/// The scalar at sources.x.<key>, after hiding.
std::string shown(const std::string& entry, const std::string& section, const std::string& key) {
    const Value tree =
        without_secrets(parse_yaml("sources: {x: {" + entry + "}}\n", "isinfetch.yaml"));
    const Value* place = tree.find("sources")->find("x");
    return (section.empty() ? place : place->find(section))->find(key)->text;
}

}  // namespace

TEST_CASE("what is shown of a configuration holds no secret", "[config]") {
    struct Row {
        std::string entry, section, key, expected;
    };
    const auto row = GENERATE(values<Row>({
        {"headers: {Authorization: Bearer abc}", "headers", "Authorization", "***"},
        {"headers: {X-Api-Key: abc}", "headers", "X-Api-Key", "***"},
        {"headers: {Cookie: a=b}", "headers", "Cookie", "***"},
        {"headers: {REFERER: 'https://a.example/'}", "headers", "REFERER", "https://a.example/"},
        {"headers: {Accept-Language: en}", "headers", "Accept-Language", "en"},
        {"proxy: 'http://user:secret@proxy:3128'", "", "proxy", "http://***@proxy:3128"},
        {"title: Equities available", "", "title", "Equities available"},
        {"terms: ask data@publisher.example", "", "terms", "ask data@publisher.example"},
        {"every: 20h", "", "every", "20h"},
        {"store_password: abc", "", "store_password", "***"},
        {"post: 'user=a'", "", "post", "***"},
        {"proxy: 'user:secret@proxy:3128'", "", "proxy", "***@proxy:3128"},
        {"store: 'postgresql://u:abc@db/x'", "", "store", "postgresql://***@db/x"},
        {"store: 'postgresql://db/x?password=abc&sslmode=require'",
         "",
         "store",
         "postgresql://db/x?password=***&sslmode=require"},
        {"store: 'host=db password=abc dbname=x'", "", "store", "host=db password=*** dbname=x"},
        {"store: 'host=db password = abc'", "", "store", "host=db password = ***"},
        {"store: \"password='a b' host=db\"", "", "store", "password=***"},
        {"store: 'service=x'", "", "store", "service=x"},
        {"title: one password", "", "title", "one password"},
    }));
    INFO(row.entry);
    CHECK(shown(row.entry, row.section, row.key) == row.expected);
}

TEST_CASE("nothing of a credential is shown", "[config]") {
    const Value tree = without_secrets(
        parse_yaml("network: {proxy: 'http://proxy:3128'}\nsources: {x: {headers: {Referer: a}}}\n",
                   "/run/credentials/isinfetch.service/isinfetch.credentials"));
    CHECK(tree.find("network")->find("proxy")->text == "***");
    CHECK(tree.find("sources")->find("x")->find("headers")->find("Referer")->text == "***");
}

TEST_CASE("a file that holds a secret is known", "[config]") {
    struct Row {
        std::string text;
        bool expected;
    };
    const auto row = GENERATE(values<Row>({
        {"sources: {x: {headers: {Authorization: Bearer a}}}\n", true},
        {"sources: {x: {headers: {Accept: a}}}\n", false},
        {"sources: {x: {headers: {Referer: 'https://h/?token=abc'}}}\n", true},
        {"sources: {x: {url: 'https://h/list?api_key=abc'}}\n", true},
        {"sources: {x: {url: 'https://h/list?page=1'}}\n", false},
        {"sources: {x: {post: 'user=a&pin=1'}}\n", true},
        {"store_password: a\n", true},
        {"store: host=db password=abc\n", true},
        {"store: host=db dbname=x\n", false},
        {"network: {proxy: 'u:abc@proxy:3128'}\n", true},
        {"network: {proxy: 'proxy:3128'}\n", false},
        {"jobs: 3\n#  headers:\n#    X-Key: abc\n", true},
        {"jobs: 3\n# url: https://u:abc@h/\n", true},
        {"jobs: 3 # not more: the publisher minds\n", false},
        {"# see https://h/ for more\njobs: 3\n", false},
    }));
    INFO(row.text);
    CHECK(holds_secrets(row.text, "own.yaml") == row.expected);
}

namespace {

/// `text` with what is remembered of a configuration taken out.
std::string hidden(const std::string& text) {
    std::string result = hide_secrets(text);
    forget_secrets();
    return result;
}

}  // namespace

TEST_CASE("secrets of a configuration are hidden wherever they are repeated", "[config][secret]") {
    struct Row {
        std::string yaml, text, expected;
    };
    const auto row = GENERATE(values<Row>({
        {"headers: {Authorization: Bearer token-123}", "echo: token-123", "echo: ***"},
        {"headers: {Cookie: 'id=0123456789; lang=en'}", "id 0123456789, en", "id ***, ***"},
        {"headers: {Accept: text/csv}", "text/csv", "text/csv"},
        {"headers: token-123", "token-123 is no mapping", "*** is no mapping"},
        {"proxy: 'htp://u:hunter2@p:1'",
         "Unsupported scheme in 'htp://u:hunter2@p:1'",
         "Unsupported scheme in 'htp://***@p:1'"},
        {"proxy: 'u:hunter2@p:1'", "u:hunter2@p", "***@p"},
        {"url: 'https://h/?apikey=a%2Fbcd'",
         "apikey=a/bcd, a%2Fbcd, a%2fbcd",
         "apikey=***, ***, ***"},
        {"url: 'https://0123456789abcdef@h/'", "user 0123456789abcdef", "user ***"},
        {"url: 'https://reader:hunter2@h/'", "reader: cmVhZGVyOmh1bnRlcjI=", "reader: ***"},
        {"post: 'user=a&password=hunter2'", "hunter2", "***"},
        {"post: '{\"user\": \"a\", \"apiKey\": \"hunter2\"}'", "a hunter2", "a ***"},
        {"store_password: hunter2", "hunter2", "***"},
        {"store_password: \"hunter2\\nsecond\"", "'hunter2\\x0Asecond' second", "'***' ***"},
        {"store: \"host=db password='a b'\"", "a b", "***"},
        {"store: 'postgresql://u:isin@db/isin'", "database isin", "database isin"},
        {"title: hunter2", "hunter2", "hunter2"},
    }));
    INFO(row.yaml);
    forget_secrets();
    remember_secrets(parse_yaml("sources: {x: {" + row.yaml + "}}\n", "a.yaml"));
    CHECK(hidden(row.text) == row.expected);
}

TEST_CASE("bodies that the catalogue has are public", "[config][secret]") {
    const auto shown = [](const std::string& body) {
        const Value tree = parse_yaml("sources: {x: {post: '" + body + "'}}\n", "own.yaml");
        return without_secrets(tree).find("sources")->find("x")->find("post")->text;
    };
    std::string known;
    for (const CatalogueFile& file : builtin_catalogue()) {
        for (const std::string_view line : split(file.text, '\n')) {
            const std::string_view text = trim(line);
            known = text.starts_with("post: bld=") ? text.substr(6) : known;
        }
    }
    REQUIRE_FALSE(known.empty());
    CHECK(shown(known) == known);
    CHECK(shown(known + "&x=1") == "***");
    CHECK(shown("page=1") == "***");
}

TEST_CASE("passwords in the environment are secrets", "[config][secret]") {
    forget_secrets();
    remember_secrets(
        {{"https_proxy", "http://u:hunter2@p"}, {"PGPASSWORD", "tiger77"}, {"HOME", "/x"}});
    CHECK(hidden("hunter2 tiger77 /x") == "*** *** /x");
}

TEST_CASE("what is wrong with YAML is said without its secrets", "[config][secret]") {
    struct Row {
        std::string yaml, text, expected;
    };
    const auto row = GENERATE(values<Row>({
        {"headers:\n  X-Key: token-123: x\n",
         "write X-Key: \"token-123: x\"",
         "write X-Key: \"***\""},
        {"headers:\n  X-Key: [token-123\n", "'token-123'", "'***'"},
        {"headers:\n  X-Key:\n  token-123\n", "'token-123' is no", "'***' is no"},
        {"url: https://u:hunter2@h: x\n", "hunter2", "***"},
        {"store_password: 'hunter2\n", "hunter2", "***"},
        {"headers:\n  X-Key: a\ntitle: hunter2\n", "hunter2", "hunter2"},
    }));
    INFO(row.yaml);
    forget_secrets();
    remember_secrets_of_broken(row.yaml);
    CHECK(hidden(row.text) == row.expected);
}
