#include "core/currency.hpp"
#include "core/figi.hpp"
#include "core/fisn.hpp"
#include "core/mic.hpp"
#include "core/upi.hpp"
#include "support/catch.hpp"

#include <string>

using namespace isinfetch;

namespace {

struct Case {
    const char* text;
    Inspection expected;
    const char* why;
};

}  // namespace

TEST_CASE("a MIC has four capital letters or digits", "[mic]") {
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"XETR",  {}, "Xetra"},
        {"360T",  {}, "begins with a digit"},
        {"XET",   {Defect::length, 3}, "one short"},
        {"XETRA", {Defect::length, 5}, "one more"},
        {"XeTR",  {Defect::character, 1}, "a small letter"},
        {"X-TR",  {Defect::character, 1}, "a sign"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(inspect_mic(row.text) == row.expected);
}

TEST_CASE("a FISN has an issuer, a slash and a description", "[fisn]") {
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"ISHARES III/CORE MSCI WLD", {}, "a real one"},
        {"RCB/7.18802 COS BD 20180320", {}, "a short issuer leaves its room to the description"},
        {"ErsteGroupBank/PKO Vosslo 59,1881 U", {}, "35 characters, small letters, a comma"},
        {"ErsteGroupBank/CKO Klöckn 9,5345 U", {}, "ISO 8859-1 has ö"},
        {"DeutscheBank   /DeutscheBank 25/10/", {}, "an issuer filled up to 15, more slashes"},
        {"A/B", {}, "the shortest"},
        {"ErsteGroupBank/PKO Vosslo 59,1881 UN", {Defect::length, 35}, "36 characters"},
        {"COMMERZBANK TUBULL DAX", {Defect::prefix, 15}, "no slash"},
        {"SCHW.EIDGEN   17/09.11.17", {Defect::prefix, 15}, "an issuer of sixteen"},
        {"unknown", {Defect::prefix, 7}, "a word instead"},
        {"/PAG 20171026", {Defect::length, 0}, "no issuer"},
        {"Fish Pool/", {Defect::length, 10}, "no description"},
        {"", {Defect::length, 0}, "nothing"},
        {"A\tB/C", {Defect::character, 1}, "a tab"},
        {"\xD0\x90/BD", {Defect::character, 0}, "Cyrillic is not of ISO 8859-1"},
        {"A/B\xC3", {Defect::character, 3}, "half a character"},
        {"A/B\xC2\x80", {Defect::character, 3}, "a control character of ISO 8859-1"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(inspect_fisn(row.text) == row.expected);
}

TEST_CASE("a FIGI names its provider and has a check digit", "[figi]") {
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"BBG000BLNQ16",  {}, "IBM, the example of the standard"},
        {"BBG000B9XRY4",  {}, "Apple"},
        {"BBG000BLNQ15",  {Defect::check_digit, 11, '6'}, "one less"},
        {"BBG000BLNA16",  {Defect::character, 9}, "a vowel"},
        {"BBX000BLNQ16",  {Defect::character, 2}, "no G in the third place"},
        {"ABG000BLNQ16",  {Defect::character, 0}, "a vowel names no provider"},
        {"B1G000BLNQ16",  {Defect::character, 1}, "nor does a digit"},
        {"BBG000BLNQ1X",  {Defect::character, 11}, "the check digit is a digit"},
        {"GBG000BLNQ16",  {Defect::unknown_prefix, 0}, "British ISINs begin so"},
        {"KYG217651051",  {Defect::unknown_prefix, 0}, "an ISIN of the Cayman Islands"},
        {"BBG000BLNQ1",   {Defect::length, 11}, "one short"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(inspect_figi(row.text) == row.expected);
    CHECK(figi_check_digit("BBG000BLNQ1") == '6');
    CHECK_FALSE(figi_check_digit("BBG000BLNQ16"));
}

