#include "store/new_versions.hpp"

#include "util/interrupt.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kRowsWritten = 64;  // per statement; more is hardly faster

/// Columns behind those of the listing, in the order of text_of(). The last one is a
/// number.
constexpr std::array<std::string_view, 6> kFurther{
    "valid_from", "valid_to", "superseded", "closed_as", "cancelled", "closed_run"};
constexpr std::size_t kFirstFurther = kFieldCount + 1;
constexpr std::size_t kClosedRun = kFirstFurther + kFurther.size() - 1;

std::string_view column_name(std::size_t column) noexcept {
    if (column < kFieldCount) {
        return field_table()[column].name;
    }
    return column == kFieldCount ? "other" : kFurther[column - kFirstFurther];
}

/// Of closed_run any text: whether there is one.
std::string_view text_of(const Version& row, std::size_t column) noexcept {
    const Listing& listing = row.listing;
    if (column < kFieldCount) {
        return listing.fields[column];
    }
    const std::array<std::string_view, 1 + kFurther.size()> texts{listing.other,
                                                                  listing.valid.from,
                                                                  listing.valid.to,
                                                                  row.superseded,
                                                                  row.closed_as,
                                                                  row.cancelled,
                                                                  row.closed_as};
    return texts[column - kFieldCount];
}

/// "INSERT … VALUES ($1, $2, $3, $4, …), (…)": the values that all rows have in common come first.
template <typename Columns>
std::string insert_text(const Columns& used, std::size_t rows) {
    std::string text = "INSERT INTO listing (source_id, added_run, published, opened_as";
    for (std::size_t i = 0; i < used.size(); ++i) {
        text += used[i] ? fmt::format(", {}", column_name(i)) : "";
    }
    text += ") VALUES ";
    std::size_t number = 3;
    for (std::size_t row = 0; row < rows; ++row) {
        text += row == 0 ? "($1, $2, $3" : ", ($1, $2, $3";
        for (std::size_t column = 0; column <= used.count(); ++column) {
            text += fmt::format(", ${}", ++number);
        }
        text += ')';
    }
    return text;
}

}  // namespace

NewVersions::NewVersions(Connection& connection,
                         std::int64_t source,
                         std::int64_t run_source,
                         std::string published)
    : connection_(connection),
      source_(source),
      run_source_(run_source),
      published_(std::move(published)),
      rows_(kRowsWritten) {
    use({0b11});  // the key
}

void NewVersions::add(Listing& listing, std::string_view opened_as) {
    Version& row = rows_[size_];
    std::swap(row.listing, listing);
    row.opened_as = opened_as;
    row.superseded.clear();
    row.closed_as.clear();
    row.cancelled.clear();
    advance();
}

void NewVersions::add(Version& version) {
    std::swap(rows_[size_], version);
    advance();
}

void NewVersions::finish() {
    note_columns();
    for (std::size_t i = 0; i < size_; ++i) {
        write(one_, std::span(rows_).subspan(i, 1));
    }
    size_ = 0;
}

void NewVersions::advance() {
    if (++size_ == kRowsWritten) {
        note_columns();
        write(many_, rows_);
        size_ = 0;
    }
}

void NewVersions::use(const UsedColumns& columns) {
    used_ = columns;
    many_ = insert_text(used_, kRowsWritten);
    one_ = insert_text(used_, 1);
}

// Columns are only ever added: there are no more different statements than there are columns.
void NewVersions::note_columns() {
    UsedColumns columns = used_;
    for (const Version& row : std::span(rows_).first(size_)) {
        for (std::size_t i = kFirstFact; i < columns.size(); ++i) {
            columns[i] = columns[i] || !text_of(row, i).empty();
        }
    }
    if (columns != used_) {
        use(columns);
    }
}

void NewVersions::write(const std::string& sql, std::span<const Version> rows) {
    stop_if_interrupted();
    parameters_ = {source_, run_source_, published_};
    for (const Version& row : rows) {
        append(row);
    }
    connection_.execute(sql, parameters_);
}

void NewVersions::append(const Version& row) {
    parameters_.emplace_back(row.opened_as);
    for (std::size_t i = 0; i < used_.size(); ++i) {
        if (!used_[i]) {
            continue;
        }
        const std::string_view text = text_of(row, i);
        if (i < kFirstFact) {
            parameters_.emplace_back(text);
        } else if (i == kClosedRun && !text.empty()) {
            parameters_.emplace_back(run_source_);
        } else {
            parameters_.push_back(or_null(text));
        }
    }
}

}  // namespace isinfetch
