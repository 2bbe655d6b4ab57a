#include "store/history.hpp"

#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace isinfetch;

namespace {

std::string date(int day) {
    return fmt::format("2026-01-{:02}", day);
}

std::string published(int day) {
    return date(day) + "T00:00:00Z";
}

Listing record(Event event, const std::string& title, int from, int to = 0) {
    Listing listing;
    listing[Field::isin] = "US0378331005";
    listing[Field::venue] = "XNAS";
    listing[Field::name] = title;
    listing.event = event;
    listing.valid.from = from == 0 ? "" : date(from);
    listing.valid.to = to == 0 ? "" : date(to);
    return listing;
}

/// "A 1-3 changed [1..2]": content, days published and superseded, how it was closed, validity.
std::string show(const Version& version) {
    const auto day = [](const std::string& time) {
        return time.size() < 10 ? std::string() : std::to_string(std::stoi(time.substr(8, 2)));
    };
    std::string text = fmt::format("{} {}-{} {}/{} [{}..{}]",
                                   version.listing[Field::name],
                                   day(version.published),
                                   day(version.superseded),
                                   version.opened_as,
                                   version.closed_as,
                                   day(version.listing.valid.from),
                                   day(version.listing.valid.to));
    return version.cancelled.empty() ? text : text + " cancelled " + day(version.cancelled);
}

std::vector<std::string> show(const History& history) {
    std::vector<std::string> lines;
    for (const Version& version : history) {
        lines.push_back(show(version));
    }
    return lines;
}

/// One step: an event on a day, or what the full list of that day says.
struct Step {
    int day;
    Listing record;
    bool full = false;
    bool absent = false;  ///< of a full list
};

Outcome take(History& history, const Step& step) {
    if (step.full) {
        return apply_listed(history, step.absent ? nullptr : &step.record, published(step.day));
    }
    return apply_event(history, step.record, published(step.day));
}

History replay(const std::vector<Step>& steps) {
    History history;
    for (const Step& step : steps) {
        take(history, step);
    }
    return history;
}

Step added(int day, const std::string& title) {
    return {day, record(Event::added, title, day)};
}

Step modified(int day, const std::string& title) {
    return {day, record(Event::modified, title, day)};
}

Step terminated(int day, const std::string& title, int from, int to) {
    return {day, record(Event::terminated, title, from, to)};
}

Step cancelled(int day) {
    return {day, record(Event::cancelled, "", 0)};
}

Step full(int day, const std::string& title, int from) {
    return {day, record(Event::listed, title, from), true};
}

Step missing(int day) {
    return {day, {}, true, true};
}

struct Case {
    std::string what;
    std::vector<Step> steps;
    std::vector<std::string> versions;
};

const std::vector<Case> kCases{
    {"a key is added", {added(3, "A")}, {"A 3- added/ [3..]"}},
    {"and changed",
     {added(3, "A"), modified(5, "B")},
     {"A 3-5 added/changed [3..4]", "B 5- changed/ [5..]"}},
    {"in its looks only",
     {added(3, "A b"), modified(5, "A  B")},
     {"A b 3-5 added/cosmetic [3..4]", "A  B 5- cosmetic/ [5..]"}},
    {"its normal end replaces the version that it names",
     {added(3, "A"), terminated(5, "A", 3, 4)},
     {"A 3-5 added/terminated [3..2]", "A 5-5 terminated/terminated [3..4]"}},
    {"an end with a correction closes the version before",
     {added(2, "A"), terminated(6, "B", 4, 5)},
     {"A 2-6 added/terminated [2..3]", "B 6-6 terminated/terminated [4..5]"}},
    {"never published, reported after its end",
     {terminated(5, "A", 0, 0)},
     {"A 5-5 terminated/terminated [5..]"}},
    {"listed again after its end",
     {added(1, "A"), terminated(3, "A", 1, 2), added(7, "B")},
     {"A 1-3 added/terminated [1..31]", "A 3-3 terminated/terminated [1..2]", "B 7- added/ [7..]"}},
    {"a cancellation concerns all that was said before it",
     {added(1, "A"), modified(2, "B"), cancelled(4), added(6, "C")},
     {"A 1-2 added/changed [1..1] cancelled 4",
      "B 2-4 changed/cancelled [2..] cancelled 4",
      " 4-4 cancelled/cancelled [..] cancelled 4",
      "C 6- added/ [6..]"}},
    {"a full list that says the same says nothing",
     {added(1, "A"), full(3, "A", 1)},
     {"A 1- added/ [1..]"}},
    {"a full list that says more",
     {added(1, "A"), full(3, "B", 2)},
     {"A 1-3 added/changed [1..1]", "B 3- reconciled/ [2..]"}},
    {"a full list that does not have it",
     {added(1, "A"), missing(3)},
     {"A 1-3 added/missing_in_full [1..]"}},
    {"and one that has it again",
     {added(1, "A"), missing(3), full(5, "A", 1)},
     {"A 1-3 added/missing_in_full [1..]", "A 5- reconciled/ [1..]"}},
    {"events of its day win over a full list",
     {modified(3, "A"), full(3, "B", 1), missing(3)},
     {"A 3- added/ [3..]"}},
    {"an event of the day of a full list that does not have it",
     {added(1, "A"), missing(3), modified(3, "B")},
     {"A 1-3 added/changed [1..2]", "B 3- changed/ [3..]"}},
    {"an end of the day of a full list that does not have it",
     {added(1, "A"), missing(3), terminated(3, "A", 1, 2)},
     {"A 1-3 added/terminated [1..31]", "A 3-3 terminated/terminated [1..2]"}},
    {"a full list that comes after the events that follow it",
     {added(1, "A"), modified(4, "C"), full(3, "B", 2)},
     {"A 1-3 added/changed [1..1]", "B 3-4 reconciled/changed [2..3]", "C 4- changed/ [4..]"}},
};

}  // namespace

