#include "parse/xls_sheet.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>

namespace isinfetch {

namespace {

constexpr std::uint32_t kMaxColumns = 256;

// Types of records.
constexpr std::uint16_t kFormula = 0x0006;
constexpr std::uint16_t kRows = 0x00BD;  // several numbers
constexpr std::uint16_t kRichLabel = 0x00D6;
constexpr std::uint16_t kSharedLabel = 0x00FD;
constexpr std::uint16_t kNumber = 0x0203;
constexpr std::uint16_t kLabel = 0x0204;
constexpr std::uint16_t kTruthOrError = 0x0205;
constexpr std::uint16_t kText = 0x0207;  // of a formula
constexpr std::uint16_t kShortNumber = 0x027E;

/// Numbers of 30 bits: an integer or the upper half of a double, perhaps times 100.
/// Source: MS-XLS §2.5.217.
double short_number(std::uint32_t bits) noexcept {
    constexpr std::uint32_t kIsTimes100 = 1;
    constexpr std::uint32_t kIsInteger = 2;
    const double value = (bits & kIsInteger) != 0
                             ? static_cast<double>(static_cast<std::int32_t>(bits) >> 2)
                             : std::bit_cast<double>(std::uint64_t{bits & ~3U} << 32U);
    return (bits & kIsTimes100) != 0 ? value / 100 : value;
}

/// Source: MS-XLS §2.5.10.
std::string_view error_text(std::uint32_t code) noexcept {
    struct Row {
        std::uint32_t code;
        std::string_view text;
    };
    constexpr std::array kErrors{Row{0x00, "#NULL!"},
                                 Row{0x07, "#DIV/0!"},
                                 Row{0x0F, "#VALUE!"},
                                 Row{0x17, "#REF!"},
                                 Row{0x1D, "#NAME?"},
                                 Row{0x24, "#NUM!"},
                                 Row{0x2A, "#N/A"}};
    for (const Row& row : kErrors) {
        if (row.code == code) {
            return row.text;
        }
    }
    return "#ERROR!";
}

}  // namespace

void append_xls_text(BiffRecords& records,
                     std::size_t at,
                     std::uint32_t characters,
                     XlsContext& context,
                     std::string& text) {
    if (context.is_biff8) {
        BiffReader(records, at).text(characters, text);
        return;
    }
    const std::string_view data = records.data();
    context.code_page.decode(at < data.size() ? data.substr(at, characters) : std::string_view{},
                             text);
}

void XlsSheet::fail_row(std::string_view why) const {
    fail(ErrorKind::data, "sheet '{}', row {}: {}", printable(name_), position_.line, why);
}

void XlsSheet::take(BiffRecords& records) {
    switch (records.type()) {
        case kSharedLabel:
            return take_shared(records);
        case kLabel:
        case kRichLabel:
            return take_text(records);
        case kNumber:
            begin_cell(records, records.two(0), records.two(2));
            return show(records.two(2), records.two(4), records.number(6));
        case kShortNumber:
            begin_cell(records, records.two(0), records.two(2));
            return show(records.two(2), records.two(4), short_number(records.four(6)));
        case kRows:
            return take_numbers(records);
        case kTruthOrError:
            begin_cell(records, records.two(0), records.two(2));
            return show_truth_or_error(records.two(2), records.one(6), records.one(7) != 0);
        case kFormula:
            return take_formula(records);
        case kText:
            return take_result(records);
        default:
            return;
    }
}

void XlsSheet::begin_cell(const BiffRecords& records, std::uint32_t row, std::uint32_t column) {
    const std::uint64_t line = std::uint64_t{row} + 1;
    if (line < position_.line) {
        fail_row(fmt::format("row {} comes behind it: only sheets in order are read", line));
    }
    if (line > position_.line) {
        finish();
        position_ = {.line = line, .byte = records.offset()};
    }
    if (column >= kMaxColumns) {
        fail_row(fmt::format("more than {} columns", kMaxColumns));
    }
    awaits_text_ = false;
}

void XlsSheet::finish() {
    if (position_.line > 0) {
        reader_.take(row_.cells(), position_);
    }
    row_.clear();
}

void XlsSheet::show(std::uint32_t column, std::uint32_t style, double number) {
    const NumberStyle shown =
        style < context_.styles.size() ? context_.styles[style] : NumberStyle{};
    show_number(number, shown, context_.dates, row_.begin_text(column));
    row_.end_text();
}

void XlsSheet::show(std::uint32_t column, std::string_view text) {
    if (row_.bytes() + text.size() > context_.max_record) {
        fail_row(fmt::format("its texts have more than {} bytes", context_.max_record));
    }
    row_.begin_text(column) += text;
    row_.end_text();
}

void XlsSheet::show_truth_or_error(std::uint32_t column, std::uint32_t value, bool is_error) {
    show(column, is_error ? error_text(value) : value == 0 ? "FALSE" : "TRUE");
}

void XlsSheet::take_shared(const BiffRecords& records) {
    begin_cell(records, records.two(0), records.two(2));
    const std::uint32_t index = records.four(6);
    const auto text = context_.strings.find(index);
    if (!text) {
        fail_row(
            fmt::format("a cell shows shared text '{}' of {}", index, context_.strings.size()));
    }
    row_.share(records.two(2), *text);
}

void XlsSheet::take_text(BiffRecords& records) {
    begin_cell(records, records.two(0), records.two(2));
    const std::uint32_t column = records.two(2);
    text_.clear();
    append_xls_text(records, 8, records.two(6), context_, text_);
    show(column, text_);
}

/// Row, first column, then style and number of each cell, last column.
void XlsSheet::take_numbers(const BiffRecords& records) {
    constexpr std::size_t kCell = 6;
    std::uint32_t column = records.two(2);
    for (std::size_t at = 4; at + kCell + 2 <= records.data().size(); at += kCell) {
        begin_cell(records, records.two(0), column);
        show(column, records.two(at), short_number(records.four(at + 2)));
        ++column;
    }
}

/// The result as it was when the workbook was saved. Source: MS-XLS §2.5.133.
void XlsSheet::take_formula(const BiffRecords& records) {
    constexpr std::uint32_t kIsNoNumber = 0xFFFF;
    begin_cell(records, records.two(0), records.two(2));
    const std::uint32_t column = records.two(2);
    if (records.two(12) != kIsNoNumber) {
        return show(column, records.two(4), records.number(6));
    }
    switch (records.one(6)) {
        case 0:
            awaits_text_ = true;
            text_column_ = column;
            return;
        case 1:
        case 2:
            return show_truth_or_error(column, records.one(8), records.one(6) == 2);
        default:  // 3: empty
            return;
    }
}

void XlsSheet::take_result(BiffRecords& records) {
    if (!awaits_text_) {
        return;
    }
    awaits_text_ = false;
    text_.clear();
    append_xls_text(records, 2, records.two(0), context_, text_);
    show(text_column_, text_);
}

}  // namespace isinfetch
