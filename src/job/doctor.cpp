#include "job/doctor.hpp"

#include "config/load.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace isinfetch {

namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;
constexpr std::uint64_t kTooLittle = 64 * kMebibyte;
constexpr std::uint64_t kLittle = 1024 * kMebibyte;

// Before the first release no clock can have been right.
constexpr Timestamp kEarliest{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
constexpr std::chrono::minutes kClockTolerance{5};

/// runuser(1) knows users by their names only; containers have users without one.
std::string as_user(const std::string& user, const std::string& command) {
    const bool has_name = user.find_first_not_of("0123456789") != std::string::npos;
    return has_name ? fmt::format("runuser -u {} -- {}", user, command)
                    : fmt::format("setpriv --reuid={} --clear-groups -- {}", user, command);
}

std::string first_and_count(const std::vector<std::string>& files) {
    return files.size() == 1 ? files.front()
                             : fmt::format("{} and {} more", files.front(), files.size() - 1);
}

/// A command that adds to a person's crontab(1) rather than replace it.
constexpr const char* kOwnCrontab = "(crontab -l; isinfetch schedule cron --user) | crontab -";

bool is_word_of_comment(std::string_view line) {
    const std::string_view text = trim(line);
    return text.empty() || text.starts_with('#');
}

/// Lines that stand aside where systemd runs start nothing there.
bool stands_aside(const CronLine& line) {
    return line.line.find("/run/systemd/system") != std::string::npos;
}

Finding judge_timers(const std::vector<TimerFacts>& timers, Runner runner) {
    const char* const systemctl = runner == Runner::person ? "systemctl --user" : "systemctl";
    Finding finding{.subject = "next run"};
    std::vector<std::string> firing;
    for (const TimerFacts& timer : timers) {
        if (timer.active && !timer.next.empty()) {
            firing.push_back(fmt::format("{} at {}", timer.id, timer.next));
        } else if (timer.active || timer.enabled) {
            finding.health = Health::warning;
            finding.text = timer.active ? fmt::format("{} will never fire", timer.id)
                                        : fmt::format("{} is enabled but not active", timer.id);
            finding.fix = timer.active
                              ? fmt::format("{} cat {}  # its OnCalendar=", systemctl, timer.id)
                              : fmt::format("{} start {}", systemctl, timer.id);
            return finding;
        }
    }
    finding.text = join(firing, ", ");
    return finding;
}

}  // namespace

std::string_view name(Health health) noexcept {
    switch (health) {
        case Health::ok:
            return "ok";
        case Health::warning:
            return "warning";
        case Health::failed:
            return "failed";
    }
    return "failed";
}

ExitCode exit_code(const std::vector<Finding>& findings) noexcept {
    ExitCode worst = ExitCode::ok;
    for (const Finding& finding : findings) {
        if (finding.health == Health::failed) {
            worst = worse(worst, exit_code(finding.kind));
        }
    }
    return worst;
}

std::vector<Finding> judge_failure(const std::string& subject, const Error& error) {
    const char* const fix = error.kind() == ErrorKind::config ? "isinfetch config check"
                            : error.kind() == ErrorKind::internal
                                ? "report this as a mistake in isinfetch"
                                : "mend what it says, then: isinfetch doctor";
    std::vector<Finding> findings;
    for (const std::string_view line : split(trim(error.what()), '\n')) {
        findings.push_back({.health = Health::failed,
                            .subject = subject,
                            .text = std::string(line),
                            .fix = fix,
                            .kind = error.kind()});
    }
    return findings;
}

Finding judge_unread_store(const std::string& location, const Error& error) {
    const std::string path = location.substr(location.find(':') + 1);
    Finding finding{.health = Health::failed,
                    .subject = "store",
                    .text = error.what(),
                    .fix = fmt::format("ls -l {}  # and run as a user who may use it", path),
                    .kind = error.kind()};
    if (error.kind() == ErrorKind::gone) {
        finding.health = Health::warning;
        finding.text = location + ": not there yet";
        finding.fix = "isinfetch run";
    } else if (error.kind() == ErrorKind::io) {
        const std::string aside = (std::filesystem::path(path).parent_path() / "damaged").native();
        finding.fix =
            fmt::format("mkdir {0} && mv {1}* {0} && isinfetch run --force  # or restore a backup",
                        aside,
                        path);
    } else if (error.kind() == ErrorKind::config) {
        finding.fix = "isinfetch --version  # and install one that is as new as the store";
    } else if (location.starts_with("postgresql:")) {
        finding.fix = fmt::format("psql '{}'  # what does the server say?", location);
    }
    return finding;
}

