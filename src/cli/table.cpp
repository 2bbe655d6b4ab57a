#include "cli/table.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>

namespace isinfetch::cli {

namespace {

/// In characters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

void Table::add(const std::vector<std::string>& cells) {
    std::vector<std::string>& row = rows_.emplace_back();
    std::ranges::transform(
        cells, std::back_inserter(row), [](const std::string& cell) { return one_line(cell); });
}

void Table::write(std::ostream& out) const {
    std::vector<std::size_t> widths(rows_.front().size());
    std::vector<bool> numeric(rows_.front().size(), rows_.size() > 1);
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        for (std::size_t column = 0; column < widths.size(); ++column) {
            const std::string& cell = rows_[row][column];
            widths[column] = std::max(widths[column], width(cell));
            numeric[column] = numeric[column] && (row == 0 || is_number(cell));
        }
    }
    for (const std::vector<std::string>& cells : rows_) {
        std::string line;
        for (std::size_t column = 0; column < widths.size(); ++column) {
            const std::string padding(widths[column] - width(cells[column]), ' ');
            line += numeric[column] ? padding + cells[column] : cells[column] + padding;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    }
}

}  // namespace isinfetch::cli
