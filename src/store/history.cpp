#include "store/history.hpp"

#include "core/date.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::string_view kMissing = "missing_in_full";
constexpr std::string_view kReconciled = "reconciled";
constexpr std::string_view kCancelled = "cancelled";
constexpr std::size_t kDate = 10;  // YYYY-MM-DD

constexpr std::array<AnomalyInfo, 6> kAnomalies{{
    {Anomaly::event_without_prior,
     "event_without_prior",
     "modified, terminated or cancelled what was not listed"},
    {Anomaly::new_with_open_prior, "new_with_open_prior", "added what was listed already"},
    {Anomaly::future_from, "future_from", "holds from a day after its publication"},
    {Anomaly::non_increasing,
     "non_increasing",
     "holds from a day before that of the version it replaces"},
    {Anomaly::no_period, "no_period", "does not say from when on it holds"},
    {Anomaly::duplicate_key_in_day, "duplicate_key_in_day", "said twice in one publication"},
}};

std::string date_of(const std::string& published) {
    return published.substr(0, kDate);
}

bool is_missing(const Version& version) noexcept {
    return version.closed_as == kMissing;
}

/// Is it what is listed at that time, as far as its own end goes?
bool holds_at(const Version& version, const std::string& time) noexcept {
    return version.is_content() && (version.superseded.empty() || version.superseded > time);
}

/// Would `event` only repeat what the version says?
bool says_the_same(const Version& version, const Listing& event) noexcept {
    switch (event.event) {
        case Event::cancelled:
            return version.opened_as == kCancelled;
        case Event::terminated:
            return version.opened_as == "terminated" && version.listing == event &&
                   version.listing.valid == event.valid;
        case Event::listed:
        case Event::added:
        case Event::modified:
            break;
    }
    return version.is_content() && version.listing == event &&
           version.listing.valid.from == event.valid.from;
}

/// Is the version what `event` would have become, had it been applied in time? What a full list
/// says does not tell since when.
bool comes_of(const Version& version, const Listing& event) noexcept {
    return says_the_same(version, event) ||
           (version.opened_as == kReconciled && event.event != Event::terminated &&
            event.event != Event::cancelled && version.listing == event);
}

/// The versions of a key with one more among them; keeps what follows from neighbours up to date.
class Editor {
public:
    explicit Editor(History& history) : history_(history) {}

    /// The first version that was published after `time`.
    std::size_t after(const std::string& time) const {
        const auto found = std::ranges::find_if(
            history_, [&](const Version& version) { return version.published > time; });
        return static_cast<std::size_t>(found - history_.begin());
    }

    /// Puts a version before the one at `place`. Gives what it was opened as.
    std::string_view insert(std::size_t place, Version version) {
        if (place > 0) {
            place -= make_way(place - 1, version.published);
        }
        if (place > 0) {
            hand_on_end(history_[place - 1], version);
        }
        version.cancelled = cancelled_after(place);
        put(place, std::move(version));
        return history_[place].opened_as;
    }

    /// What the version at `place` says was said again.
    void repeat(std::size_t place, const Listing& event, const std::string& published) {
        Version& version = history_[place];
        if (event.event == Event::cancelled) {
            set(version, version.superseded, std::max(version.superseded, published));
        } else if (version.opened_as == kReconciled && version.published == published) {
            pull_back(place, event, published);
        }
    }

    /// The version at `place` was said earlier than it was thought.
    void pull_back(std::size_t place, const Listing& event, const std::string& published) {
        Version& version = history_[place];
        version.published = published;
        version.edited = true;
        if (event.event != Event::listed && version.opened_as == kReconciled) {
            version.opened_as = "added";
            version.listing.valid = event.valid;
        }
        settle_around(place);
    }

    void close_as_missing(std::size_t place, const std::string& published) {
        Version& version = history_[place];
        version.superseded = published;
        version.closed_as = kMissing;
        version.edited = true;
        settle_around(place);
    }