TEST_CASE("events make the versions of a key", "[store][history]") {
    for (const Case& each : kCases) {
        INFO(each.what);
        CHECK(show(replay(each.steps)) == each.versions);
    }
}

TEST_CASE("what is odd about an event is named", "[store][history]") {
    struct Row {
        std::vector<Step> before;
        Step step;
        std::vector<Anomaly> anomalies;
    };
    const std::vector<Row> rows{
        {{}, added(3, "A"), {}},
        {{}, modified(3, "A"), {Anomaly::event_without_prior}},
        {{}, cancelled(3), {Anomaly::event_without_prior}},
        {{added(1, "A")}, added(3, "B"), {Anomaly::new_with_open_prior}},
        {{added(1, "A")}, {3, record(Event::modified, "B", 4)}, {Anomaly::future_from}},
        {{added(2, "A")}, {3, record(Event::modified, "B", 1)}, {Anomaly::non_increasing}},
        {{added(2, "A")}, terminated(3, "A", 0, 0), {Anomaly::no_period}},
        {{added(2, "A"), cancelled(3)}, modified(5, "B"), {Anomaly::event_without_prior}},
    };
    for (const Row& row : rows) {
        History history = replay(row.before);
        INFO(row.step.record[Field::name] << " after "
                                          << fmt::format("{}", fmt::join(show(history), "; ")));
        CHECK(take(history, row.step).anomalies == row.anomalies);
    }
    for (std::size_t i = 0; i < anomaly_table().size(); ++i) {
        CHECK(static_cast<std::size_t>(anomaly_table()[i].anomaly) == i);
    }
}

TEST_CASE("a step that was taken does nothing the second time", "[store][history]") {
    for (const Case& each : kCases) {
        INFO(each.what);
        History history = replay(each.steps);
        for (const Step& step : each.steps) {
            const Outcome again = take(history, step);
            CHECK(again.effect == Effect::none);
            CHECK(again.anomalies.empty());
            CHECK(show(history) == each.versions);
        }
    }
}

namespace {

/// Events of some days in their order; each version holds from its day of publication. Not more
/// than so many cancellations: which of several are kept does depend on their order.
std::vector<Step> random_steps(std::mt19937& dice, int most_cancellations) {
    std::vector<Step> steps;
    int from = 0;
    int cancellations = 0;
    for (int day = 1; day <= 12; ++day) {
        const std::string title(1, static_cast<char>('A' + dice() % 3));
        switch (dice() % 8) {
            case 0:
                steps.push_back(added(day, title));
                from = day;
                break;
            case 1:
            case 2:
                steps.push_back(modified(day, title));
                from = day;
                break;
            case 3:
                steps.push_back(terminated(day, title, from, from == 0 ? 0 : day));
                break;
            case 4:
                if (++cancellations <= most_cancellations) {
                    steps.push_back(cancelled(day));
                }
                break;
            default:
                break;
        }
    }
    return steps;
}

}  // namespace