TEST_CASE("a UPI begins with QZ and has a check character", "[upi]") {
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"QZXKR05S3DL1", {}, "also passes the check of an ISIN"},
        {"QZXKR05S3DL2", {Defect::check_digit, 11, '1'}, "one more"},
        {"QZXKR05S3DLY", {Defect::character, 11}, "Y is not in the alphabet"},
        {"QZAKR05S3DL1", {Defect::character, 2}, "nor are vowels"},
        {"QXXKR05S3DL1", {Defect::unknown_prefix, 0}, "not QZ"},
        {"QZXKR05S3DL",  {Defect::length, 11}, "one short"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(inspect_upi(row.text) == row.expected);
    CHECK(upi_check_character("QZXKR05S3DL") == '1');
    CHECK_FALSE(upi_check_character("QZXKR05S3DL1"));
    CHECK_FALSE(upi_check_character("QZXKR05S3DA"));
}

TEST_CASE("some strings look like another identifier than an ISIN", "[figi]") {
    CHECK(looks_like_figi("BBG000BLNQ16"));
    CHECK(looks_like_figi("BBG000BLNQ10"));
    CHECK(looks_like_figi("KKG000000008"));
    CHECK_FALSE(looks_like_figi("BBG000BLNA16"));
    CHECK_FALSE(looks_like_figi("BB0000000000"));
    CHECK_FALSE(looks_like_figi("GBG000BLNQ16"));
    CHECK(looks_like_upi("QZXKR05S3DL1"));
    CHECK(looks_like_upi("QZXKR05S3DLX"));
    CHECK_FALSE(looks_like_upi("QZXKR05S3DLA"));
    CHECK_FALSE(looks_like_upi("QSXKR05S3DL1"));
}

TEST_CASE("a currency is a code, in force or not, or a word of the markets", "[currency]") {
    struct CurrencyCase {
        const char* code;
        CurrencyClass category;
        const char* base;
        unsigned divisor;
        const char* source;
    };
    // clang-format off
    const auto row = GENERATE(values<CurrencyCase>({
        {"EUR", CurrencyClass::current,  "",    1,    "list one"},
        {"XCG", CurrencyClass::current,  "",    1,    "amendment 176, in force 2025-03-31"},
        {"XXX", CurrencyClass::fund,     "",    1,    "no currency: in FIRDS"},
        {"XAU", CurrencyClass::fund,     "",    1,    "gold"},
        {"DEM", CurrencyClass::historic, "EUR", 1,    "in FIRDS as late as 2026"},
        {"HRK", CurrencyClass::historic, "EUR", 1,    "the euro since 2023"},
        {"BGN", CurrencyClass::historic, "EUR", 1,    "the euro since 2026"},
        {"SUR", CurrencyClass::historic, "RUB", 1,    "the rouble in data of Moscow Exchange"},
        {"GBX", CurrencyClass::market,   "GBP", 100,  "London Stock Exchange"},
        {"GBp", CurrencyClass::market,   "GBP", 100,  "Bloomberg"},
        {"ILA", CurrencyClass::market,   "ILS", 100,  "Tel Aviv Stock Exchange"},
        {"ZAc", CurrencyClass::market,   "ZAR", 100,  "Bloomberg"},
        {"KWF", CurrencyClass::market,   "KWD", 1000, "a dinar has a thousand fils"},
        {"RMB", CurrencyClass::market,   "CNY", 1,    "Hong Kong Exchanges"},
        {"PCT", CurrencyClass::market,   "",    1,    "SPB Exchange, bonds in per cent"},
    }));
    // clang-format on
    CAPTURE(row.code, row.source);
    CHECK(inspect_currency(row.code).good());
    const Currency* currency = find_currency(row.code);
    REQUIRE(currency != nullptr);
    CHECK(currency->category == row.category);
    CHECK(currency->base == row.base);
    CHECK(currency->divisor == row.divisor);
    CHECK_FALSE(currency->meaning.empty());
}

TEST_CASE("what is no currency is said to be none", "[currency]") {
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"EUX",  {Defect::unknown, 0}, "no such code"},
        {"eur",  {Defect::character, 0}, "not upper-cased for you"},
        {"EUr",  {Defect::character, 2}, "a small letter that no market writes"},
        {"E€",   {Defect::length, 4}, "bytes are counted"},
        {"R$",   {Defect::length, 2}, "a sign"},
        {"",     {Defect::length, 0}, "nothing"},
        {"E1R",  {Defect::character, 1}, "a digit"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(inspect_currency(row.text) == row.expected);
    CHECK(find_currency(row.text) == nullptr);
}
