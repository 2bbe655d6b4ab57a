#include "core/validate.hpp"

#include "core/isin.hpp"
#include "support/catch.hpp"
#include "util/json.hpp"

using namespace isinfetch;

namespace {

struct Judged {
    Verdict verdict = Verdict::rejected;
    Listing listing{};
    Rejection rejection{};
    Remarks remarks{};
};

RawRecord record_with(std::string_view isin) {
    RawRecord record;
    record.fields[index(Field::isin)] = isin;
    record.position = {7, 120};
    record.text = "the whole row";
    return record;
}

Judged judge(const RawRecord& record, const ValidateOptions& options = {}) {
    Judged result;
    Judgement judgement;
    result.verdict = validate(record, options, judgement, result.remarks);
    result.listing = judgement.listing;
    result.listing.other = json_object(judgement.others);
    result.rejection = judgement.rejection;
    return result;
}

}  // namespace

TEST_CASE("cells that say that there is no ISIN are neither taken nor rejected", "[validate]") {
    for (const char* cell : {"", "   ", "NA", " - ", "0", "N/A"}) {
        CAPTURE(cell);
        CHECK(judge(record_with(cell)).verdict == Verdict::no_isin);
    }
    CHECK(judge(record_with("none"), {.no_isin = {"none"}}).verdict == Verdict::no_isin);
    CHECK(judge(record_with("NA"), {.no_isin = {"none"}}).verdict == Verdict::rejected);
}

TEST_CASE("a rejection says what, where and why", "[validate]") {
    const Judged judged = judge(record_with(" US0378331006 "));
    CHECK(judged.verdict == Verdict::rejected);
    CHECK(judged.rejection.reason == "wrong check digit");
    CHECK(judged.rejection.value == "US0378331006");
    CHECK(judged.rejection.position.line == 7);
    CHECK(judged.rejection.position.byte == 120);
    CHECK(judged.rejection.text == "the whole row");
}

TEST_CASE("a placeholder that passes every check is rejected by name", "[validate]") {
    CHECK(judge(record_with("NOISINFOUND9")).rejection.reason == "placeholder for a missing ISIN");
}

TEST_CASE("an unusual prefix is a warning, never a reason to drop a record", "[validate]") {
    const Judged judged = judge(record_with("QX0000022625"));
    CHECK(judged.verdict == Verdict::accepted);
    CHECK(judged.remarks.warnings.at("unknown prefix") == 1);
    CHECK(judge(record_with("XS0971721450")).remarks.warnings.empty());
}

