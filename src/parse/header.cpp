#include "parse/header.hpp"

#include "core/isin.hpp"
#include "util/pattern.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace isinfetch {

namespace {

/// "#6" is 5: the sixth column, counting from 0.
std::optional<std::size_t> parse_place(std::string_view name) {
    std::size_t place = 0;
    if (!name.starts_with('#')) {
        return std::nullopt;
    }
    const char* end = name.data() + name.size();
    const auto [stop, failure] = std::from_chars(name.data() + 1, end, place);
    return failure == std::errc{} && stop == end && place > 0 ? std::optional(place - 1)
                                                              : std::nullopt;
}

std::optional<std::size_t> find_field(std::string_view name) {
    const auto table = field_table();
    const auto found = std::find_if(
        table.begin(), table.end(), [&](const FieldInfo& field) { return field.name == name; });
    if (found == table.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - table.begin());
}

/// plain_name(), but the stars of a pattern stay.
std::string plain_pattern(std::string_view name) {
    std::vector<std::string> parts;
    for (const std::string_view part : split(name, '*')) {
        parts.push_back(plain_name(part));
    }
    return join(parts, "*");
}

/// The first cell with this name, or the only one that is like this pattern.
std::optional<std::size_t> find_name(const std::string& name,
                                     const std::vector<std::string>& plain_cells) {
    const auto is_like = [&](const std::string& cell) {
        return !cell.empty() && matches_pattern(cell, name);
    };
    const auto found = std::find_if(plain_cells.begin(), plain_cells.end(), is_like);
    const bool is_pattern = name.find('*') != std::string::npos;
    if (found == plain_cells.end() ||
        (is_pattern && std::any_of(std::next(found), plain_cells.end(), is_like))) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - plain_cells.begin());
}

}  // namespace

ColumnMap ColumnMap::in_order(const std::vector<Column>& columns) {
    ColumnMap map;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        map.add(columns[i].target, i);
        if (columns[i].target == "isin") {
            map.isin_ = i;
        }
    }
    return map;
}

void ColumnMap::add(const std::string& target, std::size_t column) {
    if (const auto field = find_field(target)) {
        fields_.push_back({column, *field});
    } else {
        further_.push_back({column, others_.size()});
        others_.push_back(target);
    }
}

void ColumnMap::fill(const std::vector<std::string_view>& cells, RawRecord& record) const {
    const auto cell = [&](std::size_t column) {
        return column < cells.size() ? cells[column] : std::string_view{};
    };
    for (const Place& place : fields_) {
        record.fields[place.target] = cell(place.column);
    }
    record.others.clear();
    for (const Place& place : further_) {
        record.others.emplace_back(others_[place.target], cell(place.column));
    }
}

HeaderFinder::HeaderFinder(const std::vector<Column>& columns) {
    for (const Column& column : columns) {
        (column.target == "isin" ? isin_ : columns_.emplace_back()) = prepare(column);
    }
}

HeaderFinder::Wanted HeaderFinder::prepare(const Column& column) {
    Wanted wanted{.target = column.target, .names = column.names};
    for (const std::string& name : column.names) {
        if (const auto place = parse_place(name)) {
            wanted.place = place;
        } else {
            wanted.plain.push_back(plain_pattern(name));
        }
    }
    return wanted;
}

std::optional<std::size_t> HeaderFinder::locate(const Wanted& column,
                                                const std::vector<std::string>& plain_cells) {
    for (const std::string& name : column.plain) {
        if (const auto found = find_name(name, plain_cells)) {
            return found;
        }
    }
    const bool is_named =
        column.place && *column.place < plain_cells.size() && !plain_cells[*column.place].empty();
    return is_named && !column.plain.empty() ? std::nullopt : column.place;
}

void HeaderFinder::make_map(const std::vector<std::string>& plain_cells, ColumnMap& map) const {
    map = {};
    map.isin_ = locate(isin_, plain_cells).value_or(isin_.place.value_or(0));
    map.fields_.push_back({map.isin_, index(Field::isin)});
    for (const Wanted& column : columns_) {
        if (const auto place = locate(column, plain_cells)) {
            map.add(column.target, *place);
        }
    }
}

/// A pattern alone makes no header of a title: "ISINs as of 23/11/2026".
bool HeaderFinder::has_isin_name(const std::vector<std::string>& plain_cells) const {
    const auto texts = std::count_if(
        plain_cells.begin(), plain_cells.end(), [](const auto& cell) { return !cell.empty(); });
    return std::any_of(isin_.plain.begin(), isin_.plain.end(), [&](const std::string& name) {
        const bool is_pattern = name.find('*') != std::string::npos;
        return (!is_pattern || texts > 2) && find_name(name, plain_cells);
    });
}

HeaderFinder::Found HeaderFinder::look_at(const std::vector<std::string_view>& cells,
                                          ColumnMap& map) const {
    std::vector<std::string> plain_cells;
    std::transform(cells.begin(), cells.end(), std::back_inserter(plain_cells), plain_name);
    if (has_isin_name(plain_cells)) {
        make_map(plain_cells, map);
        return Found::header;
    }
    if (!isin_.place) {
        return Found::nothing;
    }
    const auto is_there = [&](const std::string& name) {
        return find_name(name, plain_cells).has_value();
    };
    const auto named = std::count_if(columns_.begin(), columns_.end(), [&](const Wanted& column) {
        return std::any_of(column.plain.begin(), column.plain.end(), is_there);
    });
    if (named >= 2) {
        make_map(plain_cells, map);
        return Found::header;
    }
    if (*isin_.place < cells.size() && Isin::parse(trim(cells[*isin_.place]))) {
        make_map({}, map);
        return Found::data;
    }
    return Found::nothing;
}

bool HeaderFinder::is_isin_name(std::string_view cell) const {
    return std::ranges::find(isin_.plain, plain_name(cell)) != isin_.plain.end();
}

std::string HeaderFinder::wanted() const {
    std::vector<std::string> quoted;
    for (const std::string& name : isin_.names) {
        quoted.push_back("'" + name + "'");
    }
    return join(quoted, ", ");
}

}  // namespace isinfetch
