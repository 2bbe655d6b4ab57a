// The configuration as the program uses it: checked, complete, with every default filled in.
#pragma once

#include "core/record_selection.hpp"
#include "core/validate.hpp"
#include "discover/discovery.hpp"
#include "fetch/download.hpp"
#include "parse/format.hpp"
#include "util/directory.hpp"
#include "util/zone.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// When a new file is refused and the old list stays.
struct Guards {
    std::uint64_t min_records = 1;  ///< accepted rows
    double max_shrink = 0.05;       ///< share of the previous list's listings
    double max_rejected = 0.05;     ///< share of the rows with an ISIN cell
    bool allow_empty = false;       ///< a list without one record is a legitimate answer
    bool detect_cut = true;         ///< refuse a file that looks like the beginning of a longer one
};

/// When a list is worth asking for.
struct Cadence {
    std::chrono::seconds every{20 * 3600};             ///< so long after the last success
    std::optional<std::chrono::minutes> not_before{};  ///< of a day's publication: time of day
    Zone zone{};                                       ///< of not_before
    std::optional<std::chrono::seconds>
        stale_after{};  ///< nothing new for so long: tell; none: never
};

struct SourceConfig {
    std::string name{};
    bool enabled = false;
    std::string title{};
    std::string publisher{};
    std::string homepage{};
    std::string terms{};
    std::string attribution{};
    std::string url{};
    std::string checksum{};
    const DiscoveryMethod* discovery = nullptr;  ///< never null once loaded
    const Format* format = nullptr;              ///< never null once loaded
    FindOptions find{};
    Cadence cadence{};
    FetchOptions fetch{};
    ParseOptions parse{};
    ValidateOptions validate{};
    RecordSelection select{};
    Guards guards{};
    /// How long an older list than the one that is there is not believed; none: never.
    std::optional<std::chrono::seconds> accept_older{std::chrono::days{1}};
    std::string mapping{};      ///< digest of what decides how a file is read
    bool venue_is_mic = false;  ///< of a column; rows of one ISIN are apart by it
    std::string no_mic{};       ///< why neither a column nor `mic` tells the venue
};

/// For how long `prune` keeps what is not current; none: for ever.
struct Keep {
    std::optional<std::chrono::seconds> archive{};
    std::optional<std::chrono::seconds> runs{};
    std::optional<std::chrono::seconds> versions{};
    std::optional<std::chrono::seconds> partial{7 * 24 * 3600};
};

/// What discovery is to know of a source, which must outlive it.
DiscoverRequest discover_request(const SourceConfig& source);

struct Config {
    std::filesystem::path state_dir{};
    std::string store{};  ///< "sqlite:PATH", "postgresql://…"; empty: isinfetch.db in state_dir
    Secret store_password{};
    const FileModes* store_mode = &file_modes().front();  ///< who may read state_dir and the store
    std::chrono::seconds store_lease{60};                 ///< of a store that hosts share
    std::chrono::seconds store_timeout{600};              ///< for one statement of a server
    std::string host_name{};                              ///< empty: as the machine is called
    std::uint64_t store_cache = std::uint64_t{64} * 1024 * 1024;
    std::uint64_t sort_memory = std::uint64_t{32} * 1024 * 1024;
    int jobs = 3;
    std::chrono::seconds lock_wait{300};
    Keep keep{};
    std::vector<SourceConfig> sources{};  ///< by name

    /// By which this host is known in a store that several share.
    std::string host() const;

    /// nullptr when there is none of that name.
    const SourceConfig* find(const std::string& name) const noexcept;
};

}  // namespace isinfetch
