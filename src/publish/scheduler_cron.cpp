// Lines for cron(8) and anacron(8). Both keep the machine's local time, and Debian's cron knows no
// other: a time of publication is never translated, the program is started often and decides.
#include "publish/scheduler_text.hpp"
#include "util/error.hpp"
#include "util/host.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace isinfetch {

namespace {

using std::chrono::minutes;

// Debian's cron cuts a command after 1000 bytes (MAX_COMMAND in its cron.h).
constexpr std::size_t kMaxLine = 990;
constexpr std::size_t kMaxNames = 300;

using Names = std::vector<std::string>;

int host_number(const SchedulePlan& plan, std::uint64_t below) {
    return static_cast<int>(stable_number(plan.host) % below);
}

minutes cron_step(const Cadence& cadence) {
    const minutes step = firing_step(cadence.every);
    return cadence.not_before ? std::min(step, minutes{60}) : step;
}

/// Names in lists that keep a line short. When all enabled sources share a line, it names none of
/// them: sources that are enabled later belong to it too.
std::vector<Names> portions(const SchedulePlan& plan, const Names& names) {
    if (plan.all_enabled && names.size() == plan.sources.size()) {
        return {{}};
    }
    std::vector<Names> result{{}};
    std::size_t length = 0;
    for (const std::string& name : names) {
        length += name.size() + 1;
        if (length > kMaxNames && !result.back().empty()) {
            result.emplace_back();
            length = name.size() + 1;
        }
        result.back().push_back(name);
    }
    return result;
}

std::string comment_on(const SchedulePlan& plan) {
    std::string text;
    for (const ScheduledSource& source : plan.sources) {
        text += fmt::format("# {}: {}\n", source.name, describe(source.cadence));
    }
    return text;
}

/// A line that cron will not cut.
std::string checked(const std::string& line) {
    if (line.find_first_of("%\n") != std::string::npos) {
        fail(ErrorKind::config,
             "'{}': cron takes '%' for the end of a command: use a path without it",
             printable(line));
    }
    if (line.size() > kMaxLine) {
        fail(ErrorKind::config,
             "'{}': cron cuts so long a line: use a shorter path",
             printable(line));
    }
    return line + "\n";
}

/// The command, and a word in the system's log when it failed: without a mail server cron drops
/// what a command prints.
std::string cron_command(const SchedulePlan& plan, minutes step, const Names& names) {
    Names arguments{"run", "--splay", format_duration(jitter(step))};
    arguments.insert(arguments.end(), names.begin(), names.end());
    return shell_command(plan, arguments) +
           " || /usr/bin/logger -t isinfetch -p daemon.err \"a run ended with status $?: "
           "isinfetch status tells more\"";
}

std::string cron_lines(const SchedulePlan& plan) {
    std::map<minutes, Names> names_by_step;
    for (const ScheduledSource& source : plan.sources) {
        names_by_step[cron_step(source.cadence)].push_back(source.name);
    }
    const char* guard = plan.user_crontab ? "" : "isinfetch [ -d /run/systemd/system ] || ";
    std::string lines;
    for (const auto& [step, names] : names_by_step) {
        const minutes shift{host_number(plan, 60)};
        const CronTime time = cron_times(regular_slots(step, shift)).front();
        for (const Names& portion : portions(plan, names)) {
            lines += checked(
                fmt::format("{} {}{}", time.text(), guard, cron_command(plan, step, portion)));
        }
    }
    return lines;
}

std::string anacron_line(const SchedulePlan& plan,
                         std::int64_t days,
                         std::size_t part,
                         const Names& names) {
    Names arguments{"run"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    std::string job = "isinfetch";
    if (days != 1 || part != 0) {
        job += fmt::format("-{}d{}", days, part == 0 ? "" : fmt::format("-{}", part));
    }
    return fmt::format("{}\t{}\t{}\t/sbin/runuser -u isinfetch -- {}\n",
                       days,
                       5 + host_number(plan, 40),
                       job,
                       shell_command(plan, arguments));
}

}  // namespace

std::vector<ScheduleFile> write_cron(const SchedulePlan& plan) {
    std::string text =
        plan.user_crontab
            ? "# Lines for crontab(1): runs isinfetch as you.\n"
            : "# /etc/cron.d/isinfetch (owner root, mode 0644, no dot in the name): runs "
              "isinfetch as user\n# isinfetch, but leaves it to the timers where "
              "systemd runs.\n";
    text += made_by(plan) + comment_on(plan);
    text +=
        "# cron keeps local time and knows no other: the program is started often, and decides.\n";
    text += "SHELL=/bin/sh\nPATH=/usr/bin:/bin\n";
    text += plan.user_crontab ? "" : "MAILTO=root\n";
    return {{.path = "isinfetch", .text = text + "\n" + cron_lines(plan)}};
}

std::vector<ScheduleFile> write_anacron(const SchedulePlan& plan) {
    std::map<std::int64_t, Names> names_by_days;
    for (const ScheduledSource& source : plan.sources) {
        const auto days = std::chrono::floor<std::chrono::days>(source.cadence.every).count();
        names_by_days[std::max<std::int64_t>(1, days)].push_back(source.name);
    }
    std::string text = "# Lines for /etc/anacrontab: days, minutes to wait, job, command.\n";
    text += made_by(plan) + comment_on(plan);
    text +=
        "# anacron starts a job once a day at most, at no certain hour, and does not repeat one "
        "that\n"
        "# failed: a list of the evening is asked for the next day. cron and systemd do better.\n";
    for (const auto& [days, names] : names_by_days) {
        std::size_t part = 0;
        for (const Names& portion : portions(plan, names)) {
            text += anacron_line(plan, days, part++, portion);
        }
    }
    return {{.path = "isinfetch.anacrontab", .text = text}};
}

}  // namespace isinfetch
