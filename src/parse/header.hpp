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

    /// The first column of ISINs, as they were named.
    std::size_t isin() const noexcept { return isins_.front(); }

    /// Does the row end before all columns of ISINs?
    bool ends_before_isin(std::size_t cells) const noexcept;

    /// Is there any text where an ISIN should be?
    bool has_isin(const std::vector<std::string_view>& cells) const noexcept;

    /// Sets the mapped fields of `record` from the cells of a row, where missing cells are empty,
    /// and passes it on: once for each ISIN of the row.
    void deliver(const std::vector<std::string_view>& cells,
                 RawRecord& record,
                 const RecordSink& sink) const;

private:
    friend class HeaderFinder;

    struct Place {
        std::size_t column = 0;
        std::size_t target = 0;  ///< index of a Field, or of an entry of others_
    };

    void add(const std::string& target, std::size_t column);
    void add_isin(std::size_t column);
    void fill(const std::vector<std::string_view>& cells, RawRecord& record) const;

    std::vector<std::size_t> isins_{0};  ///< columns, at least one
    bool has_isins_ = false;             ///< isins_ is known
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
    /// Throws Error{protocol} when it is a header that has a wanted name twice, or only some of the
    /// columns of ISINs.
    Found look_at(const std::vector<std::string_view>& cells, ColumnMap& map);

    /// Is it one of the names of the ISIN column? Then the row that has it there is a header.
    bool is_isin_name(std::string_view cell) const;

    /// "'ISIN', 'ISIN NUMBER'": what was looked for, for the message.
    std::string wanted() const;

    /// Why a row that was looked at is no header although it nearly is one; "" when there was none:
    /// "'*ISIN*' matches two columns, 'ISIN' and 'Underlying ISIN'".
    const std::string& near_miss() const noexcept { return near_miss_; }

private:
    struct Wanted {
        std::string target{};
        std::vector<std::string> names{};    ///< as configured
        std::vector<std::string> written{};  ///< those of them that are no places
        std::vector<std::string> plain{};    ///< plain_name() of these, * kept
        std::optional<std::size_t> place{};  ///< of "#6": 5
    };

    static Wanted prepare(const Column& column);

    /// A row's cells, and what their names are compared by.
    struct Names {
        const std::vector<std::string_view>& cells;
        std::vector<std::string> plain{};
    };

    /// By the names; else at the place, unless there it has a name that is not among them.
    static std::optional<std::size_t> locate(const Wanted& column, const Names& names);
    static std::size_t choose(const std::string& name,
                              const std::vector<std::size_t>& like,
                              const Names& names);
    bool has_isin_name(const Names& names);
    void make_map(const Names& names, ColumnMap& map) const;
    void map_isins(const Names& names, ColumnMap& map) const;

    std::vector<Wanted> columns_{};
    std::vector<Wanted> isins_{};  ///< the first one makes a row a header
    std::string near_miss_{};
};

}  // namespace isinfetch
