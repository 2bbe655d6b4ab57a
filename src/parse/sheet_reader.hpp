// Records out of the sheets of a workbook, whatever kind of file it is.
#pragma once

#include "parse/format.hpp"
#include "parse/header.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Is told the rows of one sheet after the other, as texts. In each it looks for the row that names
/// the columns; above that are titles. Rows that are blank, name the columns again, or hold a
/// remark are no records.
class SheetReader {
public:
    /// As the workbook has it: what its author hid, people never see.
    enum class Sight { shown, hidden };

    SheetReader(const ParseOptions& options, const RecordSink& sink);

    /// A sheet begins. False when it is not to be read: then there is no need for its rows. A
    /// hidden one is, if it was asked for by name.
    bool begin(std::string_view name, Sight sight);

    /// The next row of the sheet; missing cells are empty. Throws Error{data} when the texts of a
    /// row are longer than ParseOptions::max_record.
    void take(const std::vector<std::string_view>& cells, Position position);

    /// The next row has a formula without a stored result.
    void miss_result(Position position);

    /// The sheet has ended. Throws Error{protocol} when it has no header and was asked for by name.
    void end();

    /// Throws Error{protocol} when no sheet was read, or none has a name that was asked for;
    /// Error{data} when there are no ISINs because formulas have no stored results.
    ParseSummary finish();

private:
    HeaderFinder::Found find_header(const std::vector<std::string_view>& cells, Position position);
    void take_data(const std::vector<std::string_view>& cells, Position position);
    bool is_note(const std::vector<std::string_view>& cells) const;
    void deliver(const std::vector<std::string_view>& cells, Position position);
    void look_for_announcement(const std::vector<std::string_view>& cells);
    std::string complaint() const;
    void check_announcement();
    void check_names() const;
    void judge_formulas();
    void tell_hidden();
    std::string all_names() const;

    const ParseOptions& options_;
    const RecordSink& sink_;
    HeaderFinder finder_;
    ColumnMap map_{};

    // Of the sheet.
    std::string sheet_{};
    std::string first_text_{};
    bool has_header_ = false;
    std::uint64_t width_ = 0;  ///< cells of the header that say something
    std::uint64_t records_ = 0;
    std::optional<std::uint64_t> announced_{};

    // Of the workbook.
    std::vector<std::string> names_{};
    std::vector<std::string> complaints_{};  ///< of sheets without header
    std::vector<std::string> hidden_{};      ///< sheets that were not read for that
    std::uint64_t read_ = 0;                 ///< sheets
    std::uint64_t with_isin_ = 0;            ///< rows
    std::uint64_t unsolved_ = 0;             ///< formulas without a result
    std::string first_unsolved_{};           ///< where
    std::string text_{};
    RawRecord record_{};
    ParseSummary summary_{};
};

}  // namespace isinfetch
