#include "core/cfi.hpp"

#include "support/catch.hpp"

#include <string>

using namespace isinfetch;

TEST_CASE("a CFI code leaves the list at one letter", "[cfi]") {
    struct Case {
        const char* text;
        Inspection expected;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"ESVUFR",  {}, "registered shares"},
        {"RFSTCB",  {}, "the most frequent code of FIRDS on 2017-10-27"},
        {"EYCYFI",  {}, "bonus certificate"},
        {"CEOGES",  {}, "exchange-traded fund"},
        {"OCASPS",  {}, "listed option"},
        {"FCHCSX",  {}, "future on electricity"},
        {"DYXXXR",  {}, "X where nothing is known"},
        {"RWXXXX",  {}, "no attribute known"},
        {"KYXXXX",  {}, "strategy on mixed assets"},
        {"LRCOXT",  {}, "repurchase agreement"},
        {"TIECPX",  {}, "index"},
        {"SRCCSP",  {}, "interest rate swap: P is of the editions of 2015 and 2019"},
        {"SRCCSD",  {}, "the same in 2021"},
        {"JFTXFN",  {}, "forward that is not delivered"},
        {"HFTAVP",  {}, "currency option before 2021"},
        {"HFTJVP",  {}, "and since"},
        {"ESVUFA",  {}, "depositary receipt of 2001, in lists of Saint Petersburg"},
        {"ZSVUFR",  {Defect::unknown, 0}, "no such category"},
        {"XXXXXX",  {Defect::unknown, 0}, "X is no category"},
        {"EXVUFR",  {Defect::unknown, 1}, "X is no group"},
        {"EAVUFR",  {Defect::unknown, 1}, "no such group"},
        {"ESQUFR",  {Defect::unknown, 2}, "no such vote"},
        {"ESVQFR",  {Defect::unknown, 3}, "no such restriction"},
        {"ESVUQR",  {Defect::unknown, 4}, "no such payment"},
        {"ESVUFQ",  {Defect::unknown, 5}, "no such form"},
        {"DYFUFB",  {Defect::unknown, 4}, "money market instruments have no third attribute"},
        {"CEOGEQ",  {Defect::unknown, 5}, "not for exchange-traded funds"},
        {"ESVUF1",  {Defect::character, 5}, "a digit"},
        {"esvufr",  {Defect::character, 0}, "not upper-cased for you"},
        {"ESVUF",   {Defect::length, 5}, "one short"},
        {"ES",      {Defect::length, 2}, "the group only"},
        {"",        {Defect::length, 0}, "nothing"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(inspect_cfi(row.text) == row.expected);
}

TEST_CASE("a CFI code is told in words", "[cfi]") {
    CHECK(describe_cfi("ESVUFR") == "equities, common or ordinary shares");
    CHECK(describe_cfi("DB") == "debt instruments, bonds");
    CHECK(describe_cfi("EAXXXX") == "equities");
    CHECK(describe_cfi("Z").empty());
    CHECK(describe_cfi("").empty());
    CHECK(cfi_category("E") == "equities");
    CHECK(cfi_group("E").empty());
    CHECK(cfi_attribute("ESVUFR", 4).name == "form");
    CHECK(cfi_attribute("ESVUFR", 4).value == "registered");
    CHECK(cfi_attribute("DBFTFB", 3).value == "fixed maturity");
    CHECK(cfi_attribute("ESVUFX", 4).value.empty());
    CHECK(cfi_attribute("ESVUFQ", 4).value.empty());
    CHECK(cfi_attribute("ESVUFR", 0).value.empty());
    CHECK(cfi_attribute("ESVUFR", 5).value.empty());
    CHECK(cfi_attribute("ES", 1).value.empty());
    CHECK(cfi_attribute("DYFXXR", 3).name.empty());
}

TEST_CASE("the list has the categories and groups of ISO 10962:2021 in their numbers", "[cfi]") {
    int categories = 0;
    int groups = 0;
    for (char first = 'A'; first <= 'Z'; ++first) {
        const std::string category(1, first);
        categories += cfi_category(category).empty() ? 0 : 1;
        for (char second = 'A'; second <= 'Z'; ++second) {
            const std::string code = category + second + "XXXX";
            const bool known = !cfi_group(code).empty();
            CAPTURE(code);
            CHECK(inspect_cfi(code).good() == known);
            groups += known ? 1 : 0;
        }
    }
    CHECK(categories == 14);
    CHECK(groups == 78);
}
