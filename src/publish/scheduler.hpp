// What other schedulers need to run isinfetch: their units, lines, manifests and modules as texts.
// Pure: a plan goes in, files come out.
#pragma once

#include "job/firing.hpp"

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch {

struct ScheduledSource {
    std::string name{};
    Cadence cadence{};
};

struct SchedulePlan {
    std::vector<ScheduledSource> sources{};  ///< at least one
    bool all_enabled = true;                 ///< `sources` are all that are enabled

    std::vector<std::pair<std::string, std::string>> files{};  ///< configuration: path and text
    std::set<std::string> secret_files{};  ///< the paths of those that not everybody may read
    std::vector<std::string> options{};    ///< global ones that lead to the same configuration
    std::string program{};                 ///< absolute path
    std::string version{};
    std::string host{};  ///< host_identity()
    Timestamp now{};

    std::string image{};        ///< of a container; empty: the scheduler's own default
    bool user_crontab = false;  ///< for crontab(1), not for /etc/cron.d
};

/// A file, by its path below the folder that the scheduler reads.
struct ScheduleFile {
    std::string path{};
    std::string text{};
    bool is_secret = false;
};

/// One row of the table of schedulers; `write` throws Error{config} for what it cannot express.
struct Scheduler {
    std::string_view name;
    std::string_view summary;
    std::vector<ScheduleFile> (*write)(const SchedulePlan& plan);
    bool has_image = false;
    bool has_user_crontab = false;
};

std::span<const Scheduler> schedulers() noexcept;

}  // namespace isinfetch
