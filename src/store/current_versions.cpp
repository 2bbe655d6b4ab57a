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

constexpr std::size_t kRowsRead = 4000;  // at once

/// Last words and cancellations are nothing that is listed.
constexpr std::string_view kListedThen =
    "published <= $4 AND (superseded IS NULL OR superseded > $4)"
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
                       " AND (isin, venue) > ($2, $3) ORDER BY isin, venue LIMIT {}",
                       columns_of(parts),
                       moment_.empty() ? "closed_run IS NULL" : kListedThen,
                       kRowsRead)),
      page_(kRowsRead) {}

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
    position_ = 0;
    size_ = 0;
    while (ahead_->next()) {
        read_version(*ahead_, parts_, page_[size_++]);
    }
    ahead_ = nullptr;
    if (size_ > 0) {
        isin_ = page_[size_ - 1].listing.isin();
        venue_ = page_[size_ - 1].listing.venue();
    }
    if (size_ == kRowsRead) {
        ahead_ = ask();
    }
    return size_ > 0;
}

std::unique_ptr<Cursor> CurrentVersions::ask() {
    const std::array<Parameter, 4> parameters{source_, isin_, venue_, moment_};
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
