#include "job/doctor_lists.hpp"

#include "fetch/url.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace isinfetch {

namespace {

using Lists = std::vector<const ListFacts*>;

// A command line of more names would be longer than it helps.
constexpr std::size_t kMostNamed = 4;

std::vector<std::string> names_of(const Lists& lists) {
    std::vector<std::string> names;
    for (const ListFacts* list : lists) {
        names.push_back(list->source);
    }
    return names;
}

std::string run_command(const Lists& lists, const std::string& options = "") {
    const std::string names = lists.size() > kMostNamed ? "" : " " + join(names_of(lists), " ");
    return fmt::format("isinfetch run{}{}", options, names);
}

/// "sources.xetra.url", of several lists "url of each".
std::string key_of(const Lists& lists, std::string_view key) {
    return lists.size() == 1 ? fmt::format("sources.{}.{}", lists.front()->source, key)
                             : fmt::format("sources.NAME.{}", key);
}

std::string homepage_of(const ListFacts& list) {
    return list.homepage.empty() ? "the publisher's home page" : list.homepage;
}

std::string remedy_after_refusal(const Lists& lists) {
    const ListFacts& list = *lists.front();
    const auto& files = list.failure ? list.failure->quarantined : std::vector<std::string>{};
    return fmt::format("{}; if it is right: isinfetch run --accept-shrink {} {}",
                       files.empty() ? "look at the file: isinfetch run --dry-run " + list.source
                                     : "look at " + join(files, ", "),
                       list.source,
                       list.source);
}

std::string remedy_for_rights(const Lists& lists) {
    if (lists.front()->failure->http_status == 0) {
        return "give the user of the run the rights that it lacks, then: " + run_command(lists);
    }
    return fmt::format("see {} for what it wants: credentials ({}), or another name ({}); then: {}",
                       homepage_of(*lists.front()),
                       key_of(lists, "headers"),
                       key_of(lists, "user_agent"),
                       run_command(lists, " --ignore-cooldown"));
}

std::string remedy_after_failure(const Lists& lists) {
    const ListFacts& list = *lists.front();
    const auto kind = list.failure ? list.failure->kind : std::nullopt;
    if (!kind) {
        return run_command(lists);
    }
    switch (*kind) {
        case ErrorKind::gone:
            return list.failure->url.starts_with("file:")
                       ? fmt::format("put the file there, or set {}", key_of(lists, "url"))
                       : fmt::format("look for its new address on {} and set {}",
                                     homepage_of(list),
                                     key_of(lists, "url"));
        case ErrorKind::permission:
            return remedy_for_rights(lists);
        case ErrorKind::unavailable:
            return fmt::format("see {}; when it stays so: set {} to false",
                               homepage_of(list),
                               key_of(lists, "enabled"));
        case ErrorKind::protocol:
            return fmt::format("isinfetch sources test {}  # and look at {}",
                               list.source,
                               list.failure->url.empty() ? homepage_of(list) : list.failure->url);
        case ErrorKind::data:
            return fmt::format("isinfetch run --dry-run {}  # and look at the file", list.source);
        case ErrorKind::usage:
        case ErrorKind::config:
            return fmt::format("isinfetch config check, and: isinfetch sources test {}",
                               list.source);
        case ErrorKind::internal:
            return "report this as a mistake in isinfetch";
        case ErrorKind::cannot_create:
        case ErrorKind::io:
        case ErrorKind::os:
            return "mend what it says, then: " + run_command(lists);
        case ErrorKind::temporary:
        case ErrorKind::busy:
            return "wait for the next run, or: " + run_command(lists);
        case ErrorKind::interrupted:
            return run_command(lists);
    }
    return run_command(lists);
}

std::string remedy_while_cooling(const Lists& lists) {
    const ListFacts& list = *lists.front();
    const bool is_about_rights = list.failure && list.failure->kind == ErrorKind::permission;
    if (is_about_rights) {
        return remedy_for_rights(lists);
    }
    return "wait until " + format_time(list.freshness.cooldown_until.value_or(Timestamp{}));
}

/// What lists with the same trouble must have in common to share a finding; of its own when the
/// remedy is about that list alone.
std::string common_cause(Freshness trouble, const ListFacts& list) {
    const auto kind = list.failure ? list.failure->kind : std::nullopt;
    std::string host = list.failure && !list.failure->url.empty()
                           ? parse_url(list.failure->url).host
                           : list.source;
    switch (trouble) {
        case Freshness::fresh:
        case Freshness::due:
        case Freshness::never:
        case Freshness::late:
        case Freshness::future:
        case Freshness::disabled:
            return "";
        case Freshness::cooling:
            return host;
        case Freshness::stale:
            return list.homepage.empty() ? list.source : list.homepage;
        case Freshness::held:
        case Freshness::refused:
            return list.source;
        case Freshness::failing:
            break;
    }
    const bool is_of_this_machine =
        kind == ErrorKind::temporary || kind == ErrorKind::busy || kind == ErrorKind::io ||
        kind == ErrorKind::os || kind == ErrorKind::cannot_create || kind == ErrorKind::interrupted;
    const bool is_answer = list.failure && list.failure->http_status != 0;
    if (kind && is_of_this_machine) {
        return is_answer ? fmt::format("{} {}", name(*kind), host) : std::string(name(*kind));
    }
    return kind == ErrorKind::permission && is_answer ? host : list.source;
}

/// In how many words the list is as it should be.
std::string describe_good(const FreshnessVerdict& verdict, const Lists& lists, Timestamp now) {
    const ListFacts& list = *lists.front();
    if (lists.size() > 1 || !list.freshness.last_success) {
        return std::string(name(verdict.state));
    }
    return fmt::format("{}: asked {} ago",
                       name(verdict.state),
                       rough_duration(now - *list.freshness.last_success));
}

Finding judge_group(const FreshnessVerdict& verdict, const Lists& lists, Timestamp now) {
    const ListFacts& list = *lists.front();
    const bool is_one = lists.size() == 1;
    Finding finding{.subject = is_one ? list.source + ": freshness" : "freshness",
                    .kind = ErrorKind::data,
                    .about = names_of(lists)};
    const std::string names = is_one ? "" : shown_names(finding.about) + ": ";
    if (verdict.troubles.empty()) {
        finding.text = names + describe_good(verdict, lists, now);
        return finding;
    }
    const Freshness trouble = verdict.troubles.front();
    finding.health = verdict.is_broken ? Health::failed : Health::warning;
    finding.text = names + (is_one ? explain(verdict, list.freshness, now)
                                   : explain(trouble, list.freshness, now));
    finding.fix = remedy(trouble, lists);
    return finding;
}

}  // namespace

