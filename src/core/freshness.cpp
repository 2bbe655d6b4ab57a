#include "core/freshness.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace isinfetch {

namespace {

// Clocks of hosts differ a little.
constexpr std::chrono::minutes kClockTolerance{5};

// Days of publication begin earlier in the east than in UTC.
constexpr std::chrono::hours kDayTolerance{24};

// One day's list that is there before all parts of the day before it is nothing unusual.
constexpr std::int64_t kManyBehind = 2;

/// The smaller one of those that are there.
std::optional<std::chrono::seconds> stricter(std::optional<std::chrono::seconds> left,
                                             std::optional<std::chrono::seconds> right) {
    return left && right ? std::min(*left, *right) : left ? left : right;
}

bool is_older(std::optional<Timestamp> time,
              std::optional<std::chrono::seconds> limit,
              Timestamp now) {
    return time && limit && now - *time > *limit;
}

bool is_future(const FreshnessFacts& facts, Timestamp now) {
    const auto ahead = [&](std::optional<Timestamp> time, std::chrono::seconds tolerance) {
        return time && *time > now + tolerance;
    };
    return ahead(facts.last_success, kClockTolerance) ||
           ahead(facts.last_attempt, kClockTolerance) || ahead(facts.published, kDayTolerance);
}

bool is_late(const FreshnessFacts& facts, Timestamp now) {
    const bool overdue =
        facts.every.count() > 0 && facts.next_due && now > *facts.next_due + facts.every;
    return facts.last_success && (overdue || is_older(facts.last_success, facts.max_age, now));
}

bool is_stale(const FreshnessFacts& facts, Timestamp now) {
    return is_older(facts.published, stricter(facts.stale_after, facts.max_age), now);
}

bool is_held(const FreshnessFacts& facts, Timestamp now) {
    const Waiting& waiting = facts.waiting;
    return !waiting.publication.empty() &&
           (waiting.behind >= kManyBehind || is_older(waiting.since, 2 * facts.every, now));
}

/// Did it fail from the beginning for so long that nobody can call it new?
bool is_hopeless(const FreshnessFacts& facts, Timestamp now) {
    const bool fails =
        facts.every.count() > 0 && is_older(facts.failing_since, 2 * facts.every, now);
    return !facts.last_success && (facts.max_age || fails);
}

std::vector<Freshness> troubles_of(const FreshnessFacts& facts, Timestamp now) {
    const bool is_failing = facts.failures > 0;
    const std::array table{
        std::pair{Freshness::future, is_future(facts, now)},
        std::pair{Freshness::cooling, facts.cooldown_until.has_value()},
        std::pair{Freshness::refused, is_failing && facts.was_refused},
        std::pair{Freshness::failing, is_failing && !facts.was_refused},
        std::pair{Freshness::never, !facts.last_success},
        std::pair{Freshness::held, is_held(facts, now)},
        // Who has not asked cannot know that nothing was published.
        std::pair{Freshness::late, is_late(facts, now)},
        std::pair{Freshness::stale, is_stale(facts, now)},
    };
    std::vector<Freshness> troubles;
    for (const auto& [trouble, is_true] : table) {
        if (is_true) {
            troubles.push_back(trouble);
        }
    }
    return troubles;
}

/// "1 run failed", "4 runs in a row failed".
std::string count_of_failures(std::int64_t failures, std::string_view what) {
    return failures == 1 ? fmt::format("1 run {}", what)
                         : fmt::format("{} runs in a row {}", failures, what);
}

std::string with_cause(std::string text, const std::string& cause) {
    return cause.empty() ? text : fmt::format("{}: {}", text, cause);
}

std::string explain_age(std::string_view what, Timestamp time, Timestamp now) {
    return fmt::format("{} for {}, since {}", what, rough_duration(now - time), format_time(time));
}

std::string explain_future(const FreshnessFacts& facts, Timestamp now) {
    const Timestamp newest = std::max({facts.last_attempt.value_or(Timestamp{}),
                                       facts.last_success.value_or(Timestamp{}),
                                       facts.published.value_or(Timestamp{})});
    return fmt::format("{} is stored, which lies {} ahead of this clock ({}): one is wrong",
                       format_time(newest),
                       rough_duration(newest - now),
                       format_time(now));
}

}  // namespace

std::string_view name(Freshness freshness) noexcept {
    switch (freshness) {
        case Freshness::fresh:
            return "fresh";
        case Freshness::due:
            return "due";
        case Freshness::late:
            return "late";
        case Freshness::stale:
            return "stale";
        case Freshness::held:
            return "held";
        case Freshness::failing:
            return "failing";
        case Freshness::refused:
            return "refused";
        case Freshness::cooling:
            return "cooling";
        case Freshness::never:
            return "never";
        case Freshness::future:
            return "future";
        case Freshness::disabled:
            return "disabled";
    }
    return "never";
}

bool FreshnessVerdict::has(Freshness trouble) const noexcept {
    return std::ranges::find(troubles, trouble) != troubles.end();
}

FreshnessVerdict judge(const FreshnessFacts& facts, Timestamp now) {
    if (!facts.enabled) {
        return {.state = Freshness::disabled};
    }
    FreshnessVerdict verdict{.troubles = troubles_of(facts, now)};
    verdict.is_broken =
        is_hopeless(facts, now) || std::ranges::any_of(verdict.troubles, [](auto it) {
            return it == Freshness::future || it == Freshness::held || it == Freshness::stale ||
                   it == Freshness::late;
        });
    if (!verdict.troubles.empty()) {
        verdict.state = verdict.troubles.front();
    } else if (!facts.next_due || now >= *facts.next_due || !facts.waiting.publication.empty()) {
        verdict.state = Freshness::due;
    }
    return verdict;
}

std::string explain(Freshness trouble, const FreshnessFacts& facts, Timestamp now) {
    const auto time = [](const std::optional<Timestamp>& known) {
        return known.value_or(Timestamp{});
    };
    switch (trouble) {
        case Freshness::late:
            return explain_age("no success", time(facts.last_success), now);
        case Freshness::stale:
            return explain_age("nothing newly published", time(facts.published), now);
        case Freshness::held:
            return "held: " + describe(facts.waiting);
        case Freshness::failing:
            return with_cause(count_of_failures(facts.failures, "failed"), facts.last_error);
        case Freshness::refused:
            return with_cause(count_of_failures(facts.failures, "refused or failed"),
                              facts.last_error);
        case Freshness::cooling:
            return fmt::format("the publisher wants to be left alone until {}",
                               format_time(time(facts.cooldown_until)));
        case Freshness::never:
            return "never fetched";
        case Freshness::future:
            return explain_future(facts, now);
        case Freshness::fresh:
        case Freshness::due:
        case Freshness::disabled:
            break;
    }
    return {};
}

std::string explain(const FreshnessVerdict& verdict, const FreshnessFacts& facts, Timestamp now) {
    std::vector<std::string> texts;
    texts.reserve(verdict.troubles.size());
    for (const Freshness trouble : verdict.troubles) {
        texts.push_back(explain(trouble, facts, now));
    }
    return join(texts, "; ");
}

std::string describe(const Waiting& waiting) {
    if (waiting.publication.empty()) {
        return {};
    }
    std::string text = waiting.reason;
    if (waiting.since) {
        text += fmt::format(", noticed {}", format_time(*waiting.since));
    }
    return text + fmt::format("; {} wait{} behind it",
                              counted(static_cast<std::uint64_t>(waiting.behind), "publication"),
                              waiting.behind == 1 ? "s" : "");
}

}  // namespace isinfetch
