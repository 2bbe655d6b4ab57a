#include "publish/scheduler_text.hpp"

#include "util/host.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

// As many moments as are read at a glance.
constexpr std::size_t kFewSlots = 12;

}  // namespace

std::string made_by(const SchedulePlan& plan) {
    std::vector<std::string> paths;
    for (const auto& [path, text] : plan.files) {
        paths.push_back(printable(path, 200));
    }
    return fmt::format("# Made by isinfetch {} from {}\n",
                       plan.version,
                       paths.empty() ? "the defaults" : join(paths, ", "));
}

std::string describe(const Cadence& cadence) {
    std::string text = "every " + format_duration(cadence.every);
    if (cadence.not_before) {
        text += fmt::format(
            ", not before {} {}", format_time_of_day(*cadence.not_before), cadence.zone.name());
    }
    return text;
}

std::string describe(const Slots& slots) {
    const auto gap = smallest_gap(slots);
    if (slots.size() > kFewSlots && slots == regular_slots(gap, slots.front())) {
        return fmt::format(
            "each {} from {} UTC", format_duration(gap), format_time_of_day(slots.front()));
    }
    std::vector<std::string> times;
    std::transform(slots.begin(), slots.end(), std::back_inserter(times), format_time_of_day);
    return join(times, " ") + " UTC";
}

Slots shifted_slots(const ScheduledSource& source, Timestamp now) {
    constexpr std::uint64_t kMinutesOfDay = 1440;
    const auto shift = stable_number(source.name) % kMinutesOfDay;
    return firing_slots(source.cadence, now, std::chrono::minutes{static_cast<int>(shift)});
}

std::string object_name(const std::string& name, std::size_t limit) {
    if (name.size() <= limit && name.back() != '-') {
        return name;
    }
    const std::string number = fmt::format("-{:08x}", stable_number(name) >> 32U);
    return name.substr(0, limit - number.size()) + number;
}

std::string shell_word(const std::string& word) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:@,=";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
        return word;
    }
    std::string quoted = "'";
    for (const char letter : word) {
        quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return quoted + "'";
}

std::string shell_command(const SchedulePlan& plan, const std::vector<std::string>& arguments) {
    std::string command = shell_word(plan.program);
    for (const auto* words : {&plan.options, &arguments}) {
        for (const std::string& word : *words) {
            command += " " + shell_word(word);
        }
    }
    return command;
}

std::string quoted_list(const std::vector<std::string>& texts) {
    std::vector<std::string> quoted;
    std::transform(texts.begin(), texts.end(), std::back_inserter(quoted), json_quote);
    return join(quoted, ", ");
}

}  // namespace isinfetch
