#include "config/redact.hpp"

#include "support/catch.hpp"

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

TEST_CASE("files with secrets are known by any name", "[config]") {
    const std::string text = "sources: {x: {headers: {Authorization: Bearer a}}}\n";
    CHECK(files_with_secrets(parse_yaml(text, "own.yaml")) == std::set<std::string>{"own.yaml"});
    CHECK(files_with_secrets(parse_yaml(text, "/etc/x.yaml")) ==
          std::set<std::string>{"/etc/x.yaml"});
    CHECK(files_with_secrets(parse_yaml("store_password: a\n", "environment X")).empty());
    CHECK(files_with_secrets(parse_yaml("sources: {x: {headers: {Accept: a}}}\n", "a")).empty());
}
