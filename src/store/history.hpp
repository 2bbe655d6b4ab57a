// The versions of one key, and what a publication makes of them: the rules of FIRDS (ESMA65-8-5014
// rev. 3, §4.2) and what they leave open. Pure.
//
// A key has one version per event: its content, last words (terminated), or a cancellation. What a
// version was opened and closed as, and when it was superseded, follows from its neighbours; so the
// order in which publications are applied does not matter; but of a cancellation that is said again
// and again, only the first and the last time are known, and one of them where something else was
// said in between; and what a full list brought may be opened as something else.
#pragma once

#include "core/record.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// A row of table listing. Publication times are RFC 3339, as in MergePlan.
struct Version {
    std::int64_t id = 0;  ///< 0: not in the store yet
    Listing listing{};
    std::string published{};
    std::string superseded{};  ///< of a cancellation: when it was said last
    std::string opened_as{};
    std::string closed_as{};
    std::string cancelled{};  ///< when it was said that it should never have been published
    bool is_current = false;  ///< in the store, before edits
    bool edited = false;      ///< new, or different from what the store has
    std::string as_read{};    ///< its identity in the store, of a current one without valid.to

    friend void swap(Version& left, Version& right) noexcept {
        std::swap(left.id, right.id);
        swap(left.listing, right.listing);
        left.published.swap(right.published);
        left.superseded.swap(right.superseded);
        left.opened_as.swap(right.opened_as);
        left.closed_as.swap(right.closed_as);
        left.cancelled.swap(right.cancelled);
        std::swap(left.is_current, right.is_current);
        std::swap(left.edited, right.edited);
        left.as_read.swap(right.as_read);
    }

    /// Does it say what is listed, rather than that something is no more?
    bool is_content() const noexcept {
        return opened_as != "terminated" && opened_as != "cancelled";
    }
};

/// Appends what of a version stays as it is when a current one finds its end, in one text.
inline void append_identity(const Version& version, std::string& text) {
    for (const std::string* part : {&version.published,
                                    &version.opened_as,
                                    &version.cancelled,
                                    &version.listing.valid.from}) {
        text.append(*part).append(1, '|');
    }
}

/// Oldest publication first.
using History = std::vector<Version>;

/// What is odd about an event. Counted, never a reason to refuse it.
enum class Anomaly : std::uint8_t {
    event_without_prior,   ///< modified, terminated or cancelled what is not listed
    new_with_open_prior,   ///< added what is listed
    future_from,           ///< holds from a day after its publication
    non_increasing,        ///< holds from a day before that of the version it replaces
    no_period,             ///< does not say from when on it holds
    duplicate_key_in_day,  ///< said twice in one publication
};

struct AnomalyInfo {
    Anomaly anomaly;
    std::string_view name;  ///< in reports and the store
    std::string_view summary;
};

/// In the order of Anomaly.
std::span<const AnomalyInfo> anomaly_table() noexcept;

/// What became of the key.
enum class Effect : std::uint8_t {
    none,
    added,
    changed,
    cosmetic,
    terminated,
    cancelled,
    reconciled,  ///< a full list says what no event had said
    missing,     ///< a full list does not have it any more, which no event had said
};

struct Outcome {
    Effect effect = Effect::none;
    std::vector<Anomaly> anomalies{};
};

/// Is there something that `event` could end, replace or cancel? `history` as for apply_event().
bool concerns(const History& history, const Listing& event, const std::string& published) noexcept;

/// The full lists of a source that were applied already, as far as a publication is concerned.
struct FullLists {
    std::string next{};  ///< the first one that was published later: its word holds; empty: none
    bool has_earlier = true;  ///< was there one before?
};

/// A record of a delta or of a list of cancellations. Applied twice, it does nothing the second
/// time. `history` may lack versions before the newest one that is not younger than `published`.
Outcome apply_event(History& history,
                    const Listing& event,
                    const std::string& published,
                    const FullLists& lists = {});

/// What a full list says of the key: nullptr for nothing. Events of the same day and later win over
/// it. The first full list of a source adds; later ones reconcile.
Outcome apply_listed(History& history,
                     const Listing* listed,
                     const std::string& published,
                     const FullLists& lists = {});

}  // namespace isinfetch
