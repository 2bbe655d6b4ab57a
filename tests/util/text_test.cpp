#include "util/text.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using namespace std::string_literals;

TEST_CASE("trim takes ASCII blanks off both ends and nothing else", "[text]") {
    CHECK(trim("  a b\t\r\n") == "a b");
    CHECK(trim(" \t\r\n\v\f").empty());
    CHECK(trim("\xC2\xA0x") == "\xC2\xA0x");
}

TEST_CASE("lower and upper change ASCII letters only", "[text]") {
    CHECK(lower("AbZ-1Ä") == "abz-1Ä");
    CHECK(upper("abZ-1ß") == "ABZ-1ß");
}

TEST_CASE("counted things are one or several", "[text]") {
    CHECK(counted(0, "list") == "0 lists");
    CHECK(counted(1, "list") == "1 list");
    CHECK(counted(2, "unfinished download") == "2 unfinished downloads");
}

TEST_CASE("column names are equal however they are spaced and cased", "[text]") {
    for (const char* spelling :
         {" ISIN NUMBER", "ISIN_NUMBER", "ISINNumber", "isin-number", "\"ISIN Number*\""}) {
        CAPTURE(spelling);
        CHECK(plain_name(spelling) == "isinnumber");
    }
    CHECK(plain_name("Код ISIN") == "Кодisin");
    CHECK(plain_name("\uFEFFISIN\u00A0NUMBER\u3000") == "isinnumber");
    CHECK(plain_name("a\xFF\xC3") == "a\xFF\xC3");
}

TEST_CASE("what nobody can see is taken off both ends", "[text]") {
    CHECK(trim_unseen("\uFEFF \u00A0x\u00A0y\u3000\t") == "x\u00A0y");
    CHECK(trim_unseen("\u00A0 \u200B").empty());
    CHECK(trim_unseen("é") == "é");
    CHECK(trim_unseen("\xA0x\xA0") == "\xA0x\xA0");
    CHECK(trim_unseen("").empty());
}

TEST_CASE("split keeps empty parts", "[text]") {
    CHECK(split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
}

TEST_CASE("the nearest word is suggested only when it is near", "[text]") {
    const std::vector<std::string> words{"enabled", "every", "url", "guards"};
    CHECK(closest("enabeld", words) == "enabled");
    CHECK(closest("evrey", words) == "every");
    CHECK(closest("URL", words) == "url");
    CHECK_FALSE(closest("headers", words));
    CHECK_FALSE(closest("x", {}));
}

TEST_CASE("foreign text is made safe for one line of a message", "[text]") {
    CHECK(printable("a\nb\0c"s) == "a\\x0Ab\\x00c");
    CHECK(printable("\xFFz") == "\\xFFz");
    CHECK(printable("Börse") == "Börse");
    CHECK(printable("\x1b[31m") == "\\x1B[31m");
    CHECK(printable("a\xE2\x80\x8B-\xC2\x9B") == "a\\u200B-\\u009B");
    CHECK(printable("abcdef", 3) == "abc…");
    CHECK(printable("abc", 3) == "abc");
}

TEST_CASE("foreign text is shown on one line, and no terminal obeys it", "[text]") {
    CHECK(one_line("Nes\r\ntl\xC3\xA9") == "Nes\\x0D\\x0Atl\xC3\xA9");
    CHECK(one_line("\x1b[31mBAE\x07 is eight and more") == "\\x1B[31mBAE\\x07 is eight and more");
    CHECK(one_line("a\tb\x7F") == "a\\x09b\\x7F");
    CHECK(one_line("\xC2\x9B"
                   "31m") == "\\u009B31m");
    CHECK(one_line("a\xE2\x80\xAE"
                   "b") == "a\\u202Eb");
    CHECK(one_line("\xE9t\xE9") == "\\xE9t\\xE9");
    CHECK(one_line("no\xC2\xA0"
                   "break \xE3\x80\x80 wide") ==
          "no\xC2\xA0"
          "break \xE3\x80\x80 wide");
    const std::string large(10'000, 'x');
    CHECK(one_line(large) == large);
}

TEST_CASE("control characters are found wherever they stand", "[text]") {
    for (const char* text :
         {"\x01", "1234567\x1F", "12345678\x7F", "\xC2\x85", "é\xC2\x9F", "12345678\n"}) {
        CAPTURE(text);
        CHECK(has_control(text));
        CHECK(has_control(std::string("x") + text + "y"));
    }
    for (const char* text :
         {"", "plain text of some length", "Börse ~ !", "\xC2\xA0", "\xFF\x9F"}) {
        CAPTURE(text);
        CHECK_FALSE(has_control(text));
    }
}

TEST_CASE("UTF-8 is judged by RFC 3629", "[text]") {
    struct Case {
        std::string text;
        bool expected;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {"plain", true, "ASCII"},
        {"Ä€𝄞", true, "two, three and four bytes"},
        {"\xC0\xAF", false, "overlong, two bytes"},
        {"\xE0\x80\xAF", false, "overlong, three bytes"},
        {"\xF0\x80\x80\xAF", false, "overlong, four bytes"},
        {"\xED\xA0\x80", false, "surrogate"},
        {"\xF4\x90\x80\x80", false, "beyond U+10FFFF"},
        {"\xE2\x82", false, "cut"},
        {"\x80", false, "a continuation alone"},
        {"\x96", false, "an en dash of windows-1252"},
    }));
    CAPTURE(row.why);
    CHECK(is_utf8(row.text) == row.expected);
}

TEST_CASE("case and blanks are looks, everything else is content", "[text]") {
    CHECK(same_but_for_looks("ABB  India Ltd ", "abb india\tLTD"));
    CHECK_FALSE(same_but_for_looks("ABB India", "ABBIndia"));
    CHECK_FALSE(same_but_for_looks("ABB", "ABC"));
    CHECK(same_but_for_looks("", "  "));
}

TEST_CASE("a UTF-8 character that is cut at the end is measured", "[text]") {
    CHECK(unfinished_utf8("") == 0);
    CHECK(unfinished_utf8("abc") == 0);
    CHECK(unfinished_utf8("b\xC3\xB6") == 0);
    CHECK(unfinished_utf8("b\xC3") == 1);
    CHECK(unfinished_utf8("\xE2\x82") == 2);
    CHECK(unfinished_utf8("\xE2\x82\xAC") == 0);
    CHECK(unfinished_utf8("\xF0\x9F") == 2);
    CHECK(unfinished_utf8("\xF0\x9F\x98") == 3);
    CHECK(unfinished_utf8("\xE0\x80") == 0);      // overlong
    CHECK(unfinished_utf8("\xC0") == 0);          // never a first byte
    CHECK(unfinished_utf8("\x80\x80\x80") == 0);  // nothing but continuations
    CHECK(unfinished_utf8("\xF0\x9F\xC3") == 1);
}