TEST_CASE("a code that breaks its rule is counted by class and kept", "[validate]") {
    struct Case {
        Field field;
        const char* text;
        const char* warning;  ///< "" for none
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {Field::lei,      "HWUPKR0MPOU8FGXBT394", "", "right"},
        {Field::lei,      "HWUPKR0MPOU8FGXBT395", "LEI check digit", "one more"},
        {Field::lei,      "HWUPKR0MPOU8", "malformed LEI", "cut"},
        {Field::lei,      "-", "", "the publisher's sign for none"},
        {Field::cfi,      "ESVUFR", "", "right"},
        {Field::cfi,      "ESVUFQ", "unknown CFI", "no such form"},
        {Field::cfi,      "ES", "malformed CFI", "the group only"},
        {Field::mic,      "XETR", "", "right"},
        {Field::mic,      "XETRA", "malformed MIC", "five letters"},
        {Field::currency, "EUR", "", "right"},
        {Field::currency, "GBX", "", "pence"},
        {Field::currency, "NLG", "", "replaced, but still met"},
        {Field::currency, "PCT", "", "per cent, SPB Exchange"},
        {Field::currency, "Рубль", "", "the publisher's own word, Moscow Exchange"},
        {Field::currency, "R$", "", "the same, B3"},
        {Field::currency, "EUX", "unknown currency", "looks like a code and is none"},
        {Field::currency, "eur", "unknown currency", "small letters"},
        {Field::currency, "N/A", "", "none"},
        {Field::fisn,     "AMUNDI/MSCI EUROPE DIST", "", "right"},
        {Field::fisn,     "COMMERZBANK TUBULL DAX", "short name that is no FISN", "no slash"},
        {Field::fisn,     "BNPP EASY-EU.CO.B.S/SH EUR", "malformed FISN", "issuer of 19, FIRDS 2026"},
        {Field::fisn,     "Fish Pool/", "malformed FISN", "no description"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    RawRecord record = record_with("US0378331005");
    record.fields[index(row.field)] = row.text;
    const Judged judged = judge(record);
    CHECK(judged.verdict == Verdict::accepted);
    CHECK(judged.listing[row.field] == row.text);
    const std::string warning = row.warning;
    CHECK(judged.remarks.warnings == (warning.empty() ? Tally{} : Tally{{warning, 1}}));
}

TEST_CASE("what the configuration says of all rows is no fault of theirs", "[validate]") {
    CHECK(judge(record_with("US0378331005"), {.mic = "x", .currency = "EUX"})
              .remarks.warnings.empty());
}

TEST_CASE("an ISIN that looks like another identifier is taken with a warning", "[validate]") {
    const Judged figi = judge(record_with("BBG000000059"));
    CHECK(figi.verdict == Verdict::accepted);
    CHECK(figi.remarks.warnings == Tally{{"FIGI-shaped", 1}});
    const Judged upi = judge(record_with("QZXKR05S3DL1"));
    CHECK(upi.verdict == Verdict::accepted);
    CHECK(upi.remarks.warnings == Tally{{"UPI-shaped", 1}, {"unknown prefix", 1}});
}

TEST_CASE("a national number against its own rules is noted, the record taken", "[validate]") {
    for (const auto& [stem, note] : std::initializer_list<std::pair<const char*, const char*>>{
             {"GB000263495", "SEDOL check digit"},
             {"DE000A0GOPZ", "WKN shape"},
         }) {
        CAPTURE(stem);
        const std::string text = std::string(stem) + isin_check_digit(stem).value();
        const Judged judged = judge(record_with(text));
        CHECK(judged.verdict == Verdict::accepted);
        CHECK(judged.remarks.warnings.empty());
        CHECK(judged.remarks.notes == Tally{{note, 1}});
    }
    CHECK(judge(record_with("GB0002634946")).remarks.notes.empty());
}

TEST_CASE("fields are trimmed, dates brought into one form", "[validate]") {
    RawRecord record = record_with(" INE144J01027");
    record.fields[index(Field::name)] = " 20 Microns Limited ";
    record.fields[index(Field::first_trade)] = "06-OCT-2008";
    record.fields[index(Field::maturity)] = "someday";
    record.fields[index(Field::termination)] = "-";
    const Judged judged = judge(record);
    CHECK(judged.listing.isin() == "INE144J01027");
    CHECK(judged.listing[Field::name] == "20 Microns Limited");
    CHECK(judged.listing[Field::first_trade] == "2008-10-06");
    CHECK(judged.listing[Field::maturity].empty());
    CHECK(judged.remarks.warnings.at("unreadable date") == 1);
}

TEST_CASE("of dates with two digits of the year only first trades are past", "[validate]") {
    RawRecord record = record_with("US0378331005");
    record.fields[index(Field::first_trade)] = "29-Apr-63";
    record.fields[index(Field::maturity)] = "29-Apr-63";
    record.fields[index(Field::termination)] = "29-Apr-63";
    const Judged judged = judge(record);
    CHECK(judged.listing[Field::first_trade] == "1963-04-29");
    CHECK(judged.listing[Field::maturity] == "2063-04-29");
    CHECK(judged.listing[Field::termination] == "2063-04-29");
    CHECK(judged.remarks.warnings.empty());
}

TEST_CASE("the currency is that of the row, else that of the source", "[validate]") {
    RawRecord record = record_with("US0378331005");
    CHECK(judge(record).listing[Field::currency].empty());
    CHECK(judge(record, {.currency = "USD"}).listing[Field::currency] == "USD");
    record.fields[index(Field::currency)] = "EUR";
    CHECK(judge(record, {.currency = "USD"}).listing[Field::currency] == "EUR");
}

TEST_CASE("control characters are counted and kept, NUL is replaced", "[validate]") {
    using namespace std::string_literals;
    const std::string nul = "SA\0P"s;
    RawRecord record = record_with("US0378331005");
    record.fields[index(Field::name)] = "\x1b[31mApple\x07";
    record.fields[index(Field::symbol)] = nul;
    record.others = {{"note", "two\nlines"}, {"nothing", nul}, {"plain", "x"}};
    const Judged judged = judge(record);
    CHECK(judged.listing[Field::name] == "\x1b[31mApple\x07");
    CHECK(judged.listing[Field::symbol] == "SA\uFFFDP");
    CHECK(json_pairs(judged.listing.other) ==
          json_pairs(R"({"note":"two\nlines","nothing":"SA\ufffdP","plain":"x"})"));
    CHECK(judged.remarks.warnings.at("control character in a text") == 2);
    CHECK(judged.remarks.warnings.at("NUL in a text") == 2);
    CHECK(judge(record_with("US0378331005")).remarks.warnings.empty());
}

TEST_CASE("the text of a rejection is whole characters, without NUL", "[validate]") {
    const std::string text = std::string(499, 'x') + "é";
    RawRecord record = record_with("nothing");
    record.text = text;
    CHECK(judge(record).rejection.text == std::string(499, 'x'));
    record.text = std::string_view("a\0b", 3);
    CHECK(judge(record).rejection.text == "a\uFFFDb");
}

TEST_CASE("the venue is its own column, else the MIC of the row or of the source", "[validate]") {
    RawRecord record = record_with("US0378331005");
    CHECK(judge(record).listing.venue().empty());
    CHECK(judge(record, {.mic = "XNAS"}).listing.venue() == "XNAS");
    record.fields[index(Field::mic)] = "XETR";
    CHECK(judge(record, {.mic = "XNAS"}).listing.venue() == "XETR");
    record.fields[index(Field::venue)] = "EQ";
    CHECK(judge(record).listing.venue() == "EQ");
    CHECK(judge(record).listing[Field::mic] == "XETR");
}

TEST_CASE("further columns become one object", "[validate]") {
    RawRecord record = record_with("US0378331005");
    record.others = {{"lot", " 5 "}, {"empty", " "}, {"group", "A"}};
    CHECK(judge(record).listing.other == R"({"group":"A","lot":"5"})");
}

TEST_CASE("two versions differ really, cosmetically or not at all", "[validate]") {
    Listing left;
    left[Field::isin] = "US0378331005";
    left[Field::name] = "Apple Inc";
    Listing right = left;
    CHECK(compare(left, right) == Difference::none);
    right[Field::name] = "APPLE  INC";
    CHECK(compare(left, right) == Difference::cosmetic);
    right.other = R"({"lot":"5"})";
    CHECK(compare(left, right) == Difference::real);
    right = left;
    right[Field::name] = "Apple";
    CHECK(compare(left, right) == Difference::real);
}

TEST_CASE("rows can say in another column that they have no ISIN", "[validate]") {
    ValidateOptions options;
    options.no_isin_where = {{"class", {"CALL", "PUT"}}, {"status", {"gone"}}};
    RawRecord record = record_with("US0378331005");
    record.others = {{"class", " CALL "}};
    CHECK(judge(record, options).verdict == Verdict::no_isin);
    record.others = {{"class", "CALLABLE"}};
    CHECK(judge(record, options).verdict == Verdict::accepted);
    record.fields[index(Field::status)] = "gone";
    CHECK(judge(record, options).verdict == Verdict::no_isin);
}

TEST_CASE("ISINs are made of the numbers of a list that has none", "[validate]") {
    ValidateOptions options;
    options.isin_from = find_number_in_isin("cusip");
    const Judged apple = judge(record_with(" 037833 10 0 "), options);
    CHECK(apple.verdict == Verdict::accepted);
    CHECK(apple.listing.isin() == "US0378331005");
    const Judged wrong = judge(record_with("037833101"), options);
    CHECK(wrong.verdict == Verdict::rejected);
    CHECK(wrong.rejection.reason == "wrong check digit");
    CHECK(wrong.rejection.value == "037833101");
    const Judged cins = judge(record_with("G0177J108"), options);
    CHECK(cins.verdict == Verdict::no_isin);
    CHECK(cins.remarks.warnings.at("number of another country") == 1);
    options.isin_from = find_number_in_isin("sedol");
    CHECK(judge(record_with("0263494"), options).listing.isin() == "GB0002634946");
}

TEST_CASE("further columns are read as numbers where they are said to be some", "[validate]") {
    ValidateOptions options;
    options.numbers = {"face", "lot"};
    options.decimal = DecimalMark::comma;
    RawRecord record = record_with("US0378331005");
    record.others = {{"face", "1.234,50"}, {"lot", "many"}, {"other", "1,5"}};
    const Judged judged = judge(record, options);
    CHECK(judged.listing.other == R"({"face":"1234.50","lot":"many","other":"1,5"})");
    CHECK(judged.remarks.warnings.at("unreadable number") == 1);
}

TEST_CASE("entities are decoded where a list has them", "[validate]") {
    RawRecord record = record_with("US0378331005");
    record.fields[index(Field::name)] = "Mahindra &amp;  Mahindra&nbsp;";
    record.others = {{"issuer", "L&amp;T"}};
    CHECK(judge(record).listing[Field::name] == "Mahindra &amp;  Mahindra&nbsp;");
    const Judged judged = judge(record, {.entities = true});
    CHECK(judged.listing[Field::name] == "Mahindra &  Mahindra\u00A0");
    CHECK(judged.listing.other == R"({"issuer":"L&T"})");
}
