#include "core/common_code.hpp"
#include "core/cusip.hpp"
#include "core/dti.hpp"
#include "core/national_number.hpp"
#include "core/sedol.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace isinfetch;

namespace {

struct Case {
    std::string_view text;
    Inspection expected;
    const char* why;
};

constexpr Inspection kGood{};

Inspection wrong_length(std::size_t length) {
    return {Defect::length, length};
}

Inspection wrong_character(std::size_t position) {
    return {Defect::character, position};
}

Inspection wrong_digit(std::size_t position, char expected) {
    return {Defect::check_digit, position, expected};
}

void check_all(Inspection (*inspect)(std::string_view) noexcept, const std::vector<Case>& cases) {
    for (const Case& row : cases) {
        CAPTURE(row.text, row.why);
        const Inspection found = inspect(row.text);
        CHECK(name(found.defect) == name(row.expected.defect));
        CHECK(found.position == row.expected.position);
        CHECK(found.expected == row.expected.expected);
    }
}

using namespace std::string_view_literals;

}  // namespace

TEST_CASE("CUSIP and CINS are inspected", "[numbers]") {
    check_all(inspect_cusip,
              {{"037833100", kGood, "Apple"},
               {"G21765105", kGood, "a CINS, in KYG217651051"},
               {"68389X105", kGood, "Oracle: letters count as 10 to 35"},
               {"17275R102", kGood, "Cisco"},
               {"037833101", wrong_digit(8, '0'), "the last digit off by one"},
               {"G21765150", wrong_digit(8, '4'), "two digits swapped"},
               {"03783310", wrong_length(8), "without its check digit"},
               {"0378331005", wrong_length(10), "too long"},
               {"", wrong_length(0), "empty"},
               {"03783310O", wrong_character(8), "the check digit is a digit"},
               {"g21765105", wrong_character(0), "not upper-cased for you"},
               {"0378\xC3\x9F"
                "100",
                wrong_character(4),
                "no ASCII"},
               {"0378\0"
                "3100"sv,
                wrong_character(4),
                "NUL"}});
    CHECK(is_cins("G21765105"));
    CHECK_FALSE(is_cins("037833100"));
}

TEST_CASE("the check digit of a CUSIP is calculated", "[numbers]") {
    CHECK(cusip_check_digit("03783310") == '0');
    CHECK(cusip_check_digit("G2176510") == '5');
    CHECK(cusip_check_digit("00000*00") == '1');  // 2 x 36 = 72, 7 + 2 = 9
    CHECK(cusip_check_digit("0000@000") == '0');  // 37, 3 + 7 = 10
    CHECK(cusip_check_digit("000000#0") == '9');  // 38, 3 + 8 = 11
    CHECK_FALSE(cusip_check_digit("0378331"));
    CHECK_FALSE(cusip_check_digit("0378331-"));
}

TEST_CASE("SEDOL numbers are inspected", "[numbers]") {
    check_all(inspect_sedol,
              {{"0263494", kGood, "BAE Systems, GB0002634946"},
               {"BFXC1P9", kGood, "in IE00BFXC1P95"},
               {"B4T3BW6", kGood, "Glencore, JE00B4T3BW64"},
               {"0263495", wrong_digit(6, '4'), "the last digit off by one"},
               {"B4T3BX6", wrong_digit(6, '7'), "a letter off by one, which the ISIN may miss"},
               {"B4T3BA6", wrong_character(5), "no vowels"},
               {"B4T3BWX", wrong_character(6), "the check digit is a digit"},
               {"263494", wrong_length(6), "its leading zero is gone"},
               {"b4t3bw6", wrong_character(0), "not upper-cased for you"}});
    CHECK(sedol_check_digit("026349") == '4');
    CHECK_FALSE(sedol_check_digit("02634"));
    CHECK_FALSE(sedol_check_digit("B4E3BW"));
}

