// The cells of a row while it is being read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Cells may come in any order; one that comes twice is what it was last.
class SheetRow {
public:
    void clear() noexcept {
        cells_.clear();
        texts_.clear();
        bytes_ = 0;
    }

    /// The cell of a column, counting from 0, is what is appended to this, up to end_text().
    std::string& begin_text(std::size_t column) {
        open_ = column;
        begin_ = texts_.size();
        return texts_;
    }

    void end_text() {
        const std::size_t size = texts_.size() - begin_;
        cell(open_) = {.begin = begin_, .size = size};
        bytes_ += size;
    }

    /// A text that outlives the row.
    void share(std::size_t column, std::string_view text) {
        cell(column) = {.shared = text};
        bytes_ += text.size();
    }

    /// Of all texts.
    std::uint64_t bytes() const noexcept { return bytes_; }

    /// Valid until the next call of any other function.
    const std::vector<std::string_view>& cells() {
        views_.clear();
        for (const Cell& cell : cells_) {
            views_.push_back(cell.size > 0 ? std::string_view(texts_).substr(cell.begin, cell.size)
                                           : cell.shared);
        }
        return views_;
    }

private:
    /// A part of texts_, or a shared text.
    struct Cell {
        std::size_t begin = 0;
        std::size_t size = 0;
        std::string_view shared{};
    };

    Cell& cell(std::size_t column) {
        if (cells_.size() <= column) {
            cells_.resize(column + 1);
        }
        return cells_[column];
    }

    std::vector<Cell> cells_{};
    std::string texts_{};
    std::vector<std::string_view> views_{};
    std::uint64_t bytes_ = 0;
    std::size_t open_ = 0;
    std::size_t begin_ = 0;
};

}  // namespace isinfetch
