#include "discover/sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace isinfetch {

namespace {

constexpr std::size_t kDate = 10;  // YYYY-MM-DD

/// The files of one set, by generation and part.
using Parts = std::map<unsigned, RemoteFile>;
using Generations = std::map<unsigned, Parts>;
using Day = std::pair<std::string, Role>;

std::string describe(const Day& day, const std::string& group) {
    return fmt::format("{} of {}{}", name(day.second), day.first, group.empty() ? "" : " " + group);
}

/// What one publication is made of.
struct Draft {
    std::map<std::string, Generations> groups{};
    std::string fault{};  ///< why it cannot be used
};

/// The same file announced twice is one; two files that claim the same place are none.
void add(Draft& draft, const Day& day, const RemoteFile& file) {
    Parts& parts = draft.groups[file.group][file.parts];
    const auto [place, is_new] = parts.try_emplace(file.part, file);
    const RemoteFile& there = place->second;
    if (!is_new && (there.name != file.name || there.checksum != file.checksum)) {
        draft.fault = fmt::format("{}: two files claim to be part {} of {}",
                                  describe(day, file.group),
                                  file.part,
                                  file.parts);
    }
}

std::string missing_parts(const Parts& parts, unsigned count) {
    std::string missing;
    for (unsigned part = 1; part <= count; ++part) {
        if (!parts.contains(part)) {
            missing += fmt::format("{}{}", missing.empty() ? "" : ", ", part);
        }
    }
    return missing;
}

std::string list_generations(const Generations& generations) {
    std::string text;
    for (const auto& [count, parts] : generations) {
        text += fmt::format("{}{} of {}", text.empty() ? "" : ", ", parts.size(), count);
    }
    return text;
}

/// Takes the files of one set, or says why not.
std::string take_set(const Day& day,
                     const std::string& group,
                     const Generations& generations,
                     Publication& publication,
                     std::vector<std::string>& conflicts) {
    const auto& [count, parts] = *generations.rbegin();
    if (generations.size() > 1) {
        conflicts.push_back(fmt::format("{}: parts of several generations: {}",
                                        describe(day, group),
                                        list_generations(generations)));
    }
    if (const std::string missing = missing_parts(parts, count); !missing.empty()) {
        return fmt::format("{}: part {} of {} is missing", describe(day, group), missing, count);
    }
    for (const auto& [part, file] : parts) {
        publication.files.push_back(file);
    }
    return {};
}

std::set<std::string> groups_of(const Publication& publication) {
    std::set<std::string> groups;
    for (const RemoteFile& file : publication.files) {
        groups.insert(file.group);
    }
    return groups;
}

/// A full list without a group that the one before it had is still being published.
std::string missing_groups(const Publication& full, const std::set<std::string>& before) {
    std::string missing;
    for (const std::string& group : before) {
        const bool there = std::ranges::any_of(
            full.files, [&](const RemoteFile& file) { return file.group == group; });
        missing += there ? "" : fmt::format("{}{}", missing.empty() ? "" : ", ", group);
    }
    return missing.empty() ? ""
                           : fmt::format("{}: {} is missing, which the one before it had",
                                         describe({full.date, full.role}, ""),
                                         missing);
}

}  // namespace

std::string_view name(Role role) noexcept {
    switch (role) {
        case Role::snapshot:
            return "snapshot";
        case Role::delta:
            return "delta";
        case Role::cancellations:
            return "cancellations";
    }
    return "snapshot";
}

Waiting waiting_for(const Incomplete& incomplete) {
    return {.publication = describe({incomplete.date, incomplete.role}, ""),
            .reason = incomplete.why};
}

Sets sort_into_sets(const std::vector<RemoteFile>& files) {
    std::map<Day, Draft> days;
    for (const RemoteFile& file : files) {
        const Day day(file.published.substr(0, kDate), file.role);
        add(days[day], day, file);
    }
    Sets sets;
    std::set<std::string> groups;  // of the full list before
    for (const auto& [day, draft] : days) {
        Publication publication{.date = day.first, .role = day.second};
        std::string fault = draft.fault;
        for (const auto& [group, generations] : draft.groups) {
            const std::string why = take_set(day, group, generations, publication, sets.conflicts);
            fault = fault.empty() ? why : fault;
        }
        if (fault.empty() && day.second == Role::snapshot) {
            fault = missing_groups(publication, groups);
            groups = groups_of(publication);
        }
        if (fault.empty()) {
            sets.complete.push_back(std::move(publication));
        } else {
            sets.incomplete.push_back({day.first, day.second, std::move(fault)});
        }
    }
    return sets;
}

}  // namespace isinfetch
