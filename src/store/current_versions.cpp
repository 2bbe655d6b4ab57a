#include "store/current_versions.hpp"

#include "store/columns.hpp"
#include "util/interrupt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kRowsRead = 4000;  // at once, at most

/// Last words and cancellations are nothing that is listed.
constexpr std::string_view kListedThen =
    "published <= $5 AND (superseded IS NULL OR superseded > $5)"
    " AND opened_as NOT IN ('terminated', 'cancelled')";

std::string columns_of(VersionParts parts) {
    constexpr std::string_view kRest =
        ", id, published, superseded, opened_as, closed_as, cancelled, valid_from, valid_to";
    return listing_columns() + std::string(parts == VersionParts::all ? kRest : "");
}

/// Strings of `version` keep their memory.
void read_version(const Cursor& cursor, VersionParts parts, Version& version) {
    read_listing(cursor, 0, version.listing);
    if (parts == VersionParts::listing) {
        return;
    }
    int column = kListingColumns;
    version.id = cursor.integer(column++);
    for (std::string* text : {&version.published,
                              &version.superseded,
                              &version.opened_as,
                              &version.closed_as,
                              &version.cancelled,
                              &version.listing.valid.from,
                              &version.listing.valid.to}) {
        *text = cursor.text(column++);
    }
    version.is_current = version.superseded.empty();
    version.edited = false;
    version.as_read.clear();
    if (version.is_current && version.listing.valid.to.empty()) {
        append_identity(version, version.as_read);
    }
}

}  // namespace

CurrentVersions::CurrentVersions(Connection& connection,
                                 std::int64_t source,
                                 VersionParts parts,
                                 std::string moment)
    : connection_(connection),
      source_(source),
      parts_(parts),
      moment_(std::move(moment)),
      sql_(fmt::format("SELECT {} FROM listing WHERE source_id = $1 AND {}"
                       " AND (isin, venue) > ($2, $3) ORDER BY isin, venue LIMIT $4",
                       columns_of(parts),
                       moment_.empty() ? "closed_run IS NULL" : kListedThen)),
      rows_(kRowsRead) {}

Version* CurrentVersions::next() {
    if (position_ == size_ && !read_page()) {
        return nullptr;
    }
    return &page_[position_++];
}

bool CurrentVersions::read_page() {
    stop_if_interrupted();
    if (ahead_ == nullptr) {
        ahead_ = ask();
    }
    const bool is_last = !read_rows(*ahead_);
    ahead_ = nullptr;
    if (size_ > 0) {
        isin_ = page_[size_ - 1].listing.isin();
        venue_ = page_[size_ - 1].listing.venue();
    }
    if (!is_last) {
        ahead_ = ask();
    }
    return size_ > 0;
}

/// False when there are no more than these. Leaves rows that would be too much for one page to the
/// next one.
bool CurrentVersions::read_rows(Cursor& cursor) {
    position_ = 0;
    size_ = 0;
    std::size_t bytes = 0;
    page_.resize(asked_);
    while (size_ < asked_ && bytes < kPageBytes) {
        Version& version = page_[size_];
        give_back_if_large(version);
        if (!cursor.next()) {
            return false;
        }
        read_version(cursor, parts_, version);
        bytes += memory_of(version);
        ++size_;
    }
    rows_.learn(size_, bytes);
    return true;
}

std::unique_ptr<Cursor> CurrentVersions::ask() {
    asked_ = rows_.get();
    const std::array<Parameter, 5> parameters{
        source_, isin_, venue_, static_cast<std::int64_t>(asked_), moment_};
    const auto count = moment_.empty() ? parameters.size() - 1 : parameters.size();
    return connection_.query(sql_, std::span(parameters).first(count));
}

KeyVersions::KeyVersions(Connection& connection, std::int64_t source)
    : connection_(connection), source_(source) {
    const std::string all =
        fmt::format("SELECT {} FROM listing WHERE isin = $1 AND source_id = $2 AND venue = $3",
                    columns_of(VersionParts::all));
    all_ = all;
    current_ = all + " AND closed_run IS NULL";
}

void KeyVersions::read_current(std::string_view isin, std::string_view venue, History& history) {
    read(current_, isin, venue, history);
}

void KeyVersions::read_all(std::string_view isin, std::string_view venue, History& history) {
    read(all_, isin, venue, history);
    // Of two that were published at one time, the one that ended there came first.
    std::ranges::sort(history, {}, [](const Version& version) {
        return std::tuple(std::string_view(version.published),
                          version.superseded.empty(),
                          std::string_view(version.superseded),
                          version.id);
    });
}

void KeyVersions::read(const std::string& sql,
                       std::string_view isin,
                       std::string_view venue,
                       History& history) {
    std::size_t size = 0;
    const std::array<Parameter, 3> parameters{isin, source_, venue};
    const auto cursor = connection_.query(sql, parameters);
    while (cursor->next()) {
        if (size == history.size()) {
            history.emplace_back();
        }
        read_version(*cursor, VersionParts::all, history[size++]);
    }
    history.resize(size);
}

}  // namespace isinfetch