    /// What was published by then, and is before `place`, should never have been.
    void cancel_before(std::size_t place, const std::string& published) {
        for (Version& version : std::span(history_).first(place)) {
            if (version.cancelled.empty() || version.cancelled > published) {
                version.cancelled = published;
                version.edited = true;
            }
        }
    }

private:
    /// When what comes before `place` was cancelled, if ever.
    std::string cancelled_after(std::size_t place) const {
        for (const Version& version : std::span(history_).subspan(place)) {
            if (version.opened_as == kCancelled) {
                return version.published;
            }
        }
        return {};
    }

    void put(std::size_t place, Version version) {
        version.edited = true;
        history_.insert(history_.begin() + static_cast<std::ptrdiff_t>(place), std::move(version));
        settle_around(place);
    }

    /// A cancellation at `place` that was said again after `published` moves behind it; what it
    /// ended before stays ended. Gives 1 when it moved.
    std::size_t make_way(std::size_t place, const std::string& published) {
        Version& version = history_[place];
        if (version.opened_as != kCancelled || version.superseded <= published) {
            return 0;
        }
        set(version, version.published, version.superseded);
        set(version, version.cancelled, version.published);
        return 1;
    }

    /// What a full list did not have any more is the newer version.
    static void hand_on_end(Version& before, Version& version) {
        if (!is_missing(before) || before.superseded <= version.published) {
            return;
        }
        if (version.is_content()) {
            version.superseded = before.superseded;
            version.closed_as = kMissing;
        }
        before.superseded.clear();
        before.closed_as.clear();
    }

    void settle_around(std::size_t place) {
        const std::size_t first = place == 0 ? 0 : place - 1;
        const std::size_t last = std::min(place + 2, history_.size());
        for (std::size_t i = first; i < last; ++i) {
            settle_opening(i);
        }
        for (std::size_t i = first; i < last; ++i) {
            settle_end(i);
        }
    }

    // The version before the first one is known to be none only if it was loaded: an old version
    // keeps what it was opened as.
    void settle_opening(std::size_t i) {
        Version& version = history_[i];
        if (!version.is_content() || version.opened_as == kReconciled ||
            (i == 0 && version.id != 0)) {
            return;
        }
        std::string_view opened = "added";
        if (i > 0 && listed_until(history_[i - 1], version.published)) {
            const auto difference = compare(history_[i - 1].listing, version.listing);
            opened = difference == Difference::cosmetic ? "cosmetic" : "changed";
        }
        set(version, version.opened_as, opened);
    }

    /// Does nothing but what comes next end the version?
    static bool listed_until(const Version& version, const std::string& next) {
        const bool has_end = is_missing(version) || version.closed_as == kCancelled;
        return version.is_content() && !(has_end && version.superseded <= next);
    }

    void settle_end(std::size_t i) {
        Version& version = history_[i];
        const Version* next = i + 1 < history_.size() ? &history_[i + 1] : nullptr;
        if (!version.is_content()) {
            const bool repeated = version.opened_as == kCancelled;
            set(version,
                version.superseded,
                repeated ? std::max(version.superseded, version.published) : version.published);
            set(version, version.closed_as, version.opened_as);
        } else if (next != nullptr && listed_until(version, next->published)) {
            set(version, version.superseded, next->published);
            set(version, version.closed_as, closing(*next));
            settle_validity(version, *next);
        }
    }

    static std::string_view closing(const Version& next) {
        if (next.is_content() && next.opened_as != "cosmetic") {
            return "changed";
        }
        return next.opened_as;
    }

    // Rule 3: the day before the next one holds. Where that is no later day, the version was
    // replaced for all of its time. What content says of its own end is not kept: nobody says any.
    static void settle_validity(Version& version, const Version& next) {
        const auto date = day_before(next.listing.valid.from);
        set(version, version.listing.valid.to, date ? std::string_view(*date) : "");
    }

    static void set(Version& version, std::string& member, std::string_view value) {
        if (member != value) {
            member = value;
            version.edited = true;
        }
    }

    History& history_;
};

