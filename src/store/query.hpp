// Reading back: current and past listings, differences, the record of runs. Streams; a store of
// any size is read with the memory of one row.
#pragma once

#include "core/record.hpp"
#include "core/report.hpp"
#include "store/connection.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// A version of a listing, as read back.
struct StoredListing {
    std::string source{};
    Listing listing{};
    std::string published{};   ///< since when
    std::string superseded{};  ///< until when; empty: still current
    std::string opened_as{};   ///< "added", "changed", "cosmetic" …
    std::string closed_as{};   ///< "changed", "removed", "terminated" …; empty: still current
};

using ListingSink = std::function<void(const StoredListing&)>;

/// What list and export select; empty members select everything.
struct ListingFilter {
    std::vector<std::string> sources{};
    std::vector<std::string> isins{};
    std::string country{};  ///< prefix of the ISIN
    std::string mic{};
    std::string cfi{};  ///< its beginning: "ES"
    std::string lei{};
    std::optional<Timestamp> as_of{};  ///< what was published then; none: current
    bool all_versions = false;         ///< superseded ones too, oldest first
    bool ended_too = false;  ///< without as_of: what is listed no longer as well, as it was last
};

/// In the order of (source, ISIN, venue, version).
void for_each_listing(Connection& connection, const ListingFilter& filter, const ListingSink& sink);

/// Is there a listing, current or past as `filter` says? Reads no further than the first one.
bool has_listing(Connection& connection, const ListingFilter& filter);

/// The venues of the current listings, each once.
std::vector<std::string> stored_mics(Connection& connection);

/// A source that has a list, and when the oldest one was published that is stored.
struct FirstList {
    std::string source{};
    std::string published{};
};

/// In the order of their names.
std::vector<FirstList> first_lists(Connection& connection);

/// A published version of a source's list.
struct ListVersion {
    std::int64_t run_source = 0;  ///< its key
    std::string published{};
    std::string applied{};  ///< when the run that brought it started
    Counts counts{};
};

/// Oldest first.
std::vector<ListVersion> list_versions(Connection& connection, const std::string& source);

/// A source of which past versions were pruned, and since when all of them are there.
struct PrunedSource {
    std::string source{};
    std::string kept_since{};
};
std::vector<PrunedSource> pruned_sources(Connection& connection);

enum class ChangeKind { added, removed, changed, cosmetic };
std::string_view name(ChangeKind kind) noexcept;

struct Change {
    ChangeKind kind = ChangeKind::added;
    Listing before{};  ///< not of added
    Listing after{};   ///< not of removed
};

/// What differs between two versions of one list, in key order: the same matching as the merge.
/// Nothing is sorted: up to kVersionsMerged versions are merged from the order of an index, more of
/// them are better found by reading the whole list.
inline constexpr std::size_t kVersionsMerged = 50;
void for_each_change(Connection& connection,
                     const std::string& source,
                     std::int64_t from_version,
                     std::int64_t to_version,
                     const std::function<void(const Change&)>& sink);

/// The words for what can become of a listing: what a version is opened as, and what one is closed
/// as that no other one follows. In the order of the manual.
std::span<const std::string_view> change_kinds() noexcept;

/// Which changes are wanted. Empty lists: all of them.
struct PublishedFilter {
    std::vector<std::string> sources{};
    std::vector<std::string> kinds{};  ///< of change_kinds()
    std::optional<Timestamp> since{};  ///< both bounds belong to the time that is meant
    std::optional<Timestamp> until{};
    bool by_run = false;  ///< the time when the run began that saw it, not that of publication
};

/// One change as a publication brought it.
struct PublishedChange {
    std::string source{};
    std::string kind{};
    std::string published{};  ///< the list in which it is seen
    std::string run_id{};     ///< the run that saw it
    std::string seen{};       ///< when that began
    Listing listing{};        ///< as it is after the change; of what is gone, as it was last
};

/// In the order of (time of publication, or of the run; key of the publication; ISIN; venue): the
/// same at every call, with what is new at the end. Nothing is sorted but the publications.
void for_each_published_change(Connection& connection,
                               const PublishedFilter& filter,
                               const std::function<void(const PublishedChange&)>& sink);

/// One row of run_source with its run, newest first.
struct RunEntry {
    std::string run_id{};
    std::string started{};
    std::string source{};
    std::string status{};  ///< also "undone", by a rollback, and "rollback"
    std::string error{};
    std::string published{};
    std::string host{};
    std::string error_kind{};  ///< name of the ErrorKind; empty: no error
    std::int64_t http_status = 0;
    std::string url{};
    Counts counts{};
};
void for_each_run(Connection& connection,
                  const std::string& source,  ///< empty: all
                  std::int64_t limit,
                  const std::function<void(const RunEntry&)>& sink);

}  // namespace isinfetch
