// A source that publishes events, and a market that it publishes them of.
#pragma once

#include "store/history.hpp"
#include "store/merge.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace isinfetch::test {

/// Events of a day, or a full list of it.
struct Publication {
    int date = 0;
    bool full = false;
    std::vector<Listing> records{};
};

inline Listing event(
    Event kind, int number, const std::string& venue, const std::string& title, int from) {
    Listing listing = make_listing(isin_of(number), venue, kind == Event::cancelled ? "" : title);
    listing.event = kind;
    if (kind != Event::cancelled) {
        listing.valid.from = day(from).substr(0, 10);
    }
    return listing;
}

struct EventsFixture : StoreFixture {
    MergeCounts apply(const Publication& publication) {
        Transaction transaction(*store);
        MergePlan next = plan("firds");
        next.published = day(publication.date);
        next.records = count("listing WHERE closed_run IS NULL");
        const auto later = fulls.upper_bound(publication.date);
        next.lists = {.next = later == fulls.end() ? "" : day(*later),
                      .has_earlier = !fulls.empty() && *fulls.begin() < publication.date};
        next.is_late = publication.date < newest;
        Staging staging(directory.path(), 1024 * 1024);
        for (const Listing& record : publication.records) {
            stage(record, staging);
        }
        staging.sort();
        const MergeCounts counts = publication.full ? merge_full(*store, next, staging)
                                                    : merge_events(*store, next, staging);
        transaction.commit();
        newest = std::max(newest, publication.date);
        if (publication.full) {
            fulls.insert(publication.date);
        }
        CHECK(counts.listings ==
              static_cast<std::uint64_t>(count("listing WHERE closed_run IS NULL")));
        return counts;
    }

    /// Every version with all that does not depend on the order of the runs. That a full list
    /// opened it does, unless they came in their order.
    std::vector<std::string> dump(bool current_only = false, bool in_order = true) const {
        std::vector<std::string> rows;
        const auto cursor = store->query(
            fmt::format(
                "SELECT isin || ' ' || venue || ' ' || coalesce(name, '-') ||"
                " CASE WHEN {0} THEN '' ELSE ' ' || published || ' ' ||"
                " coalesce(superseded, '-') || ' ' || CASE WHEN {1} OR opened_as IN"
                " ('terminated', 'cancelled') THEN opened_as ELSE '' END || ' ' || CASE"
                " WHEN closed_as = 'reconciled' AND NOT {1} THEN 'changed' ELSE"
                " coalesce(closed_as, '-') END || ' ' || coalesce(valid_from, '-') || ' ' ||"
                " coalesce(valid_to, '-') || ' ' || coalesce(cancelled, '-') END"
                " FROM listing WHERE NOT {0} OR closed_run IS NULL"
                " ORDER BY isin, venue, published, superseded",
                current_only ? "(1 = 1)" : "(1 = 0)",
                in_order ? "(1 = 1)" : "(1 = 0)"),
            {});
        while (cursor->next()) {
            rows.emplace_back(cursor->text(0));
        }
        return rows;
    }

    std::set<int> fulls{};  ///< days of those that were applied
    int newest = 0;
};

/// A market that changes from day to day: what is published of it, and what is true in the end.
struct Market {
    std::map<std::pair<int, std::string>, std::string> listed{};
    std::vector<Publication> publications{};
    std::set<std::pair<int, std::string>> cancelled{};

    void live(int date, std::mt19937& dice) {
        Publication delta{.date = date};
        for (int number = 0; number < 6; ++number) {
            for (const char* venue : {"XLON", "XPAR"}) {
                step(delta, number, venue, dice);
            }
        }
        std::ranges::shuffle(delta.records, dice);
        publications.push_back(delta);
    }

    /// With `forgets`, some of what is listed is not, although nothing ended it.
    void list_all(int date, std::mt19937* forgets = nullptr) {
        Publication full{.date = date, .full = true};
        std::erase_if(listed, [&](const auto&) { return forgets && (*forgets)() % 6 == 0; });
        for (const auto& [key, title] : listed) {
            const int since = title.back() - '0';
            full.records.push_back(event(Event::listed, key.first, key.second, title, since));
        }
        publications.push_back(full);
    }

    std::vector<std::string> truth() const {
        std::vector<std::string> rows;
        for (const auto& [key, title] : listed) {
            rows.push_back(fmt::format("{} {} {}", isin_of(key.first), key.second, title));
        }
        return rows;
    }

private:
    void step(Publication& delta, int number, const std::string& venue, std::mt19937& dice) {
        const std::pair key(number, venue);
        const std::string title = fmt::format("{} of {}", dice() % 4, delta.date);  // one digit
        const bool was_listed = listed.contains(key);
        const auto add = [&](Event kind) {
            delta.records.push_back(event(kind, number, venue, title, delta.date));
        };
        switch (dice() % 6) {
            case 0:
                add(was_listed ? Event::modified : Event::added);
                listed[key] = title;
                break;
            case 1:
                add(Event::terminated);
                listed.erase(key);
                break;
            case 2:
                // Of several cancellations of a key, not all are kept.
                if (was_listed && cancelled.insert(key).second) {
                    add(Event::cancelled);
                    listed.erase(key);
                }
                break;
            default:
                break;
        }
    }
};

}  // namespace isinfetch::test