Effect effect_of(std::string_view opened_as) noexcept {
    constexpr std::array<std::pair<std::string_view, Effect>, 6> kEffects{{
        {"added", Effect::added},
        {"changed", Effect::changed},
        {"cosmetic", Effect::cosmetic},
        {"terminated", Effect::terminated},
        {"cancelled", Effect::cancelled},
        {"reconciled", Effect::reconciled},
    }};
    const auto* found =
        std::ranges::find(kEffects, opened_as, [](const auto& pair) { return pair.first; });
    return found == kEffects.end() ? Effect::none : found->second;
}

std::vector<Anomaly> anomalies_of(const Version* before,
                                  const Listing& event,
                                  const std::string& published) {
    std::vector<Anomaly> found;
    const bool listed = before != nullptr && holds_at(*before, published);
    if (listed == (event.event == Event::added)) {
        found.push_back(listed ? Anomaly::new_with_open_prior : Anomaly::event_without_prior);
    }
    if (event.event == Event::cancelled) {
        return found;
    }
    if (event.valid.from.empty()) {
        found.push_back(Anomaly::no_period);
    } else if (event.valid.from > date_of(published)) {
        found.push_back(Anomaly::future_from);
    }
    if (listed && !event.valid.from.empty() && event.valid.from < before->listing.valid.from) {
        found.push_back(Anomaly::non_increasing);
    }
    return found;
}

std::string_view opening(Event event) noexcept {
    switch (event) {
        case Event::terminated:
            return "terminated";
        case Event::cancelled:
            return "cancelled";
        case Event::listed:
        case Event::added:
        case Event::modified:
            break;
    }
    return "added";
}

}  // namespace

std::span<const AnomalyInfo> anomaly_table() noexcept {
    return kAnomalies;
}

bool concerns(const History& history, const Listing& event, const std::string& published) noexcept {
    const auto holds = [&](const Version& version) {
        return version.published <= published && holds_at(version, published);
    };
    return event.event == Event::cancelled ? !history.empty() : std::ranges::any_of(history, holds);
}

Outcome apply_event(History& history, const Listing& event, const std::string& published) {
    Listing dated = event;
    if (dated.valid.from.empty() && dated.event != Event::cancelled) {
        dated.valid.from = date_of(published);
    }
    if (dated.event != Event::terminated) {
        dated.valid.to.clear();
    }
    Editor editor(history);
    const std::size_t place = editor.after(published);
    const Version* before = place > 0 ? &history[place - 1] : nullptr;
    const bool cancels = dated.event == Event::cancelled;
    if (before != nullptr && says_the_same(*before, dated) &&
        (!before->is_content() || holds_at(*before, published))) {
        editor.repeat(place - 1, dated, published);
        return {};
    }
    Outcome outcome{.anomalies = anomalies_of(before, event, published)};
    if (place < history.size() && comes_of(history[place], dated)) {
        editor.pull_back(place, dated, published);
    } else {
        Version version{.listing = dated,
                        .published = published,
                        .opened_as = std::string(opening(dated.event))};
        outcome.effect = effect_of(editor.insert(place, std::move(version)));
    }
    if (cancels) {
        editor.cancel_before(place + 1, published);
    }
    return outcome;
}

Outcome apply_listed(History& history, const Listing* listed, const std::string& published) {
    Editor editor(history);
    const std::size_t place = editor.after(published);
    const Version* before = place > 0 ? &history[place - 1] : nullptr;
    if (before != nullptr && before->published == published) {
        return {};
    }
    const bool holds = before != nullptr && holds_at(*before, published);
    if (listed == nullptr) {
        if (!holds) {
            return {};
        }
        editor.close_as_missing(place - 1, published);
        return {.effect = Effect::missing};
    }
    if (holds && before->listing == *listed) {
        return {};
    }
    if (place < history.size() && comes_of(history[place], *listed)) {
        editor.pull_back(place, *listed, published);
        return {};
    }
    editor.insert(
        place, {.listing = *listed, .published = published, .opened_as = std::string(kReconciled)});
    return {.effect = Effect::reconciled};
}

}  // namespace isinfetch
