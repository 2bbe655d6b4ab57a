#include "core/national_lint.hpp"

#include "core/isin.hpp"
#include "support/catch.hpp"

#include <string>

using namespace isinfetch;

TEST_CASE("the number inside an ISIN is judged by the rule of its prefix", "[national]") {
    struct Case {
        const char* first_eleven;
        const char* kind;  ///< "": no note
        std::size_t position;
        char expected;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"US037833100", "",                         0, 0,   "Apple"},
        {"US05272V106", "CUSIP check digit",        10, '1', "made up, in a public ticker list"},
        {"CA06849F108", "",                         0, 0,   "Barrick Gold, a CUSIP"},
        {"KYG21765105", "",                         0, 0,   "a CINS"},
        {"KYG21765150", "CUSIP check digit",        10, '4', "two digits swapped"},
        {"US03783310X", "CUSIP shape",              10, 0,   "a letter for its check digit"},
        {"PHY80676102", "",                         0, 0,   "the Philippines before PDTC: a CINS"},
        {"PHY80676103", "CUSIP check digit",        10, '2', "the same, mistyped"},
        {"PH000000123", "",                         0, 0,   "PDTC's own numbers are not CINS"},
        {"CLP37186107", "CUSIP check digit",        10, '6', "Chile, a CINS, mistyped"},
        {"CL000226677", "",                         0, 0,   "Chile's own numbers are not CINS"},
        {"ARP9897X131", "",                         0, 0,   "YPF, a CINS"},
        {"ARDEUT11043", "",                         0, 0,   "Argentina's own numbers are not CINS"},
        {"PAP31076106", "CUSIP check digit",        10, '5', "Copa, a CINS, mistyped"},
        {"MXP37084101", "",                         0, 0,   "Grupo Mexico: P, and not a CINS"},
        {"PEP11600100", "",                         0, 0,   "Peru: P, and not a CINS"},
        {"GB000263494", "",                         0, 0,   "BAE Systems"},
        {"GB000263495", "SEDOL check digit",        10, '4', "mistyped"},
        {"GB010263494", "SEDOL shape",              3, 0,   "the SEDOL does not begin there"},
        {"GB00B4E3BW6", "SEDOL shape",              6, 0,   "a vowel"},
        {"JE00B4T3BW6", "",                         0, 0,   "Glencore"},
        {"JE00B4T3WB6", "SEDOL check digit",        10, '2', "letters swapped: the ISIN cannot see"},
        {"FK011453824", "",                         0, 0,   "in London's list, without a SEDOL"},
        {"FK00B030JM2", "SEDOL check digit",        10, '1', "the Falkland Islands, mistyped"},
        {"IE00BFXC1P9", "",                         0, 0,   "Ireland, a SEDOL"},
        {"IE00BFXC1P8", "SEDOL check digit",        10, '9', "the same, mistyped"},
        {"IE000Y77LGG", "",                         0, 0,   "Ireland's numbers since 2020"},
        {"LU000000000", "Common Code check digit",  10, 0,   "a remainder that no code has"},
        {"XS202144888", "",                         0, 0,   "a Common Code"},
        {"XS022144888", "Common Code check digit",  10, '0', "two digits swapped"},
        {"LU00121064A", "Common Code shape",        10, 0,   "a letter"},
        {"IL000629014", "",                         0, 0,   "Teva"},
        {"IL000629041", "Israeli number check digit", 10, '8', "two digits swapped"},
        {"DK001024450", "",                         0, 0,   "Maersk"},
        {"DK001024405", "Danish fund code check digit", 10, 0, "two digits swapped: none is right"},
        {"BE000356573", "",                         0, 0,   "KBC"},
        {"BE000356574", "SVM number check digit",   10, '3', "mistyped"},
        {"BE097437002", "",                         0, 0,   "of the new series"},
        {"BE097429326", "SVM number check digit",   10, '5', "AB InBev, the old series, mistyped"},
        {"BEA00110066", "",                         0, 0,   "a letter: no SVM number"},
        {"DE000A0GNPZ", "",                         0, 0,   "a WKN"},
        {"DE000A0GOPZ", "WKN shape",                8, 0,   "O for 0"},
        {"DE001A0GNPZ", "WKN shape",                4, 0,   "not behind three zeros"},
        {"CH003886335", "",                         0, 0,   "Nestle"},
        {"LI002480752", "",                         0, 0,   "Liechtenstein"},
        {"CH00388633S", "Valor shape",              10, 0,   "S for 5"},
        {"XTV15WLZJMF", "",                         0, 0,   "a DTI"},
        {"XTV15WLZMJF", "DTI check character",      10, '7', "letters swapped"},
        {"XTA15WLZJMF", "DTI shape",                2, 0,   "a vowel"},
        {"SE000010865", "",                         0, 0,   "Ericsson"},
        {"SE0000I0865", "not all digits",           6, 0,   "I for 1"},
        {"FR000012027", "",                         0, 0,   "no rule is known"},
        {"QZ000012027", "",                         0, 0,   "no ISIN begins so"},
        {"UK000012027", "",                         0, 0,   "nobody assigns it"},
    }));
    // clang-format on
    const std::string isin = row.first_eleven + std::string(1, *isin_check_digit(row.first_eleven));
    CAPTURE(isin, row.why);
    REQUIRE(Isin::parse(isin));
    const auto note = note_national_number(isin);
    REQUIRE(note.has_value() == (*row.kind != '\0'));
    if (note) {
        CHECK(note->kind == row.kind);
        CHECK(note->inspection.position == row.position);
        CHECK(note->inspection.expected == row.expected);
        CHECK_FALSE(note->inspection.good());
    }
}
