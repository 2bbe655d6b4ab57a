#include "parse/header.hpp"

#include "core/isin.hpp"
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
            wanted.plain.push_back(plain_name(name));
        }
    }
    return wanted;
}

std::optional<std::size_t> HeaderFinder::locate(const Wanted& column,
                                                const std::vector<std::string>& plain_cells) {
    for (const std::string& name : column.plain) {
        const auto found = std::find(plain_cells.begin(), plain_cells.end(), name);
        if (found != plain_cells.end() && !name.empty()) {
            return static_cast<std::size_t>(found - plain_cells.begin());
        }
    }
    return column.place;
}

void HeaderFinder::make_map(const std::vector<std::string>& plain_cells, ColumnMap& map) const {
    map = {};
    map.isin_ = locate(isin_, plain_cells).value_or(0);
    map.fields_.push_back({map.isin_, index(Field::isin)});
    for (const Wanted& column : columns_) {
        if (const auto place = locate(column, plain_cells)) {
            map.add(column.target, *place);
        }
    }
}

HeaderFinder::Found HeaderFinder::look_at(const std::vector<std::string_view>& cells,
                                          ColumnMap& map) const {
    std::vector<std::string> plain_cells;
    std::transform(cells.begin(), cells.end(), std::back_inserter(plain_cells), plain_name);
    const auto is_there = [&](const std::string& name) {
        return std::find(plain_cells.begin(), plain_cells.end(), name) != plain_cells.end();
    };
    if (std::any_of(isin_.plain.begin(), isin_.plain.end(), is_there)) {
        make_map(plain_cells, map);
        return Found::header;
    }
    if (!isin_.place) {
        return Found::nothing;
    }
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
