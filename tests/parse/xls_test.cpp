// Workbooks of Excel 5 to 2003: what is read, and what is refused.
#include "parse/parsed.hpp"
#include "support/biff_bytes.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Isins = std::vector<std::string>;

const std::string kHeader = label_rows({{"ISIN", "NAME"}});
const std::string kApple = label(1, 0, "US0378331005");

/// Styles: plain, a built-in date, one of this workbook, leading zeros.
const std::string kStyles = biff_record(0x041E, little(164, 2) + biff_text("dd\\/mm\\/yyyy")) +
                            biff_record(0x041E, little(165, 2) + biff_text("00000")) +
                            biff_record(0x00E0, little(0, 2) + little(0, 2)) +
                            biff_record(0x00E0, little(0, 2) + little(14, 2)) +
                            biff_record(0x00E0, little(0, 2) + little(164, 2)) +
                            biff_record(0x00E0, little(0, 2) + little(165, 2));

/// A record that says nothing, of the kind that files are full of.
const std::string kFiller = biff_record(0x0201, std::string(1800, '\xFF'));

/// Three shared texts: plain, wide with runs and pronunciation, and one over two records that
/// changes its width on the way.
const std::string kShared =
    biff_record(0x00FC,
                little(3, 4) + little(3, 4) + biff_text("shared") + little(3, 2) + "\x0D" +
                    little(1, 2) + little(2, 4) + wide_text(u"東\xD83D\xDE00") + "runs" + "ph" +
                    little(6, 2) + std::string(1, '\0') + "one") +
    biff_record(0x003C, "\x01" + wide_text(u"тwo"));

std::string failure(const std::string& bytes, const ParseOptions& options = isin_columns()) {
    try {
        parse_file_of("xls", bytes, options);
    } catch (const Error& error) {
        return fmt::format("{}: {}", name(error.kind()), error.what());
    }
    return {};
}

Parsed parse_records(const std::string& records, const BiffHabits& habits = {}) {
    return parse_file_of("xls", xls_file({{"List", records}}, habits));
}

}  // namespace