std::string remedy(Freshness trouble, const std::vector<const ListFacts*>& lists) {
    const ListFacts& list = *lists.front();
    switch (trouble) {
        case Freshness::future:
            return fmt::format(
                "date  # is this right? then: {}; else: timedatectl set-ntp true, "
                "or set the clock",
                run_command(lists));
        case Freshness::cooling:
            return remedy_while_cooling(lists);
        case Freshness::refused:
            return remedy_after_refusal(lists);
        case Freshness::failing:
            return remedy_after_failure(lists);
        case Freshness::held:
            return fmt::format("wait: the part, or a later full list, ends it; see {}",
                               homepage_of(list));
        case Freshness::stale:
            return fmt::format(
                "see {} for a newer list: where it has moved, set {}; where there "
                "is none, raise {}",
                homepage_of(list),
                key_of(lists, "url"),
                key_of(lists, "stale_after"));
        case Freshness::late:
            return run_command(lists) + "  # and see below what starts the next run";
        case Freshness::never:
        case Freshness::fresh:
        case Freshness::due:
        case Freshness::disabled:
            break;
    }
    return run_command(lists);
}

std::vector<Finding> judge_lists(const std::vector<ListFacts>& lists, Timestamp now) {
    struct Group {
        FreshnessVerdict verdict{};
        Lists lists{};
    };
    std::vector<Group> groups;
    std::map<std::tuple<Freshness, bool, std::string>, std::size_t> places;
    for (const ListFacts& list : lists) {
        FreshnessVerdict verdict = judge(list.freshness, now);
        const Freshness trouble =
            verdict.troubles.empty() ? verdict.state : verdict.troubles.front();
        const auto [place, is_new] = places.try_emplace(
            {trouble, verdict.is_broken, common_cause(trouble, list)}, groups.size());
        if (is_new) {
            groups.push_back({.verdict = std::move(verdict)});
        }
        groups[place->second].lists.push_back(&list);
    }
    std::vector<Finding> findings;
    std::ranges::transform(groups, std::back_inserter(findings), [&](const Group& group) {
        return judge_group(group.verdict, group.lists, now);
    });
    return findings;
}

}  // namespace isinfetch
