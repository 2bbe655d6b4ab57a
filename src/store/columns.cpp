#include "store/columns.hpp"

#include <fmt/format.h>

namespace isinfetch {

std::string listing_columns(std::string_view prefix) {
    std::string columns;
    for (const FieldInfo& field : field_table()) {
        columns += fmt::format("{}{}, ", prefix, field.name);
    }
    return columns + fmt::format("{}other", prefix);
}

void read_listing(const Cursor& cursor, int first, Listing& listing) {
    int column = first;
    for (std::string& field : listing.fields) {
        field = cursor.text(column++);
    }
    listing.other = cursor.text(column);
}

std::string count_columns(std::string_view prefix) {
    std::string columns;
    for (const CountInfo& count : count_table()) {
        columns += fmt::format("{}{}{}", columns.empty() ? "" : ", ", prefix, count.name);
    }
    return columns;
}

Counts read_counts(const Cursor& cursor, int first) {
    Counts counts;
    int column = first;
    for (const CountInfo& count : count_table()) {
        counts.*count.member = static_cast<std::uint64_t>(cursor.integer(column++));
    }
    return counts;
}

}  // namespace isinfetch
