// The cells of one sheet, row by row.
#pragma once

#include "parse/expat_reader.hpp"
#include "parse/number_format.hpp"
#include "parse/shared_texts.hpp"
#include "parse/sheet_reader.hpp"
#include "parse/sheet_row.hpp"
#include "parse/xlsx_strings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What cells refer to.
struct XlsxContext {
    const SharedTexts& strings;
    const std::vector<NumberStyle>& styles;
    DateSystem dates = DateSystem::from_1900;
    std::uint64_t max_record = 0;  ///< bytes of a row's texts
};

/// Tells a SheetReader the rows of a worksheet part. Throws Error{data} for a row of more columns
/// than a workbook has (16,384), for one that is too long, and for a shared text that is not there.
/// Source: ECMA-376-1, §18.3.1.
class XlsxSheetHandler final : public XmlHandler {
public:
    XlsxSheetHandler(std::string_view sheet, const XlsxContext& context, SheetReader& reader)
        : sheet_(sheet), context_(context), reader_(reader) {}

    void start(std::string_view name,
               const XmlAttributes& attributes,
               std::uint64_t begin) override;
    void end(std::string_view name, std::uint64_t end) override;
    void text(std::string_view text) override;

    /// Was there anything like a sheet?
    bool saw_cells() const noexcept { return saw_cells_; }

private:
    enum class Type : std::uint8_t { number, text, shared, flag };

    void start_row(const XmlAttributes& attributes, std::uint64_t begin);
    void start_cell(const XmlAttributes& attributes);
    void end_cell();
    void end_row();
    void show(std::string_view value, std::string& text) const;
    std::string_view shared_text() const;
    bool takes_text() const noexcept;
    [[noreturn]] void fail_row(std::string_view why) const;

    std::string_view sheet_;
    const XlsxContext& context_;
    SheetReader& reader_;

    bool in_data_ = false;
    bool saw_cells_ = false;
    bool in_row_ = false;
    bool in_cell_ = false;
    bool in_value_ = false;
    bool in_inline_ = false;
    bool has_formula_ = false;  ///< the open cell
    RichText rich_{};

    Position position_{};
    SheetRow row_{};
    std::size_t column_ = 0;  ///< of the next cell without a name, then of the open one plus 1
    Type type_ = Type::number;
    NumberStyle style_{};
    std::string value_{};  ///< of the open cell
};

}  // namespace isinfetch
