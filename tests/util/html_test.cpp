#include "util/html.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

struct HtmlCase {
    const char* text;
    bool is_html;
    const char* title;
};

}  // namespace

TEST_CASE("a web page is told from a list by how it begins", "[html]") {
    // clang-format off
    const auto row = GENERATE(values<HtmlCase>({
        {"<!DOCTYPE html><html><head><title>Log in</title>", true, "Log in"},
        {"<!doctype HTML PUBLIC \"-//W3C//DTD\">",           true, ""},
        {"\xEF\xBB\xBF \r\n<HTML lang=en>",                  true, ""},
        {"<!-- hello --> <!-- again -->\n<html>",            true, ""},
        {"<?xml version=\"1.0\"?>\n<html xmlns='x'>",        true, ""},
        {"<head>\n<title id=x>\n Maintenance \n</title>",    true, "Maintenance"},
        {"<body>",                                           true, ""},
        {"<script src=x>",                                   true, ""},
        {"<title>Just a moment...</title>",                  true, "Just a moment..."},
        {"<html><title>cut off",                             true, "cut off"},
        {"<html><title",                                     true, ""},
        {"<html",                                            true, ""},
        {"<header>US0378331005</header>",                    false, ""},
        {"<?xml version=\"1.0\"?><list/>",                   false, ""},
        {"<!-- no end <html>",                               false, ""},
        {"ISIN;<html>",                                      false, ""},
        {"ISIN,NAME\nUS0378331005,APPLE",                    false, ""},
        {"PK\x03\x04",                                       false, ""},
        {"",                                                 false, ""},
    }));
    // clang-format on
    CAPTURE(row.text);
    const auto title = html_title(row.text);
    CHECK(title.has_value() == row.is_html);
    CHECK(title.value_or("") == row.title);
}

TEST_CASE("the title of a web page is fit for one line", "[html]") {
    CHECK(html_title("<title>a\nb\x1B[0m</title>") == "a\\x0Ab\\x1B[0m");
}