TEST_CASE("a cell of an old workbook is read as people see it", "[xls]") {
    struct Row {
        const char* why;
        std::string records;
        std::string text;
    };
    const std::string at = cell_at(1, 1);
    const auto formula = [&at](const std::string& result) {
        return biff_record(0x0006, at + result + little(0, 2 + 4 + 2));
    };
    const std::string text_result = std::string("\0\0\0\0\0\0", 6) + little(0xFFFF, 2);
    const std::vector<Row> rows{
        {"label", label(1, 1, "Caf\xE9"), "Café"},
        {"label with runs", biff_record(0x00D6, at + biff_text("rich") + little(0, 2)), "rich"},
        {"shared", biff_record(0x00FD, at + little(0, 4)), "shared"},
        {"shared with runs", biff_record(0x00FD, at + little(1, 4)), "東😀"},
        {"shared over two records", biff_record(0x00FD, at + little(2, 4)), "oneтwo"},
        {"number", biff_record(0x0203, at + biff_number(0.1 + 0.2)), "0.3"},
        {"integer", biff_record(0x027E, at + little(43333U << 2U | 2U, 4)), "43333"},
        {"integer times 100", biff_record(0x027E, at + little(1250U << 2U | 3U, 4)), "12.5"},
        {"negative integer", biff_record(0x027E, at + little(0xFFFFFFFEU, 4)), "-1"},
        {"upper half", biff_record(0x027E, at + biff_number(1.5).substr(4)), "1.5"},
        {"several",
         biff_record(0x00BD, cell_at(1, 1, 0) + little(7U << 2U | 2U, 4) + little(1, 2)),
         "7"},
        {"built-in date", biff_record(0x0203, cell_at(1, 1, 1) + biff_number(43333)), "2018-08-21"},
        {"own date", biff_record(0x0203, cell_at(1, 1, 2) + biff_number(2958465)), "9999-12-31"},
        {"leading zeros", biff_record(0x0203, cell_at(1, 1, 3) + biff_number(7)), "00007"},
        {"unknown style", biff_record(0x0203, cell_at(1, 1, 99) + biff_number(7)), "7"},
        {"true", biff_record(0x0205, at + std::string("\1\0", 2)), "TRUE"},
        {"false", biff_record(0x0205, at + std::string("\0\0", 2)), "FALSE"},
        {"error", biff_record(0x0205, at + "\x2A\1"), "#N/A"},
        {"other error", biff_record(0x0205, at + "\x63\1"), "#ERROR!"},
        {"formula", formula(biff_number(3)), "3"},
        {"formula of a text",
         formula(text_result) + biff_record(0x04BC, "x") + biff_record(0x0207, biff_text("abc")),
         "abc"},
        {"formula that is true",
         formula(std::string("\1\0\1\0\0\0", 6) + little(0xFFFF, 2)),
         "TRUE"},
        {"formula that fails",
         formula(std::string("\2\0\x17\0\0\0", 6) + little(0xFFFF, 2)),
         "#REF!"},
        {"formula of nothing", formula(std::string("\3\0\0\0\0\0", 6) + little(0xFFFF, 2)), ""},
        {"a text without formula", biff_record(0x0207, biff_text("abc")), ""},
        {"blank", biff_record(0x0201, at), ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const Parsed parsed =
            parse_records(kHeader + kApple + row.records, {.globals = kStyles + kShared});
        REQUIRE(parsed.isins() == Isins{"US0378331005"});
        CHECK(parsed.records[0].name == row.text);
    }
}

TEST_CASE("rows and sheets of an old workbook are those of any", "[xls]") {
    const std::string rows = label_rows({{"List of Securities"}, {"", "NAME", "ISIN"}});
    const std::string bytes = xls_file(
        {{"Notes", label(0, 0, "No liability")},
         {"Shares",
          rows + label(9, 2, "US0378331005") + label(9, 1, "APPLE") + biff_begin(0x0600, 0x20) +
              biff_record(0x000A, "") + label(10, 0, "a remark")},
         {"Bonds", kHeader + label(1, 0, "CH0038863350")}});
    const Parsed parsed = parse_file_of("xls", bytes);
    CHECK(parsed.isins() == Isins{"US0378331005", "CH0038863350"});
    CHECK(parsed.records[0].name == "APPLE");
    CHECK(parsed.records[0].position.line == 10);
    CHECK(parsed.records[0].text == "Shares: ; APPLE; US0378331005;");
    CHECK(parsed.summary.footnotes == 1);
    CHECK(parsed.summary.warnings.size() == 1);
    ParseOptions options = isin_columns();
    options.sheets.only = {"b*"};
    CHECK(parse_file_of("xls", bytes, options).isins() == Isins{"CH0038863350"});
}

TEST_CASE("a hidden sheet of an old workbook is read only when it is asked for", "[xls]") {
    for (const std::uint64_t state : {1U, 2U}) {
        const std::string bytes =
            xls_file({{"Now", kHeader + kApple}, {"Old", kHeader + label(1, 0, "CH0038863350")}},
                     {.hidden = "Old", .state = state});
        const Parsed parsed = parse_file_of("xls", bytes);
        CHECK(parsed.isins() == Isins{"US0378331005"});
        REQUIRE(parsed.summary.warnings.size() == 1);
        CHECK_THAT(parsed.summary.warnings.front(),
                   ContainsSubstring("hidden sheets were not read: 'Old'"));
        ParseOptions options = isin_columns();
        options.sheets.only = {"old"};
        CHECK(parse_file_of("xls", bytes, options).isins() == Isins{"CH0038863350"});
    }
}

TEST_CASE("dates of an old workbook may count from 1904", "[xls]") {
    const std::string date = biff_record(0x0203, cell_at(1, 1, 1) + biff_number(41871));
    const Parsed parsed = parse_records(kHeader + kApple + date,
                                        {.globals = biff_record(0x0022, little(1, 2)) + kStyles});
    CHECK(parsed.records.at(0).name == "2018-08-21");
}

TEST_CASE("texts of Excel 5 are in a code page", "[xls]") {
    struct Row {
        std::uint64_t code_page;
        std::string bytes;
        std::string text;
    };
    const std::vector<Row> rows{
        {1252, "Caf\xE9", "Café"},
        {1251, "\xC0\xC1", "АБ"},
        {932, "\x93\x8C\x8B\x9E", "東京"},
        {10000, "Caf\x8E", "Café"},
        {932, "\x93", "\xEF\xBF\xBD"},
        {9999, "Caf\xE9", "Café"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.code_page, row.text);
        const std::string records = old_label(0, 0, "ISIN") + old_label(0, 1, "NAME") +
                                    old_label(1, 0, "US0378331005") + old_label(1, 1, row.bytes);
        const Parsed parsed = parse_records(
            records, {.version = 0x0500, .globals = biff_record(0x0042, little(row.code_page, 2))});
        REQUIRE(parsed.isins() == Isins{"US0378331005"});
        CHECK(parsed.records[0].name == row.text);
    }
}

TEST_CASE("what is no old workbook is refused by name", "[xls]") {
    struct Row {
        std::string bytes;
        std::string message;
    };
    const std::string workbook = xls_file({{"List", kHeader + kApple}});
    const std::vector<Row> rows{
        {"", "protocol: the file is empty"},
        {"<html><title>Sorry</title>", "protocol: HTML where an old workbook (xls)"},
        {"ISIN\nUS0378331005\n", "protocol: text where an old workbook"},
        {zip_bytes({{"[Content_Types].xml", "<Types/>"}, {"b", ""}}),
         "protocol: an Excel workbook where xls was expected: set 'format: xlsx'"},
        {office_file("EncryptedPackage", "x"), "protocol: an encrypted workbook where"},
        {office_file("WordDocument", "x"), "protocol: another Office document where"},
        {office_file("Workbook", "x"), "protocol: a workbook of an unknown version, 0x0000"},
        {office_file("Workbook", biff_begin(0x0400, 5)), "protocol: a workbook of an unknown"},
        {xls_file({{"List", kHeader}}, {.globals = biff_record(0x002F, "key")}),
         "protocol: an encrypted workbook: it needs a password"},
        {xls_file({}), "protocol: no sheet to read: the workbook has none"},
        {xls_file({{"List", label(0, 0, "Code")}}),
         "protocol: sheet 'List': no column named 'ISIN', 'ISIN NUMBER'"},
        {workbook.substr(0, 500), "data: the old Office file is damaged: it has no header"},
        {workbook.substr(0, 1500), "data: the old Office file is damaged: it ends too early"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.message);
        CHECK_THAT(failure(row.bytes), ContainsSubstring(row.message));
    }
}

TEST_CASE("cells of an old workbook that cannot be are refused by row", "[xls]") {
    struct Row {
        std::string records;
        std::string message;
    };
    std::string long_rows;
    for (int column = 0; column < 200; ++column) {
        long_rows += label(1, column, std::string(8000, 'x'));
    }
    const std::vector<Row> rows{
        {biff_record(0x00FD, cell_at(1, 0) + little(3, 4)), "row 2: a cell shows shared text '3'"},
        {label(1, 256, "x"), "row 2: more than 256 columns"},
        {label(5, 0, "x") + label(4, 0, "y"), "row 6: row 5 comes behind it"},
        {long_rows, "row 2: its texts have more than 1048576 bytes"},
        {biff_record(0x0204, cell_at(1, 0) + little(9, 2) + std::string(1, '\0') + "abc"),
         "is too short"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.message);
        CHECK_THAT(failure(xls_file({{"List", kHeader + row.records}})),
                   ContainsSubstring(row.message));
    }
}

TEST_CASE("tables of an old workbook are bounded", "[xls]") {
    ParseOptions options = isin_columns();
    options.sheets.max_text = 20;
    CHECK_THAT(failure(xls_file({{"List", kHeader + kApple}}, {.globals = kShared}), options),
               ContainsSubstring("need more than 20 bytes"));
    std::string styles;
    for (int i = 0; i < 100'001; ++i) {
        styles += biff_record(0x00E0, "");
    }
    CHECK_THAT(failure(xls_file({{"List", kHeader + kApple}}, {.globals = styles})),
               ContainsSubstring("more than 100000 styles"));
}

TEST_CASE("a large old workbook has more tables than its header can list", "[slow][xls]") {
    std::string rows = kHeader;
    for (int row = 1; row < 60'000; ++row) {
        rows += label(row, 0, "US0378331005") +
                label(row, 1, std::string(120, 'x') + std::to_string(row));
    }
    const Parsed parsed = parse_records(rows);
    CHECK(parsed.records.size() == 59'999);
    CHECK(parsed.records.back().name == std::string(120, 'x') + "59999");
}

TEST_CASE("an old workbook may be a small stream", "[xls]") {
    const std::string stream = biff_stream({{"List", kHeader + kApple}});
    REQUIRE(stream.size() < 4096);
    const std::string bytes = small_office_file("WORKBOOK", stream);
    CHECK(parse_file_of("xls", bytes).isins() == Isins{"US0378331005"});
    CHECK_THAT(failure(bytes.substr(0, bytes.size() - 400)), ContainsSubstring("ends too early"));
}

TEST_CASE("chains of an old Office file that never end are refused", "[xls]") {
    std::string bytes = xls_file({{"List", kHeader + kApple}});
    // Header, eight sectors of stream, directory, table. The stream's fourth sector is followed by
    // itself, and it is said to have 4 GB.
    const std::string full =
        xls_file({{"List", kHeader + kApple + label(2, 0, std::string(1500, 'x')) + kFiller}});
    REQUIRE(full.size() == 512 * 11);
    std::string circle = full;
    circle.replace(512 * 10 + 4 * 3, 4, little(3, 4));
    circle.replace(512 * 9 + 128 + 120, 4, little(0xFFFFFFF0, 4));
    CHECK_THAT(failure(circle),
               StartsWith("data: the old Office file is damaged: a stream has no"));
    // The list of tables goes on in itself.
    std::string list = bytes;
    list.replace(68, 4, little(0, 4));
    CHECK_THAT(failure(list), StartsWith("data: "));
    // Every sector leads to the first one.
    const std::string zeros(std::size_t{512} << 10U, '\0');
    list.insert(512, zeros);
    CHECK_THAT(failure(list), ContainsSubstring("the list of its tables has no end"));
    // As many tables as the header can list, and more than there are sectors for.
    std::string tables = full;
    tables.replace(44, 4, little(109, 4));
    for (int i = 0; i < 109; ++i) {
        tables.replace(static_cast<std::size_t>(76 + 4 * i), 4, little(10, 4));
    }
    CHECK_THAT(failure(tables), ContainsSubstring("promises more tables than it has"));
}

TEST_CASE("an old workbook cut anywhere is refused or the same", "[slow][xls]") {
    const std::string bytes = xls_file({{"List", kHeader + kApple}});
    const Parsed whole = parse_file_of("xls", bytes);
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
        CAPTURE(size);
        CHECK(!failure(bytes.substr(0, size)).empty());
    }
    for (std::size_t at = 0; at < bytes.size(); at += at < 1600 ? 1 : 41) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        CAPTURE(at);
        const std::string failed = failure(changed);  // no other exception, no crash
        CHECK((failed.empty() || failed.starts_with("data: ") || failed.starts_with("protocol: ")));
    }
}
