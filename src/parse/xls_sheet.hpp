// The cells of one sheet of an old workbook (BIFF5, BIFF8), row by row.
#pragma once

#include "parse/biff_records.hpp"
#include "parse/code_page.hpp"
#include "parse/number_format.hpp"
#include "parse/shared_texts.hpp"
#include "parse/sheet_reader.hpp"
#include "parse/sheet_row.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What holds for the whole workbook.
struct XlsContext {
    bool is_biff8 = true;
    DateSystem dates = DateSystem::from_1900;
    CodePage code_page{1252};           ///< of texts before BIFF8
    SharedTexts strings;                ///< BIFF8
    std::vector<NumberStyle> styles{};  ///< by the index of XF records
    std::uint64_t max_record = 0;       ///< bytes of a row's texts
};

/// Appends a text of `characters`, whose beginning is at `at` of the record.
void append_xls_text(BiffRecords& records,
                     std::size_t at,
                     std::uint32_t characters,
                     XlsContext& context,
                     std::string& text);

/// Puts rows together out of the records of a sheet and tells them to a SheetReader. Throws
/// Error{data} for rows that are not in their order, too many columns, too long texts and a shared
/// text that is not there. Source: MS-XLS §2.4.
class XlsSheet {
public:
    XlsSheet(std::string_view name, XlsContext& context, SheetReader& reader)
        : name_(name), context_(context), reader_(reader) {}

    void take(BiffRecords& records);

    /// The last row.
    void finish();

private:
    void begin_cell(const BiffRecords& records, std::uint32_t row, std::uint32_t column);
    void show(std::uint32_t column, std::uint32_t style, double number);
    void show(std::uint32_t column, std::string_view text);
    void show_truth_or_error(std::uint32_t column, std::uint32_t value, bool is_error);
    void take_shared(const BiffRecords& records);
    void take_text(BiffRecords& records);
    void take_numbers(const BiffRecords& records);
    void take_formula(const BiffRecords& records);
    void take_result(BiffRecords& records);
    [[noreturn]] void fail_row(std::string_view why) const;

    std::string_view name_;
    XlsContext& context_;
    SheetReader& reader_;
    SheetRow row_{};
    Position position_{};       ///< of the row; line 0: none yet
    bool awaits_text_ = false;  ///< the result of the formula in text_column_
    std::uint32_t text_column_ = 0;
    std::string text_{};
};

}  // namespace isinfetch
