#include "core/validate.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

struct Judged {
    Verdict verdict = Verdict::rejected;
    Listing listing{};
    Rejection rejection{};
    Warnings warnings{};
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
    result.verdict = validate(record, options, result.listing, result.rejection, result.warnings);
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
    CHECK(judged.warnings.at("unknown prefix") == 1);
    CHECK(judge(record_with("XS0971721450")).warnings.empty());
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
    CHECK(judged.warnings.at("unreadable date") == 1);
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
