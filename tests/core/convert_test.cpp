#include "core/convert.hpp"

#include "core/identifiers.hpp"
#include "support/catch.hpp"

#include <string>

using namespace isinfetch;

TEST_CASE("an ISIN becomes its number, and the number the ISIN", "[convert]") {
    struct Case {
        std::string_view isin;
        const char* name;
        const char* number;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"US0378331005", "cusip",       "037833100", "Apple"},
        {"CA06849F1080", "cusip",       "06849F108", "Barrick Gold"},
        {"KYG217651051", "cusip",       "G21765105", "a CINS"},
        {"PHY806761029", "cusip",       "Y80676102", "the Philippines before PDTC"},
        {"PA1436583006", "cusip",       "143658300", "Carnival: Panama, an American number"},
        {"PAP310761054", "cusip",       "P31076105", "Copa: Panama, a CINS"},
        {"MXP225611567", "cusip",       "P22561156", "Cemex: Mexico, a CINS"},
        {"GB0002634946", "sedol",       "0263494",   "BAE Systems: the SEDOL's own zero stays"},
        {"JE00B4T3BW64", "sedol",       "B4T3BW6",   "Glencore"},
        {"IE00BFXC1P95", "sedol",       "BFXC1P9",   "Ireland, with a letter"},
        {"IE0002424939", "sedol",       "0242493",   "DCC: Ireland, before 2004"},
        {"DE0007164600", "wkn",         "716460",    "SAP"},
        {"DE000A0GNPZ3", "wkn",         "A0GNPZ",    "letters"},
        {"CH0038863350", "valor",       "3886335",   "Nestle"},
        {"LI0024807526", "valor",       "2480752",   "Liechtenstein"},
        {"XS2021448886", "common-code", "202144888", "a bond"},
        {"XTV15WLZJMF0", "dti",         "V15WLZJMF", "a crypto asset"},
    }));
    // clang-format on
    CAPTURE(row.isin, row.why);
    const NumberInIsin& number = *find_number_in_isin(row.name);
    const Conversion there = number_from_isin(row.isin, number);
    CHECK(there.error.empty());
    CHECK(there.text == row.number);
    const Conversion back = isin_from_number(row.number, number, row.isin.substr(0, 2));
    CHECK(back.error.empty());
    CHECK(back.text == row.isin);
}

TEST_CASE("a number has a home, unless it is a CINS", "[convert]") {
    const auto isin_of = [](const char* name, std::string_view text) {
        return isin_from_number(text, *find_number_in_isin(name), "").text;
    };
    CHECK(isin_of("cusip", "037833100") == "US0378331005");
    CHECK(isin_of("cusip", "G21765105").empty());
    CHECK(isin_of("sedol", "0263494") == "GB0002634946");
    CHECK(isin_of("wkn", "716460") == "DE0007164600");
    CHECK(isin_of("valor", "3886335") == "CH0038863350");
    CHECK(isin_of("valor", "003886335") == "CH0038863350");
    CHECK(isin_of("common-code", "202144888") == "XS2021448886");
    CHECK(isin_of("dti", "V15WLZJMF") == "XTV15WLZJMF0");
}

TEST_CASE("an ISIN that has no such number is refused with the reason", "[convert]") {
    struct Case {
        std::string_view isin;
        const char* name;
        const char* error;
    };
    using namespace std::string_view_literals;
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"US0378331005", "sedol", "a US ISIN holds a CUSIP, not a SEDOL"},
        {"XS2021448886", "valor", "an XS ISIN holds a Common Code, not a Valor"},
        {"FR0000120271", "wkn",   "an FR ISIN holds no WKN"},
        {"DK0010244508", "cusip", "a DK ISIN holds no CUSIP"},
        {"",             "cusip", "no ISIN: wrong length"},
        {"037833100",    "cusip", "no ISIN: wrong length"},
        {"US0378331006", "cusip", "no ISIN: wrong check digit, 5 would be right"},
        {"us0378331005", "cusip", "no ISIN: wrong character"},
        {"US037833100X", "cusip", "no ISIN: wrong character"},
        {"110378331005", "cusip", "no ISIN: wrong character"},
        {"US037833\0" "005"sv, "cusip", "no ISIN: wrong character"},
        {"US05272V1066", "cusip", "its number 05272V106 is no CUSIP: wrong check digit, 1 would be right"},
        {"CL0002266774", "cusip", "its number 000226677 is no CUSIP: wrong check digit, 0 would be right"},
        {"IE000Y77LGG9", "sedol", "its number 0Y77LGG is no SEDOL: wrong character at position 7"},
        {"DE0017164608", "wkn",   "its number 001716460 is no WKN: it does not begin with 000"},
    }));
    // clang-format on
    CAPTURE(row.isin);
    const Conversion found = number_from_isin(row.isin, *find_number_in_isin(row.name));
    CHECK(found.error == row.error);
    CHECK(found.text.empty());
    CHECK_FALSE(found.good());
}

TEST_CASE("a number of which no ISIN can be made is refused with the reason", "[convert]") {
    struct Case {
        std::string_view text;
        const char* name;
        const char* country;
        const char* error;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"037833101", "cusip", "",   "no CUSIP: wrong check digit, 0 would be right"},
        {"03783310",  "cusip", "",   "no CUSIP: wrong length"},
        {"B4T3BA6",   "sedol", "",   "no SEDOL: wrong character at position 6"},
        {"000000000", "common-code", "", "no Common Code: wrong check digit"},
        {"G21765105", "cusip", "",   "a CINS may belong to many countries: one must be named"},
        {"G21765105", "cusip", "PH", "a CUSIP of PH begins with Y"},
        {"037833100", "cusip", "CL", "a CUSIP of CL begins with P"},
        {"037833100", "cusip", "GB", "a GB ISIN holds a SEDOL, not a CUSIP"},
        {"037833100", "cusip", "QZ", "a QZ ISIN holds no CUSIP"},
        {"0Y77LG5",   "sedol", "IE", "a SEDOL with letters begins with one"},
        {"00000*001", "cusip", "",   "an ISIN has digits and letters only"},
    }));
    // clang-format on
    CAPTURE(row.text, row.country);
    const Conversion found =
        isin_from_number(row.text, *find_number_in_isin(row.name), row.country);
    CHECK(found.error == row.error);
    CHECK(found.text.empty());
}

TEST_CASE("every number in ISINs is an identifier and has a home", "[convert]") {
    for (const NumberInIsin& number : numbers_in_isins()) {
        CAPTURE(number.name);
        CHECK(find_identifier(number.name) != nullptr);
        CHECK(may_hold(number.home, number));
        CHECK_FALSE(may_hold("FR", number));
        CHECK_FALSE(may_hold("", number));
    }
    CHECK(may_hold("IE", *find_number_in_isin("sedol")));
    CHECK(find_number_in_isin("svm") == nullptr);
}
