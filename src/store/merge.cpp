#include "store/merge.hpp"

#include "store/current_versions.hpp"
#include "store/match.hpp"
#include "store/staged_ahead.hpp"
#include "store/version_writer.hpp"

#include <fmt/format.h>

#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kConflictSamples = 20;

class Merge {
public:
    Merge(Connection& connection, const MergePlan& plan, Staging& staging)
        : plan_(plan),
          staged_(staging),
          current_(connection, plan.source, VersionParts::listing),
          versions_(connection, plan.source, plan.run_source, plan.published),
          tail_(plan.tail.begin(), plan.tail.end()) {}

    MergeCounts run() {
        IsinGroups before([this](Listing& listing) {
            Version* version = current_.next();
            if (version != nullptr) {
                swap(listing, version->listing);
            }
            return version != nullptr;
        });
        IsinGroups after([this](Listing& listing) { return staged_.next(listing); },
                         [this](const Listing& kept, const Listing& repeated) {
                             note_duplicate(kept, repeated);
                         });
        walk_groups(before, after, [this](std::span<Listing> old, std::span<Listing> fresh) {
            apply(old, fresh);
        });
        versions_.finish();
        return std::move(counts_);
    }

private:
    void apply(std::span<Listing> before, std::span<Listing> after) {
        counts_.isins += after.empty() ? 0U : 1U;
        counts_.listings += after.size();
        const auto leftovers = plan_.venue_is_mic ? Leftovers::separate : Leftovers::pair;
        for (const RowPair& pair : match_rows(before, after, leftovers)) {
            if (!pair.before) {
                ++counts_.added;
                versions_.add(after[*pair.after], "added");
            } else if (!pair.after) {
                remove(before[*pair.before]);
            } else if (pair.difference != Difference::none) {
                replace(before[*pair.before], after[*pair.after], pair.difference);
            }
        }
    }

    void remove(const Listing& listing) {
        ++counts_.removed;
        versions_.close(listing, "removed");
        if (std::string key = listing_key(listing); tail_.contains(key)) {
            counts_.removed_tail.insert(std::move(key));
        }
    }

    void replace(const Listing& before, Listing& after, Difference difference) {
        const bool is_cosmetic = difference == Difference::cosmetic;
        ++(is_cosmetic ? counts_.cosmetic : counts_.changed);
        const std::string_view kind = is_cosmetic ? "cosmetic" : "changed";
        versions_.close(before, kind);
        versions_.add(after, kind);
    }

    void note_duplicate(const Listing& kept, const Listing& repeated) {
        ++counts_.duplicates;
        if (kept != repeated && counts_.conflicts.size() < kConflictSamples) {
            counts_.conflicts.push_back({.reason = "duplicate key",
                                         .value = repeated.isin(),
                                         .text = fmt::format("venue {}", repeated.venue())});
        }
    }

    const MergePlan& plan_;
    StagedAhead staged_;
    CurrentVersions current_;
    VersionWriter versions_;
    std::unordered_set<std::string> tail_;
    MergeCounts counts_{};
};

}  // namespace

std::string listing_key(const Listing& listing) {
    return fmt::format("{} {}", listing.isin(), listing.venue());
}

MergeCounts merge_snapshot(Connection& connection, const MergePlan& plan, Staging& staging) {
    return Merge(connection, plan, staging).run();
}

}  // namespace isinfetch
