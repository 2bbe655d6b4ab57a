#include "parse/json_row.hpp"

#include "util/text.hpp"

#include <limits>

namespace isinfetch {

namespace {

constexpr std::size_t kTextKept = 500;
constexpr std::size_t kLongestPath = 1000;  // nobody's column has a longer name
constexpr std::size_t kUnfilled = std::numeric_limits<std::size_t>::max();

}  // namespace

JsonRow::JsonRow(const std::vector<Column>& columns) : columns_(columns.size()) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
        const auto& names = columns[column].names;
        for (std::size_t rank = 0; rank < names.size(); ++rank) {
            wanted_.emplace(plain_name(names[rank]), Place{column, rank});
        }
        is_isin_.push_back(columns[column].target == "isin");
    }
    clear();
}

void JsonRow::clear() {
    is_object_ = false;
    has_isin_ = false;
    levels_.clear();
    path_.clear();
    cells_.clear();
    ranks_.clear();
    text_.clear();
}

/// The elements of an array in an object are members by the name of their place.
void JsonRow::enter_element() {
    if (!levels_.empty() && levels_.back().is_array) {
        Level& level = levels_.back();
        path_.resize(level.path);
        path_ += (path_.empty() ? "" : ".") + std::to_string(level.elements++);
    }
}

void JsonRow::begin(JsonContainer container) {
    if (levels_.empty() && container == JsonContainer::object) {
        is_object_ = true;
        cells_.resize(columns_);
        ranks_.assign(columns_, kUnfilled);
    }
    enter_element();
    levels_.push_back({.path = path_.size(), .is_array = container == JsonContainer::array});
    if (!is_object_ && levels_.size() == 2) {
        cells_.emplace_back();  // it has a place among the others, and no text
    }
}

bool JsonRow::end() {
    path_.resize(levels_.back().path);
    levels_.pop_back();
    return levels_.empty();
}

void JsonRow::key(std::string_view name) {
    path_.resize(levels_.back().path);
    path_ += path_.empty() ? "" : ".";
    path_ += name;
}

void JsonRow::value(std::string_view text) {
    enter_element();
    describe(text);
    if (is_object_) {
        keep(text);
    } else if (levels_.size() <= 1) {
        cells_.emplace_back(text);
    }
}

/// Of several names of a column, the first one that has a value counts.
void JsonRow::keep(std::string_view text) {
    if (path_.size() > kLongestPath) {
        return;
    }
    const auto [begin, end] = wanted_.equal_range(plain_name(path_));
    for (auto each = begin; each != end; ++each) {
        const Place& place = each->second;
        has_isin_ = has_isin_ || is_isin_[place.column];
        if (place.rank < ranks_[place.column] && !text.empty()) {
            cells_[place.column] = text;
            ranks_[place.column] = place.rank;
        }
    }
}

void JsonRow::describe(std::string_view text) {
    if (text_.size() < kTextKept) {
        text_ += text_.empty() ? "" : ", ";
        text_ += is_object_ ? path_.substr(0, kTextKept) + ": " : "";
        text_ += text.substr(0, kTextKept);
    }
}

}  // namespace isinfetch