TEST_CASE("Common Codes are inspected", "[numbers]") {
    check_all(inspect_common_code,
              {{"001210645", kGood, "the example of the rule's source: 50 mod 11 = 6"},
               {"202144888", kGood, "in XS2021448886: 102 mod 11 = 3"},
               {"202144889", wrong_digit(8, '8'), "the last digit off by one"},
               {"022144888", wrong_digit(8, '0'), "two digits swapped"},
               {"000000000", wrong_digit(8, '\0'), "remainder 0: no digit is right"},
               {"20214488X", wrong_character(8), "digits only"},
               {"1210645", wrong_length(7), "without its zeros"}});
    CHECK(common_code_check_digit("00000005") == '1');  // 10, 11 - 10 = 1
    CHECK(common_code_check_digit("00000006") == '0');  // 12 mod 11 = 1, 11 - 1 = 10
    CHECK_FALSE(common_code_check_digit("00000000"));
    CHECK_FALSE(common_code_check_digit("0000000A"));
}

TEST_CASE("digital token identifiers are inspected", "[numbers]") {
    check_all(inspect_dti,
              {{"X9J9K872S", kGood, "Ether"},
               {"V15WLZJMF", kGood, "in XTV15WLZJMF0"},
               {"4H95J0R2X", kGood, "Bitcoin, the one exception"},
               {"X9J9K872T", wrong_digit(8, 'S'), "the last character off by one"},
               {"X9J9K782S", wrong_digit(8, 'X'), "two digits swapped"},
               {"A9J9K872S", wrong_character(0), "no vowels"},
               {"X9J9K87YS", wrong_character(7), "no Y"},
               {"09J9K872S", wrong_character(0), "does not begin with zero"},
               {"X9J9K872", wrong_length(8), "without its check character"}});
    CHECK(dti_check_character("X9J9K872") == 'S');
    CHECK_FALSE(dti_check_character("X9J9K87"));
    CHECK_FALSE(dti_check_character("09J9K872"));
}

TEST_CASE("WKN and Valor have no check digit", "[numbers]") {
    check_all(inspect_wkn,
              {{"716460", kGood, "SAP, DE0007164600"},
               {"A0GNPZ", kGood, "in DE000A0GNPZ3"},
               {"A0INPZ", wrong_character(2), "no I"},
               {"A0GNPO", wrong_character(5), "no O"},
               {"000716460", wrong_length(9), "with the zeros of the ISIN"}});
    check_all(inspect_valor,
              {{"3886335", kGood, "Nestle, CH0038863350"},
               {"1", kGood, "the shortest"},
               {"000000001", kGood, "with the zeros of the ISIN"},
               {"", wrong_length(0), "empty"},
               {"1234567890", wrong_length(10), "too long"},
               {"38863X5", wrong_character(5), "digits only"},
               {"000", wrong_character(2), "nothing but zeros"}});
}

TEST_CASE("Israeli and Danish numbers are inspected", "[numbers]") {
    check_all(inspect_israeli_number,
              {{"000629014", kGood, "Teva, IL0006290147"},
               {"001081124", kGood, "Elbit Systems, IL0010811243"},
               {"000629015", wrong_digit(8, '4'), "the last digit off by one"},
               {"00062901", wrong_length(8), "one is missing"},
               {"00062901X", wrong_character(8), "digits only"}});
    check_all(inspect_danish_code,
              {{"001024450", kGood, "Maersk, DK0010244508: 55 mod 11 = 0"},
               {"006025269", kGood, "Pandora, DK0060252690: 90 mod 11 = 2"},
               {"001024451", wrong_digit(8, '0'), "the last digit off by one"},
               {"000000060", wrong_digit(8, '\0'), "12 mod 11 = 1: no digit is 10"},
               {"00102445", wrong_length(8), "one is missing"}});
}

TEST_CASE("the first wrong one of the two check digits of a Belgian number is named", "[numbers]") {
    check_all(inspect_svm_number,
              {{"000356573", kGood, "KBC, BE0003565737: 0003565 mod 97 = 73"},
               {"097429325", kGood, "AB InBev, BE0974293251"},
               {"000009797", kGood, "97 stands for 0"},
               {"000356574", wrong_digit(8, '3'), "the second one is wrong"},
               {"000356563", wrong_digit(7, '7'), "the first one is wrong"},
               {"000356500", wrong_digit(7, '7'), "both are wrong"},
               {"00035657A", wrong_character(8), "digits only"},
               {"00035657", wrong_length(8), "one is missing"}});
}
