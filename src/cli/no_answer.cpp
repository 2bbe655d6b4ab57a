#include "cli/no_answer.hpp"

#include "core/code_words.hpp"
#include "core/lei.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch::cli {

namespace {

/// The stored venue that is most like `mic`, or one that is called so.
std::string similar_mic(Connection& store, const std::string& mic) {
    const std::vector<std::string> stored = stored_mics(store);
    const std::string called(mic_meant_by(mic));
    const bool has_called = std::ranges::find(stored, called) != stored.end();
    const auto near = has_called ? std::optional(called) : closest(mic, stored);
    return near ? fmt::format("; did you mean '{}'?", *near) : "";
}

std::string similar_country(const std::string& country) {
    const std::string_view meant = country_meant_by(country);
    return meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant);
}

std::string about_lei(const std::string& lei) {
    return inspect_lei(lei).good() ? "" : ": its check digits are wrong";
}

/// One condition of a filter, as an option and alone.
struct Condition {
    std::string_view option;
    std::string value;
    ListingFilter alone;
};

std::vector<Condition> conditions_of(const ListingFilter& filter) {
    std::vector<Condition> conditions{{"--country", filter.country, {.country = filter.country}},
                                      {"--mic", filter.mic, {.mic = filter.mic}},
                                      {"--cfi", filter.cfi, {.cfi = filter.cfi}},
                                      {"--lei", filter.lei, {.lei = filter.lei}}};
    std::erase_if(conditions, [](const Condition& each) { return each.value.empty(); });
    return conditions;
}

std::string remark_on(Connection& store, const Condition& condition) {
    if (condition.option == "--mic") {
        return similar_mic(store, condition.value);
    }
    if (condition.option == "--country") {
        return similar_country(condition.value);
    }
    return condition.option == "--lei" ? about_lei(condition.value) : "";
}

}  // namespace

void require_list_at(Connection& store,
                     const std::vector<std::string>& sources,
                     std::optional<Timestamp> moment) {
    if (!moment) {
        return;
    }
    const std::string time = format_time(*moment);
    std::vector<FirstList> lists = first_lists(store);
    std::erase_if(lists, [&](const FirstList& list) {
        return !sources.empty() && std::ranges::find(sources, list.source) == sources.end();
    });
    const auto oldest = std::ranges::min_element(lists, {}, &FirstList::published);
    if (oldest != lists.end() && oldest->published > time) {
        fail(ErrorKind::gone,
             "nothing was listed yet at {}: the first list that is stored is that of {}, of {}",
             time,
             oldest->published,
             oldest->source);
    }
    for (const FirstList& list : lists) {
        if (!sources.empty() && list.published > time) {
            log(LogLevel::warning,
                "{}: has no list of {} or before: the first one is of {}",
                list.source,
                time,
                list.published);
        }
    }
    if (*moment > now() + std::chrono::hours(24)) {
        log(LogLevel::warning, "{} lies ahead: what is listed now is shown", time);
    }
}

void explain_nothing(Connection& store, const ListingFilter& filter) {
    const std::vector<Condition> conditions = conditions_of(filter);
    bool any = false;
    for (const Condition& condition : conditions) {
        ListingFilter alone = condition.alone;
        alone.sources = filter.sources;
        if (!has_listing(store, alone)) {
            any = true;
            log(LogLevel::warning,
                "nothing found: no listing has {} '{}'{}",
                condition.option,
                condition.value,
                remark_on(store, condition));
        }
    }
    if (!any && !conditions.empty()) {
        log(LogLevel::warning, "nothing found: no listing satisfies all of the options together");
    }
}

}  // namespace isinfetch::cli
