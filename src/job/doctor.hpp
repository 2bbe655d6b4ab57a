// What keeps runs from succeeding, and how to mend it. Pure: facts in, findings out; who gathers
// the facts is cli/doctor_facts.
#pragma once

#include "store/lease.hpp"
#include "store/state.hpp"
#include "util/error.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

enum class Health { ok, warning, failed };
std::string_view name(Health health) noexcept;

struct Finding {
    Health health = Health::ok;
    std::string subject{};                 ///< "state directory", "nse-equity: freshness"
    std::string text{};                    ///< what was found
    std::string fix{};                     ///< a command or an edit; empty when nothing is wrong
    ErrorKind kind = ErrorKind::internal;  ///< of what failed: decides the exit status
    std::vector<std::string> about{};      ///< the sources or hosts that share it, all of them
};

/// The worst of what failed, by the rule for runs of several sources; 0 when nothing did.
ExitCode exit_code(const std::vector<Finding>& findings) noexcept;

/// A check that could not be made: one finding for each line of the message, which for mistakes in
/// the configuration is one for each mistake.
std::vector<Finding> judge_failure(const std::string& subject, const Error& error);

/// A store that cannot be read. One that is not there yet is only a warning.
Finding judge_unread_store(const std::string& location, const Error& error);

struct DirectoryFacts {
    std::string path{};
    bool exists = false;
    bool is_directory = true;
    bool writable = false;   ///< while it does not exist: may it be made?
    bool read_only = false;  ///< not for want of rights: its file system is mounted so
    std::string owner{};     ///< name, else number
    std::string user{};      ///< who asks
    bool owned_by_root = false;
    bool asked_by_root = false;
    std::vector<std::string> foreign{};  ///< files in it that belong to somebody else; a few
    std::vector<std::string> open{};     ///< it and what is in it that everybody may write
};
Finding judge_directory(const DirectoryFacts& facts);

/// Why root must not run here: files of root's would stop the next run of the owner. None: it may.
std::optional<std::string> why_root_must_not_run(const DirectoryFacts& facts);

/// "a, b, c and 14 more".
std::string shown_names(const std::vector<std::string>& names);

/// A file system, and the folders of isinfetch's that lie on it.
struct DiskFacts {
    std::string path{};                  ///< of the first of them
    std::vector<std::string> folders{};  ///< "state", "archive", "partial", "quarantine", "store"
    std::string network{};               ///< "nfs", "cifs" …; empty: a disk of this machine
    bool read_only = false;
    std::uint64_t free = 0;   ///< bytes for this user
    std::uint64_t total = 0;  ///< bytes; 0: unknown
    std::uint64_t free_files = 0;
    std::uint64_t total_files = 0;  ///< 0: the file system has no such limit
};
Finding judge_disk(const DiskFacts& facts);

/// Of a store that hosts share: who works on what. A warning where a host has been silent for too
/// long, or has a lease for a day.
Finding judge_leases(const std::vector<HeldLease>& leases);

/// `trouble` is what the kernel answered to a trial, empty when locks work; `held` are those that
/// others have: "nse-equity by pid 12".
Finding judge_locks(const std::string& path,
                    const std::string& trouble,
                    const std::vector<std::string>& held);

/// `newest` is when the newest run in the store began; `synchronised` what the kernel says, none if
/// it will not. A newest run that lies ahead is the mistake of one of the two clocks.
Finding judge_clock(Timestamp now,
                    std::optional<Timestamp> newest,
                    std::optional<bool> synchronised);

/// One timer, as `systemctl show` prints it.
struct TimerFacts {
    std::string id{};
    bool loaded = false;
    bool enabled = false;
    bool active = false;
    std::string next{};  ///< empty: never
};
/// From blocks of "Property=value" lines with an empty line between them.
std::vector<TimerFacts> parse_timers(std::string_view text);

/// A line of a crontab that runs isinfetch.
struct CronLine {
    std::string file{};
    std::string line{};
};
/// The lines of a crontab that run isinfetch, comments left out.
std::vector<CronLine> parse_crontab(const std::string& file, std::string_view text);

/// Whose runs are meant: those of the packaged service, or of a person with a state directory of
/// their own, whom neither the system's timers nor /etc/cron.d serve.
enum class Runner { service, person };

/// What starts the next run. `timers` is none where systemd does not run; of a person, they are
/// those of systemctl --user.
Finding judge_firing(const std::optional<std::vector<TimerFacts>>& timers,
                     const std::vector<CronLine>& cron,
                     Runner runner = Runner::service);

/// How a publisher is reached.
struct Way {
    std::string publisher{};  ///< host
    std::string proxy{};      ///< without its password; empty: directly
    std::string looked_up{};  ///< host of which the address is needed
    std::string trouble{};    ///< why it has none; empty: it has one, or nobody looked
};
/// One finding for all publishers that are reached the same way, with the same success.
std::vector<Finding> judge_ways(const std::vector<Way>& ways);

/// `certificates` is none when the file cannot be read.
Finding judge_trust(const std::string& file, std::optional<int> certificates);

/// A file with secrets that others may read; `mode` is that of stat(2).
Finding judge_secrets(const std::string& file, unsigned mode);

}  // namespace isinfetch
