#include "parse/header.hpp"

#include "core/isin.hpp"
#include "util/error.hpp"
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

/// The cells with this name, or that are like this pattern.
std::vector<std::size_t> find_names(const std::string& name,
                                    const std::vector<std::string>& plain_cells) {
    std::vector<std::size_t> like;
    for (std::size_t i = 0; i < plain_cells.size(); ++i) {
        if (!plain_cells[i].empty() && matches_pattern(plain_cells[i], name)) {
            like.push_back(i);
        }
    }
    return like;
}

bool is_pattern(const std::string& name) noexcept {
    return name.find('*') != std::string::npos;
}

/// A pattern must be like one cell only.
bool is_found(const std::string& name, const std::vector<std::size_t>& like) noexcept {
    return !like.empty() && (like.size() == 1 || !is_pattern(name));
}

std::string quoted(const std::vector<std::string>& names) {
    std::vector<std::string> result;
    std::ranges::transform(names, std::back_inserter(result), [](const std::string& name) {
        return "'" + name + "'";
    });
    return join(result, ", ");
}

}  // namespace

ColumnMap ColumnMap::in_order(const std::vector<Column>& columns) {
    ColumnMap map;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].target == "isin") {
            map.add_isin(i);
        } else {
            map.add(columns[i].target, i);
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

void ColumnMap::add_isin(std::size_t column) {
    if (!has_isins_) {
        isins_.clear();
        has_isins_ = true;
    }
    if (std::ranges::find(isins_, column) == isins_.end()) {
        isins_.push_back(column);
    }
}

bool ColumnMap::ends_before_isin(std::size_t cells) const noexcept {
    return std::ranges::all_of(isins_, [cells](std::size_t column) { return cells <= column; });
}

bool ColumnMap::has_isin(const std::vector<std::string_view>& cells) const noexcept {
    return std::ranges::any_of(isins_, [&](std::size_t column) {
        return column < cells.size() && !trim(cells[column]).empty();
    });
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
    record.fields[index(Field::isin)] = cell(isin());
    record.is_further = false;
}

/// Where some of the ISINs' cells are empty, only the others are records.
void ColumnMap::deliver(const std::vector<std::string_view>& cells,
                        RawRecord& record,
                        const RecordSink& sink) const {
    fill(cells, record);
    if (isins_.size() == 1 || !has_isin(cells)) {
        sink(record);
        return;
    }
    for (const std::size_t column : isins_) {
        if (column < cells.size() && !trim(cells[column]).empty()) {
            record.fields[index(Field::isin)] = cells[column];
            sink(record);
            record.is_further = true;
        }
    }
}

HeaderFinder::HeaderFinder(const std::vector<Column>& columns) {
    for (const Column& column : columns) {
        (column.target == "isin" ? isins_ : columns_).push_back(prepare(column));
    }
    if (isins_.empty()) {
        isins_.emplace_back();
    }
}

HeaderFinder::Wanted HeaderFinder::prepare(const Column& column) {
    Wanted wanted{.target = column.target, .names = column.names};
    for (const std::string& name : column.names) {
        if (const auto place = parse_place(name)) {
            wanted.place = place;
        } else {
            wanted.written.push_back(name);
            wanted.plain.push_back(plain_pattern(name));
        }
    }
    return wanted;
}

/// Of several columns with a name, the one that has it to the letter.
std::size_t HeaderFinder::choose(const std::string& name,
                                 const std::vector<std::size_t>& like,
                                 const Names& names) {
    std::vector<std::size_t> same;
    std::ranges::copy_if(like, std::back_inserter(same), [&](std::size_t column) {
        return trim(names.cells[column]) == name;
    });
    const std::vector<std::size_t>& left = same.empty() ? like : same;
    if (left.size() > 1) {
        fail(ErrorKind::protocol,
             "{} columns are named '{}', columns {} and {}{}: say which by its place alone, as "
             "\"#{}\"",
             left.size() == 2 ? "two" : std::to_string(left.size()),
             printable(trim(names.cells[left.front()])),
             left[0] + 1,
             left[1] + 1,
             left.size() == 2 ? "" : " among them",
             left[0] + 1);
    }
    return left.front();
}

std::optional<std::size_t> HeaderFinder::locate(const Wanted& column, const Names& names) {
    for (std::size_t i = 0; i < column.plain.size(); ++i) {
        const auto like = find_names(column.plain[i], names.plain);
        if (is_found(column.plain[i], like)) {
            return like.size() == 1 ? like.front() : choose(column.written[i], like, names);
        }
    }
    const bool is_named =
        column.place && *column.place < names.plain.size() && !names.plain[*column.place].empty();
    return is_named && !column.plain.empty() ? std::nullopt : column.place;
}

/// One of several columns of ISINs that is not there must not be missed by nobody.
void HeaderFinder::map_isins(const Names& names, ColumnMap& map) const {
    for (const Wanted& isin : isins_) {
        const auto place = locate(isin, names);
        if (!place && &isin != &isins_.front()) {
            fail(ErrorKind::protocol,
                 "no column named {} beside that of the other ISINs",
                 quoted(isin.names));
        }
        map.add_isin(place.value_or(isin.place.value_or(0)));
    }
}

void HeaderFinder::make_map(const Names& names, ColumnMap& map) const {
    map = {};
    map_isins(names, map);
    for (const Wanted& column : columns_) {
        if (const auto place = locate(column, names)) {
            map.add(column.target, *place);
        }
    }
}

/// A pattern alone makes no header of a title: "ISINs as of 23/11/2026".
bool HeaderFinder::has_isin_name(const Names& names) {
    const auto texts =
        std::ranges::count_if(names.plain, [](const auto& cell) { return !cell.empty(); });
    const Wanted& isin = isins_.front();
    for (std::size_t i = 0; i < isin.plain.size(); ++i) {
        const std::string& name = isin.plain[i];
        const auto like = find_names(name, names.plain);
        const bool may_be = !is_pattern(name) || texts > 2;
        if (may_be && is_found(name, like)) {
            return true;
        }
        if (may_be && like.size() > 1 && near_miss_.empty()) {
            near_miss_ =
                fmt::format("'{}' matches {} columns, '{}' and '{}'{}: write the whole name",
                            isin.written[i],
                            like.size() == 2 ? "two" : std::to_string(like.size()),
                            printable(trim(names.cells[like[0]])),
                            printable(trim(names.cells[like[1]])),
                            like.size() == 2 ? "" : " among them");
        }
    }
    return false;
}

HeaderFinder::Found HeaderFinder::look_at(const std::vector<std::string_view>& cells,
                                          ColumnMap& map) {
    Names names{.cells = cells};
    std::ranges::transform(cells, std::back_inserter(names.plain), plain_name);
    if (has_isin_name(names)) {
        make_map(names, map);
        return Found::header;
    }
    const auto place = isins_.front().place;
    if (!place) {
        return Found::nothing;
    }
    const auto is_there = [&](const std::string& name) {
        return is_found(name, find_names(name, names.plain));
    };
    const auto named = std::ranges::count_if(columns_, [&](const Wanted& column) {
        return std::ranges::any_of(column.plain, is_there);
    });
    if (named >= 2) {
        make_map(names, map);
        return Found::header;
    }
    if (*place < cells.size() && Isin::parse(trim(cells[*place]))) {
        names.plain.clear();
        make_map(names, map);
        return Found::data;
    }
    return Found::nothing;
}

bool HeaderFinder::is_isin_name(std::string_view cell) const {
    const auto& names = isins_.front().plain;
    return std::ranges::find(names, plain_name(cell)) != names.end();
}

std::string HeaderFinder::wanted() const {
    return quoted(isins_.front().names);
}

}  // namespace isinfetch