std::optional<std::string> why_root_must_not_run(const DirectoryFacts& facts) {
    if (!facts.asked_by_root || !facts.exists || facts.owned_by_root) {
        return std::nullopt;
    }
    return fmt::format(
        "{}: belongs to user '{}', who could not use what root leaves in it: '{}', or "
        "'systemctl start isinfetch.service'",
        facts.path,
        facts.owner,
        as_user(facts.owner, "isinfetch run"));
}

Finding judge_directory(const DirectoryFacts& facts) {
    Finding finding{.subject = "state directory", .text = facts.path};
    if (!facts.exists) {
        finding.health = facts.writable ? Health::warning : Health::failed;
        finding.kind = ErrorKind::cannot_create;
        finding.text += facts.writable
                            ? ": not there yet: the first run makes it"
                            : fmt::format(": not there, and user '{}' cannot make it", facts.user);
        finding.fix = fmt::format("install -d -o {} {}", facts.user, facts.path);
        return finding;
    }
    if (!facts.is_directory) {
        finding.health = Health::failed;
        finding.kind = ErrorKind::cannot_create;
        finding.text += ": is no directory";
        finding.fix = fmt::format("mv {} {}.aside", facts.path, facts.path);
        return finding;
    }
    finding.text += fmt::format(": belongs to '{}'", facts.owner);
    if (!facts.foreign.empty()) {
        finding.health = Health::failed;
        finding.kind = ErrorKind::permission;
        finding.text += fmt::format(", but {} does not", first_and_count(facts.foreign));
        finding.fix = fmt::format("chown -R {}: {}", facts.owner, facts.path);
    } else if (!facts.open.empty()) {
        finding.health = Health::warning;
        finding.text += fmt::format(", but everybody may write {}", first_and_count(facts.open));
        finding.fix = fmt::format("chmod -R o-w {}", facts.path);
    } else if (facts.asked_by_root && !facts.owned_by_root) {
        finding.text += ": run as that user, not as root";
        finding.health = Health::warning;
        finding.fix = as_user(facts.owner, "isinfetch doctor");
    } else if (!facts.writable && !facts.read_only) {
        finding.health = Health::failed;
        finding.kind = ErrorKind::permission;
        finding.text += fmt::format(": user '{}' cannot write there", facts.user);
        finding.fix = as_user(facts.owner, "isinfetch run") + ", or another state_dir";
    }
    return finding;
}

std::string shown_names(const std::vector<std::string>& names) {
    constexpr std::size_t kShown = 3;
    if (names.size() <= kShown + 1) {
        return join(names, ", ");
    }
    const std::vector<std::string> first(names.begin(), names.begin() + kShown);
    return fmt::format("{} and {} more", join(first, ", "), names.size() - kShown);
}

Finding judge_disk(const DiskFacts& facts) {
    Finding finding{
        .subject = "disk space",
        .text = fmt::format("{}{}: {} free",
                            facts.path,
                            facts.folders.empty() ? "" : " (" + join(facts.folders, ", ") + ")",
                            format_size(facts.free)),
        .kind = ErrorKind::io};
    if (facts.read_only) {
        finding.health = Health::failed;
        finding.kind = ErrorKind::cannot_create;
        finding.text += ", but it is mounted read-only";
        finding.fix = "mount it for writing, or set state_dir to a disk that is";
        return finding;
    }
    const bool few_files = facts.total_files != 0 && facts.free_files < 1000;
    if (facts.total == 0) {
        return finding;
    }
    if (facts.free < kTooLittle || few_files) {
        finding.health = Health::failed;
    } else if (facts.free < kLittle || facts.free < facts.total / 10) {
        finding.health = Health::warning;
    }
    if (few_files) {
        finding.text += fmt::format(", and room for {} more files", facts.free_files);
    }
    if (finding.health != Health::ok) {
        finding.fix = "make room ('isinfetch prune' helps), or set state_dir to a larger disk";
        return finding;
    }
    const auto& folders = facts.folders;
    const bool has_store = std::find(folders.begin(), folders.end(), "store") != folders.end();
    if (has_store && !facts.network.empty()) {
        finding.health = Health::warning;
        finding.text += fmt::format(", on {}, where SQLite cannot keep hosts apart", facts.network);
        finding.fix = "set state_dir to a disk of this machine, or store to postgresql://…";
    }
    return finding;
}

Finding judge_locks(const std::string& path,
                    const std::string& trouble,
                    const std::vector<std::string>& held) {
    if (trouble.empty()) {
        return {.subject = "locks",
                .text = held.empty() ? "none is held" : "held: " + join(held, ", ")};
    }
    return {.health = Health::failed,
            .subject = "locks",
            .text = fmt::format("{}: they do not work there: {}", path, trouble),
            .fix =
                "set state_dir to a disk of this machine, or mount it with locks (NFS: without "
                "nolock)",
            .kind = ErrorKind::cannot_create};
}

