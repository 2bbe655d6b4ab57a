// Drop-ins for isinfetch@SOURCE.timer. OnCalendar= says UTC: in a zone with summer time systemd 252
// leaves out the day whose 02:30 does not exist.
#include "publish/scheduler_text.hpp"

#include <fmt/format.h>

namespace isinfetch {

namespace {

// systemd delays each host by a random time: the minute of the shipped timer is good for all.
constexpr std::chrono::minutes kUsualMinute{17};

// More lines than this are written as one.
constexpr std::size_t kFewLines = 24;

std::string calendar_lines(const Slots& slots) {
    std::string lines;
    if (slots.size() <= kFewLines) {
        for (const auto slot : slots) {
            lines += fmt::format("OnCalendar=*-*-* {}:00 UTC\n", format_time_of_day(slot));
        }
        return lines;
    }
    for (const CronTime& time : cron_times(slots)) {
        lines += fmt::format("OnCalendar=*-*-* {}:{}:00 UTC\n", time.hours, time.minutes);
    }
    return lines;
}

std::string drop_in(const SchedulePlan& plan, const ScheduledSource& source) {
    const auto shift = source.cadence.not_before ? std::chrono::minutes{0} : kUsualMinute;
    const Slots slots = firing_slots(source.cadence, plan.now, shift);
    std::string text = fmt::format(
        R"(# /etc/systemd/system/isinfetch@{0}.timer.d/schedule.conf
# When {0} is asked for: {1}
{2}# Then: systemctl daemon-reload && systemctl enable --now isinfetch@{0}.timer
# and, once each source has its timer: systemctl disable --now isinfetch.timer
)",
        source.name,
        describe(source.cadence),
        made_by(plan));
    if (!plan.options.empty()) {
        text += fmt::format(
            "# The unit runs with its own configuration; for this one, 'systemctl edit "
            "isinfetch@{}.service':\n#   [Service]\n#   ExecStart=\n#   ExecStart={} run %i\n",
            source.name,
            shell_command(plan, {}));
    }
    text += fmt::format(
        "[Timer]\nOnCalendar=\n{}RandomizedDelaySec={}\nFixedRandomDelay=yes\nPersistent=yes\n",
        calendar_lines(slots),
        jitter(smallest_gap(slots)).count());
    return text;
}

}  // namespace

std::vector<ScheduleFile> write_systemd(const SchedulePlan& plan) {
    std::vector<ScheduleFile> files;
    for (const ScheduledSource& source : plan.sources) {
        files.push_back({.path = fmt::format("isinfetch@{}.timer.d/schedule.conf", source.name),
                         .text = drop_in(plan, source)});
    }
    return files;
}

}  // namespace isinfetch