TEST_CASE("the order in which events are applied does not matter", "[slow][store][history]") {
    std::mt19937 dice(6166);
    for (int round = 0; round < 3000; ++round) {
        std::vector<Step> steps = random_steps(dice, 1);
        const auto expected = show(replay(steps));
        std::ranges::shuffle(steps, dice);
        CAPTURE(round, fmt::format("{}", fmt::join(expected, "; ")));
        History history = replay(steps);
        REQUIRE(show(history) == expected);
        for (const Step& step : steps) {
            take(history, step);
        }
        REQUIRE(show(history) == expected);
    }
}

namespace {

/// What publications of these days find when they are applied after those of `applied`.
FullLists lists_around(const std::set<int>& applied, int day) {
    const auto next = applied.upper_bound(day);
    return {.next = next == applied.end() ? "" : published(*next)};
}

/// In their order, with what is known of full lists at each step.
History replay_lists(const std::vector<Step>& steps) {
    History history;
    std::set<int> applied;
    for (const Step& step : steps) {
        const FullLists lists = lists_around(applied, step.day);
        if (!step.full) {
            apply_event(history, step.record, published(step.day), lists);
            continue;
        }
        apply_listed(history, step.absent ? nullptr : &step.record, published(step.day), lists);
        applied.insert(step.day);
    }
    return history;
}

/// All but what depends on the order where full lists contradict events: what a version was opened
/// as that a full list brought, and since when it holds.
std::vector<std::string> show_states(const History& history) {
    std::vector<std::string> lines;
    for (Version version : history) {
        version.opened_as = version.is_content() ? "" : version.opened_as;
        version.listing.valid = {};
        version.closed_as = version.closed_as == "reconciled" ? "changed" : version.closed_as;
        lines.push_back(show(version));
    }
    return lines;
}

}  // namespace

TEST_CASE("full lists among events, right or wrong, in any order", "[slow][store][history]") {
    std::mt19937 dice(10383);
    for (unsigned round = 0; round < rounds(20000); ++round) {
        std::vector<Step> steps = random_steps(dice, 1);
        for (const int day : {2, 6, 9}) {
            // Events of its day are applied before a full list, always.
            std::erase_if(steps, [&](const Step& step) { return step.day == day; });
            const std::string title(1, static_cast<char>('A' + dice() % 3));
            steps.push_back(dice() % 3 == 0 ? missing(day) : full(day, title, day));
        }
        std::ranges::stable_sort(steps, {}, &Step::day);
        const auto expected = show_states(replay_lists(steps));
        CAPTURE(round, fmt::format("{}", fmt::join(show(replay_lists(steps)), "; ")));
        std::ranges::shuffle(steps, dice);
        std::string order;
        for (const Step& step : steps) {
            order += fmt::format("{}{}{} ",
                                 step.day,
                                 step.full ? "full" : "",
                                 step.absent ? "" : step.record[Field::name]);
        }
        CAPTURE(order);
        REQUIRE(show_states(replay_lists(steps)) == expected);
    }
}

TEST_CASE("the first full list of a source adds, later ones reconcile", "[store][history]") {
    for (const bool has_earlier : {false, true}) {
        History history;
        const Step list = full(3, "A", 1);
        const auto outcome =
            apply_listed(history, &list.record, published(3), {.has_earlier = has_earlier});
        CHECK(outcome.effect == (has_earlier ? Effect::reconciled : Effect::added));
        REQUIRE(history.size() == 1);
        CHECK(history[0].opened_as == (has_earlier ? "reconciled" : "added"));
    }
    History history = replay({added(1, "A")});
    const Step list = full(3, "B", 2);
    CHECK(apply_listed(history, &list.record, published(3), {.has_earlier = false}).effect ==
          Effect::reconciled);
}