Finding judge_leases(const std::vector<HeldLease>& leases) {
    constexpr std::chrono::hours kLong{24};
    Finding finding{.subject = "leases", .text = leases.empty() ? "none is held" : ""};
    for (const HeldLease& held : leases) {
        const auto age = age_of(held).value_or(std::chrono::seconds{0});
        finding.text += fmt::format("{}{}: {} for {}{}",
                                    finding.text.empty() ? "" : "; ",
                                    held.source,
                                    printable(held.lease.holder),
                                    rough_duration(age),
                                    held.lease.is_over ? ", and silent" : "");
        if (held.lease.is_over || age >= kLong) {
            finding.health = Health::warning;
            finding.about.push_back(held.source);
            finding.fix = held.lease.is_over ? "isinfetch run " + held.source + "  # takes over"
                                             : "isinfetch store lease --break " + held.source;
        }
    }
    return finding;
}

Finding judge_clock(Timestamp now,
                    std::optional<Timestamp> newest,
                    std::optional<bool> synchronised) {
    Finding finding{.subject = "clock", .text = format_time(now), .kind = ErrorKind::os};
    const bool is_behind = newest && *newest > now + kClockTolerance;
    if (now < kEarliest) {
        finding.health = Health::failed;
        finding.text += ": cannot be";
        finding.fix = "timedatectl set-ntp true, or set the clock";
    } else if (is_behind && synchronised.value_or(false)) {
        finding.health = Health::warning;
        finding.text += fmt::format(": right now, but wrong when the newest run began, {}",
                                    format_time(*newest));
        finding.fix = "isinfetch run";
    } else if (is_behind) {
        finding.health = Health::failed;
        finding.text += fmt::format(": before the newest run, {}", format_time(*newest));
        finding.fix =
            "date  # is this right? then: isinfetch run; else: timedatectl set-ntp true, or set "
            "the clock";
    } else if (synchronised && !*synchronised) {
        finding.health = Health::warning;
        finding.text += ": not synchronised";
        finding.fix = "timedatectl set-ntp true";
    }
    return finding;
}

std::vector<TimerFacts> parse_timers(std::string_view text) {
    std::vector<TimerFacts> timers;
    bool in_block = false;
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) {
            in_block = false;
            continue;
        }
        if (!in_block) {
            timers.emplace_back();
            in_block = true;
        }
        const std::string_view key = line.substr(0, equals);
        const std::string_view value = line.substr(equals + 1);
        TimerFacts& timer = timers.back();
        if (key == "Id") {
            timer.id = value;
        } else if (key == "LoadState") {
            timer.loaded = value == "loaded";
        } else if (key == "ActiveState") {
            timer.active = value == "active";
        } else if (key == "UnitFileState") {
            timer.enabled = value.starts_with("enabled");
        } else if (key == "NextElapseUSecRealtime" && value != "infinity" && value != "n/a") {
            timer.next = value;
        }
    }
    std::erase_if(timers, [](const TimerFacts& timer) { return !timer.loaded; });
    return timers;
}

std::vector<CronLine> parse_crontab(const std::string& file, std::string_view text) {
    std::vector<CronLine> lines;
    for (const std::string_view line : split(text, '\n')) {
        if (!is_word_of_comment(line) && line.find("isinfetch") != std::string_view::npos &&
            line.find("run") != std::string_view::npos) {
            lines.push_back({file, std::string(trim(line))});
        }
    }
    return lines;
}

Finding judge_firing(const std::optional<std::vector<TimerFacts>>& timers,
                     const std::vector<CronLine>& cron,
                     Runner runner) {
    if (timers) {
        Finding finding = judge_timers(*timers, runner);
        if (finding.health != Health::ok || !finding.text.empty()) {
            return finding;
        }
    }
    for (const CronLine& line : cron) {
        if (!timers || !stands_aside(line)) {
            return {.subject = "next run", .text = fmt::format("{}: {}", line.file, line.line)};
        }
    }
    return {.health = Health::warning,
            .subject = "next run",
            .text = "nothing on this machine starts one",
            .fix = runner == Runner::person ? kOwnCrontab
                   : timers                 ? "systemctl enable --now isinfetch.timer"
                            : "isinfetch schedule cron, or whatever your scheduler is"};
}

Finding judge_secrets(const std::string& file, unsigned mode) {
    Finding finding{.subject = "secrets", .text = file};
    if ((mode & 0004U) != 0) {
        finding.health = Health::warning;
        finding.text += ": holds secrets, and others may read it";
        finding.fix = fmt::format(
            "chmod o= {} and give it to the user of the run, or move them to "
            "/etc/credstore/isinfetch.credentials",
            file);
    }
    return finding;
}

}  // namespace isinfetch
