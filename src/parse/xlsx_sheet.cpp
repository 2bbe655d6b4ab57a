#include "parse/xlsx_sheet.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace isinfetch {

namespace {

constexpr std::size_t kMaxColumns = 16'384;
constexpr std::uint64_t kMaxRows = 1'048'576;

std::optional<std::uint64_t> parse_index(std::string_view text) noexcept {
    std::uint64_t value = 0;
    text = trim(text);
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    return failure == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

/// "AB12" is 28, counting from 1; 0 when no letter comes first.
std::size_t column_of(std::string_view name) noexcept {
    std::size_t column = 0;
    for (const char letter : name) {
        if (letter < 'A' || letter > 'Z' || column > kMaxColumns) {
            break;
        }
        column = column * 26 + static_cast<std::size_t>(letter - 'A') + 1;
    }
    return column;
}

}  // namespace

void XlsxSheetHandler::fail_row(std::string_view why) const {
    fail(ErrorKind::data, "sheet '{}', row {}: {}", printable(sheet_), position_.line, why);
}

void XlsxSheetHandler::start(std::string_view name,
                             const XmlAttributes& attributes,
                             std::uint64_t begin) {
    if (in_cell_) {
        in_value_ = in_value_ || name == "v";
        has_formula_ = has_formula_ || name == "f";
        in_inline_ = in_inline_ || name == "is";
        if (in_inline_) {
            rich_.start(name);
        }
    } else if (in_row_) {
        if (name == "c") {
            start_cell(attributes);
        }
    } else if (in_data_) {
        if (name == "row") {
            start_row(attributes, begin);
        }
    } else if (name == "sheetData") {
        in_data_ = true;
        saw_cells_ = true;
    }
}

void XlsxSheetHandler::end(std::string_view name, std::uint64_t /*end*/) {
    if (in_cell_) {
        rich_.end(name);
        in_value_ = in_value_ && name != "v";
        in_inline_ = in_inline_ && name != "is";
        if (name == "c") {
            end_cell();
        }
    } else if (in_row_) {
        if (name == "row") {
            end_row();
        }
    } else if (name == "sheetData") {
        in_data_ = false;
    }
}

bool XlsxSheetHandler::takes_text() const noexcept {
    return in_value_ || (in_inline_ && rich_.takes_text());
}

void XlsxSheetHandler::text(std::string_view text) {
    if (!in_cell_ || !takes_text()) {
        return;
    }
    value_ += text;
    if (row_.bytes() + value_.size() > context_.max_record) {
        fail_row(fmt::format("its texts have more than {} bytes", context_.max_record));
    }
}

void XlsxSheetHandler::start_row(const XmlAttributes& attributes, std::uint64_t begin) {
    const std::string_view number = attributes.find("r");
    const auto line = number.empty() ? position_.line + 1 : parse_index(number).value_or(0);
    if (line == 0) {
        fail_row(fmt::format("what follows it is no row: '{}'", printable(number)));
    }
    if (line > kMaxRows) {
        fail_row(fmt::format("more than {} rows", kMaxRows));
    }
    position_ = {.line = line, .byte = begin};
    in_row_ = true;
    row_.clear();
    column_ = 0;
}

void XlsxSheetHandler::start_cell(const XmlAttributes& attributes) {
    const std::size_t named = column_of(attributes.find("r"));
    column_ = named == 0 ? column_ + 1 : named;
    if (column_ > kMaxColumns) {
        fail_row(fmt::format("more than {} columns", kMaxColumns));
    }
    const std::string_view type = attributes.find("t");
    type_ = type == "s"                   ? Type::shared
            : type == "b"                 ? Type::flag
            : type.empty() || type == "n" ? Type::number
                                          : Type::text;
    const auto style = parse_index(attributes.find("s")).value_or(0);
    style_ = style < context_.styles.size() ? context_.styles[style] : NumberStyle{};
    value_.clear();
    in_cell_ = true;
    has_formula_ = false;
}

/// Appends the text of a cell that is not shared.
void XlsxSheetHandler::show(std::string_view value, std::string& text) const {
    switch (type_) {
        case Type::number:
            show_number(value, style_, context_.dates, text);
            break;
        case Type::flag:
            text += value == "0" || value == "false" ? "FALSE" : "TRUE";
            break;
        case Type::text:
        case Type::shared: {
            const std::size_t begin = text.size();
            text += value;
            decode_escapes(text, begin);
            break;
        }
    }
}

std::string_view XlsxSheetHandler::shared_text() const {
    const auto number = parse_index(value_);
    const auto text = number ? context_.strings.find(*number) : std::nullopt;
    if (!text) {
        fail_row(fmt::format(
            "a cell shows shared text '{}' of {}", printable(value_), context_.strings.size()));
    }
    return *text;
}

void XlsxSheetHandler::end_cell() {
    in_cell_ = false;
    in_value_ = false;
    in_inline_ = false;
    rich_ = {};
    if (value_.empty()) {
        if (has_formula_ && type_ != Type::text) {
            reader_.miss_result(position_);
        }
        return;
    }
    if (type_ == Type::shared) {
        row_.share(column_ - 1, shared_text());
    } else {
        show(value_, row_.begin_text(column_ - 1));
        row_.end_text();
    }
}

void XlsxSheetHandler::end_row() {
    in_row_ = false;
    reader_.take(row_.cells(), position_);
}

}  // namespace isinfetch
