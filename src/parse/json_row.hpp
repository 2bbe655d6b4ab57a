// One row of a JSON document while it is read: the cells that columns are made of, nothing else.
#pragma once

#include "parse/format.hpp"
#include "util/json_events.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// An object becomes a cell for each column of interest, found by its members' names; an array a
/// cell for each of its elements, a value alone one cell.
class JsonRow {
public:
    explicit JsonRow(const std::vector<Column>& columns);

    /// What JsonListener is told, from the row's own beginning to its end.
    void begin(JsonContainer container);
    void key(std::string_view name);
    void value(std::string_view text);

    /// True when this was the end of the row.
    bool end();

    /// Makes it ready for the next row.
    void clear();

    bool is_object() const noexcept { return is_object_; }

    /// Has it no value at all?
    bool is_empty() const noexcept { return text_.empty(); }

    /// Had an object a member that is the ISIN's column?
    bool has_isin() const noexcept { return has_isin_; }

    /// Valid until clear(). Of an object: in the order of the columns.
    const std::vector<std::string>& cells() const noexcept { return cells_; }

    /// For people: "ISIN: US0378331005, Name: Apple", its beginning.
    const std::string& text() const noexcept { return text_; }

private:
    struct Place {
        std::size_t column = 0;
        std::size_t rank = 0;  ///< among the names of the column
    };

    struct Level {
        std::size_t path = 0;  ///< length of path_ before it
        std::size_t elements = 0;
        bool is_array = false;
    };

    void enter_element();
    void leave_value();
    void keep(std::string_view text);
    void describe(std::string_view text);

    std::multimap<std::string, Place, std::less<>> wanted_{};  ///< by plain_name()
    std::size_t columns_;
    std::vector<bool> is_isin_{};  ///< of the columns
    bool is_object_ = false;
    bool has_isin_ = false;
    std::vector<Level> levels_{};
    std::string path_{};  ///< of the value that comes next: "attributes.isin"
    std::vector<std::string> cells_{};
    std::vector<std::size_t> ranks_{};  ///< of the names that filled the cells
    std::string text_{};
};

}  // namespace isinfetch
