#include "parse/html_links.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <string>

using namespace isinfetch;

TEST_CASE("links are found as a browser finds them", "[html_links]") {
    struct Case {
        const char* page;
        const char* links;
        const char* base;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"<a href='/x.csv'>list</a>",                             "/x.csv",    ""},
        {"<p><A HREF=x.csv>list</A><a href=\"y.csv\">",           "x.csv y.csv", ""},
        {"<a href='x?a=1&amp;b=2'>",                              "x?a=1&b=2", ""},
        {"<a href='x?a=1&b=2'>",                                  "x?a=1&b=2", ""},
        {"<a href='&#x2F;x'>",                                    "/x",        ""},
        {"<map><area href=x></map>",                              "x",         ""},
        {"<base href='/lists/'><base href='/other/'><a href=x>",  "x",         "/lists/"},
        {"<!-- <a href=x> --><script>'<a href=y>'</script>",      "",          ""},
        {"<a name=x>no link</a><a href=''>none</a>",              "",          ""},
        {"<template><a href=x></a></template>",                   "x",         ""},
        {"<table><tr><td><a href=x>",                             "x",         ""},
        {"ISIN\nUS0378331005\n",                                  "",          ""},
        {"{\"url\":\"https://a.org/x\"}",                         "",          ""},
        {"",                                                      "",          ""},
    }));
    // clang-format on
    CAPTURE(row.page);
    const PageLinks found = html_links(row.page);
    CHECK(join(found.links, " ") == row.links);
    CHECK(found.base == row.base);
}

TEST_CASE("a page may nest deeply, but not without end", "[html_links]") {
    std::string page;
    for (int i = 0; i < 20'000; ++i) {
        page += "<div>";
    }
    CHECK(html_links(page + "<a href=x>").links == std::vector<std::string>{"x"});
    CHECK_THROWS_AS(html_links(page + page + page), Error);
}

TEST_CASE("a page with bytes that are no text has links all the same", "[html_links]") {
    const std::string page{"<a href=x>\xFF\xFE</a>\0<a href=y>", 28};
    CHECK(html_links(page).links == std::vector<std::string>{"x", "y"});
}
