// Which column of a table is which: by the names that publishers have used over the years.
#pragma once

#include "core/record.hpp"
#include "parse/format.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Where the columns of interest are in this file.
class ColumnMap {
public:
    /// Of rows that have a cell for each of `columns`, in their order.
    static ColumnMap in_order(const std::vector<Column>& columns);

    std::size_t isin() const noexcept { return isin_; }

    /// Sets the mapped fields of `record` from the cells of a row; missing cells are empty.
    void fill(const std::vector<std::string_view>& cells, RawRecord& record) const;

private:
    friend class HeaderFinder;

    struct Place {
        std::size_t column = 0;
        std::size_t target = 0;  ///< index of a Field, or of an entry of others_
    };

    void add(const std::string& target, std::size_t column);

    std::size_t isin_ = 0;
    std::vector<Place> fields_{};
    std::vector<Place> further_{};
    std::vector<std::string> others_{};  ///< names of further columns
};

/// Recognises the row that names the columns.
class HeaderFinder {
public:
    explicit HeaderFinder(const std::vector<Column>& columns);

    enum class Found { nothing, header, data };

    /// Is this row the header? It is when it has one of the names of the ISIN column: as such; like
    /// a pattern ("*ISIN*") in exactly one of at least three cells with text; or, where a place
    /// ("#6") is declared, when it has two names of other columns. A row that already has an ISIN
    /// at the declared place is data: the file has no header. Fills `map` unless nothing is found.
    Found look_at(const std::vector<std::string_view>& cells, ColumnMap& map) const;

    /// Is it one of the names of the ISIN column? Then the row that has it there is a header.
    bool is_isin_name(std::string_view cell) const;

    /// "'ISIN', 'ISIN NUMBER'": what was looked for, for the message.
    std::string wanted() const;

private:
    struct Wanted {
        std::string target{};
        std::vector<std::string> names{};    ///< as configured
        std::vector<std::string> plain{};    ///< plain_name() of them, * kept
        std::optional<std::size_t> place{};  ///< of "#6": 5
    };

    static Wanted prepare(const Column& column);

    /// By the names; else at the place, unless there it has a name that is not among them.
    static std::optional<std::size_t> locate(const Wanted& column,
                                             const std::vector<std::string>& plain_cells);
    bool has_isin_name(const std::vector<std::string>& plain_cells) const;
    void make_map(const std::vector<std::string>& plain_cells, ColumnMap& map) const;

    std::vector<Wanted> columns_{};
    Wanted isin_{};
};

}  // namespace isinfetch
