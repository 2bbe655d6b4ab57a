// Versions as they lie in table listing, read back for a merge.
#pragma once

#include "store/connection.hpp"
#include "store/history.hpp"
#include "store/row_weight.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What of a version is read: the listing alone is quicker.
enum class VersionParts { listing, all };

/// The current list in key order, or what was listed at the end of a day in the past. Reads page by
/// page, each beginning after the last key of the one before, so that what is written meanwhile
/// cannot disturb it.
class CurrentVersions {
public:
    /// `moment` is RFC 3339; empty: now.
    CurrentVersions(Connection& connection,
                    std::int64_t source,
                    VersionParts parts,
                    std::string moment = {});

    /// nullptr after the last. The caller may move the version away; valid until the next call.
    Version* next();

private:
    bool read_page();
    bool read_rows(Cursor& cursor);
    std::unique_ptr<Cursor> ask();

    Connection& connection_;
    std::int64_t source_;
    VersionParts parts_;
    std::string moment_;
    std::string sql_;
    RowsAtOnce rows_;
    std::size_t asked_ = 0;  ///< rows, of the page that is under way
    std::vector<Version> page_{};
    std::size_t position_ = 0;
    std::size_t size_ = 0;
    std::string isin_{};  // of the last row read
    std::string venue_{};
    std::unique_ptr<Cursor> ahead_{};  // of the next page: a server works on it meanwhile
};

/// Single keys of a list, one after the other.
class KeyVersions {
public:
    KeyVersions(Connection& connection, std::int64_t source);

    /// The current version alone, or nothing.
    void read_current(std::string_view isin, std::string_view venue, History& history);

    /// All versions.
    void read_all(std::string_view isin, std::string_view venue, History& history);

private:
    void read(const std::string& sql,
              std::string_view isin,
              std::string_view venue,
              History& history);

    Connection& connection_;
    std::int64_t source_;
    std::string current_;
    std::string all_;
};

}  // namespace isinfetch
