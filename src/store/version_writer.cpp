#include "store/version_writer.hpp"

#include "store/row_weight.hpp"
#include "util/interrupt.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kRowsWritten = 512;  // at once
constexpr std::size_t kEndsWritten = 64;   // per statement

/// Columns behind those of the listing, in the order of text_of(). The last one is a number.
constexpr std::array<std::string_view, 7> kFurther{
    "opened_as", "valid_from", "valid_to", "superseded", "closed_as", "cancelled", "closed_run"};
constexpr std::size_t kFirstFurther = kFieldCount + 1;
constexpr std::size_t kClosedRun = kFirstFurther + kFurther.size() - 1;

/// What every row has: the key, and how it was opened.
bool is_always_used(std::size_t column) noexcept {
    return column < kFirstFact || column == kFirstFurther;
}

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
                                                                  row.opened_as,
                                                                  listing.valid.from,
                                                                  listing.valid.to,
                                                                  row.superseded,
                                                                  row.closed_as,
                                                                  row.cancelled,
                                                                  row.closed_as};
    return texts[column - kFieldCount];
}

/// "($4, $5), ($6, $7)": as many parameters as there are from `first` on, `width` per row.
std::string values_text(std::size_t first, std::size_t last, std::size_t width) {
    std::string text;
    for (std::size_t number = first; number <= last; ++number) {
        const bool begins = (number - first) % width == 0;
        text += fmt::format("{}${}", !begins ? ", " : text.empty() ? "(" : "), (", number);
    }
    return text + ')';
}

}  // namespace

VersionWriter::VersionWriter(Connection& connection,
                             std::int64_t source,
                             std::int64_t run_source,
                             std::string published)
    : connection_(connection),
      source_(source),
      run_source_(run_source),
      published_(std::move(published)),
      rows_(kRowsWritten) {
    UsedColumns columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        columns[i] = is_always_used(i);
    }
    use(columns);
}

void VersionWriter::add(Listing& listing, std::string_view opened_as) {
    Version& row = rows_[size_];
    swap(row.listing, listing);
    row.published = published_;
    row.opened_as = opened_as;
    row.superseded.clear();
    row.closed_as.clear();
    row.cancelled.clear();
    advance();
}

void VersionWriter::add(Version& version) {
    swap(rows_[size_], version);
    advance();
}

void VersionWriter::add_earlier(Version& version, std::int64_t run_source) {
    finish();
    const std::int64_t usual = std::exchange(run_source_, run_source);
    add(version);
    finish();
    run_source_ = usual;
}

// By key rather than id: the entry of the index must be found anyway, to be taken out.
void VersionWriter::close(const Listing& listing, std::string_view closed_as) {
    closings_.push_back({listing.isin(), listing.venue(), std::string(closed_as)});
    if (closings_.size() == kEndsWritten) {
        write_closings();
    }
}

// Versions of one key are written in their order: what is current may move from one to the other.
void VersionWriter::edit(const Version& version) {
    const bool same_key = !edits_.empty() &&
                          edits_.back().listing.isin() == version.listing.isin() &&
                          edits_.back().listing.venue() == version.listing.venue();
    if (same_key || edits_.size() == kEndsWritten || edited_bytes_ >= kBatchBytes) {
        write_edits();
    }
    edits_.push_back(version);
    edited_bytes_ += memory_of(version);
}

void VersionWriter::finish() {
    write_rows();
}

void VersionWriter::advance() {
    bytes_ += memory_of(rows_[size_]);
    if (++size_ == kRowsWritten || bytes_ >= kBatchBytes) {
        write_rows();
    }
}

void VersionWriter::write_closings() {
    if (closings_.empty()) {
        return;
    }
    stop_if_interrupted();
    parameters_ = {published_, run_source_, source_};
    for (const Closing& closing : closings_) {
        parameters_.insert(parameters_.end(), {closing.isin, closing.venue, closing.closed_as});
    }
    const std::string sql = fmt::format(
        "UPDATE listing SET superseded = $1, closed_run = $2, closed_as = e.column3"
        " FROM (VALUES {}) AS e WHERE source_id = $3 AND isin = e.column1"
        " AND venue = e.column2 AND closed_run IS NULL",
        values_text(4, parameters_.size(), 3));
    expect_rows(connection_.execute(sql, parameters_), closings_.size());
    closings_.clear();
}

void VersionWriter::write_edits() {
    if (edits_.empty()) {
        return;
    }
    stop_if_interrupted();
    parameters_ = {run_source_};
    for (const Version& edit : edits_) {
        const std::array<Parameter, 9> row{edit.id,
                                           edit.published,
                                           or_null(edit.superseded),
                                           edit.opened_as,
                                           or_null(edit.closed_as),
                                           or_null(edit.cancelled),
                                           or_null(edit.listing.valid.from),
                                           or_null(edit.listing.valid.to),
                                           std::int64_t{edit.superseded.empty() ? 0 : 1}};
        parameters_.insert(parameters_.end(), row.begin(), row.end());
    }
    const std::string sql = fmt::format(
        "UPDATE listing SET published = e.column2, superseded = e.column3, opened_as = e.column4,"
        " closed_as = e.column5, cancelled = e.column6, valid_from = e.column7,"
        " valid_to = e.column8,"
        " closed_run = CASE WHEN e.column9 = 1 THEN coalesce(listing.closed_run, $1) END"
        " FROM (VALUES {}) AS e WHERE listing.id = e.column1",
        values_text(2, parameters_.size(), 9));
    expect_rows(connection_.execute(sql, parameters_), edits_.size());
    edits_.clear();
    edited_bytes_ = 0;
}

void VersionWriter::write_rows() {
    write_closings();
    write_edits();
    if (size_ == 0) {
        return;
    }
    stop_if_interrupted();
    note_columns();
    parameters_.clear();
    for (const Version& row : std::span(rows_).first(size_)) {
        append(row);
    }
    connection_.insert({.table = "listing", .columns = columns_, .values = parameters_});
    for (Version& row : std::span(rows_).first(size_)) {
        give_back_if_large(row);
    }
    size_ = 0;
    bytes_ = 0;
}

void VersionWriter::use(const UsedColumns& columns) {
    used_ = columns;
    columns_ = {"source_id", "added_run", "published"};
    for (std::size_t i = 0; i < used_.size(); ++i) {
        if (used_[i]) {
            columns_.push_back(column_name(i));
        }
    }
}

// Columns are only ever added: there are no more different statements than there are columns.
void VersionWriter::note_columns() {
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

void VersionWriter::append(const Version& row) {
    parameters_.insert(parameters_.end(), {source_, run_source_, row.published});
    for (std::size_t i = 0; i < used_.size(); ++i) {
        if (!used_[i]) {
            continue;
        }
        const std::string_view text = text_of(row, i);
        if (is_always_used(i)) {
            parameters_.emplace_back(text);
        } else if (i == kClosedRun && !text.empty()) {
            parameters_.emplace_back(run_source_);
        } else {
            parameters_.push_back(or_null(text));
        }
    }
}

void VersionWriter::expect_rows(std::int64_t written, std::size_t expected) const {
    if (written != static_cast<std::int64_t>(expected)) {
        throw VersionsGone(
            ErrorKind::io,
            fmt::format("table listing: {} of {} versions of source {} that end are not there",
                        static_cast<std::int64_t>(expected) - written,
                        expected,
                        source_));
    }
}

}  // namespace isinfetch
