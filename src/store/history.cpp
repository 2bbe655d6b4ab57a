#include "store/history.hpp"

#include "store/history_editor.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace isinfetch {

namespace {

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

/// Sees to it that a full list that was applied already keeps its word on what is listed after its
/// day, whatever comes to be known of the time before.
class NextFull {
public:
    NextFull(History& history, const std::string& published)
        : history_(history), published_(published) {
        if (const auto place = holding(); place && !published.empty()) {
            listed_ = history[*place];
        }
    }

    void keep_word() {
        if (published_.empty()) {
            return;
        }
        const auto place = holding();
        HistoryEditor editor(history_);
        if (place && !listed_) {
            editor.close_as_missing(*place, published_);
        } else if (listed_ && (!place || history_[*place].listing != listed_->listing)) {
            restore(editor);
        }
    }

private:
    /// The version that is listed at the end of that day.
    std::optional<std::size_t> holding() const {
        const std::size_t after = HistoryEditor(history_).after(published_);
        const bool holds = after > 0 && holds_at(history_[after - 1], published_);
        return holds ? std::optional(after - 1) : std::nullopt;
    }

    /// What the list said, until a later list did not say it any more.
    void restore(HistoryEditor& editor) {
        Version version{.listing = listed_->listing,
                        .published = published_,
                        .opened_as = std::string(kReconciled)};
        if (listed_->closed_as == kMissing) {
            version.superseded = listed_->superseded;
            version.closed_as = listed_->closed_as;
        }
        editor.insert(editor.after(published_), std::move(version));
    }

    History& history_;
    const std::string& published_;
    std::optional<Version> listed_{};
};

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

/// Nothing is known to have been said earlier than a full list that did not say it.
bool may_pull_back(const Version& version, const FullLists& lists) noexcept {
    return lists.next.empty() || version.published <= lists.next;
}

Outcome take_event(History& history,
                   const Listing& event,
                   const std::string& published,
                   const FullLists& lists) {
    Listing dated = event;
    if (dated.valid.from.empty() && dated.event != Event::cancelled) {
        dated.valid.from = date_of(published);
    }
    if (dated.event != Event::terminated) {
        dated.valid.to.clear();
    }
    HistoryEditor editor(history);
    const std::size_t place = editor.after(published);
    const Version* before = place > 0 ? &history[place - 1] : nullptr;
    const bool cancels = dated.event == Event::cancelled;
    if (before != nullptr && says_the_same(*before, dated) &&
        (!before->is_content() || holds_at(*before, published))) {
        editor.repeat(place - 1, dated, published);
        return {};
    }
    Outcome outcome{.anomalies = anomalies_of(before, event, published)};
    if (place < history.size() && comes_of(history[place], dated) &&
        may_pull_back(history[place], lists)) {
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

Outcome take_listed(History& history,
                    const Listing* listed,
                    const std::string& published,
                    const FullLists& lists) {
    HistoryEditor editor(history);
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
    if (place < history.size() && comes_of(history[place], *listed) &&
        may_pull_back(history[place], lists)) {
        editor.pull_back(place, *listed, published);
        return {};
    }
    const std::string_view opened = !lists.has_earlier && place == 0 ? "added" : kReconciled;
    return {.effect = effect_of(editor.insert(
                place,
                {.listing = *listed, .published = published, .opened_as = std::string(opened)}))};
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

Outcome apply_event(History& history,
                    const Listing& event,
                    const std::string& published,
                    const FullLists& lists) {
    NextFull next(history, lists.next);
    Outcome outcome = take_event(history, event, published, lists);
    next.keep_word();
    return outcome;
}

Outcome apply_listed(History& history,
                     const Listing* listed,
                     const std::string& published,
                     const FullLists& lists) {
    NextFull next(history, lists.next);
    Outcome outcome = take_listed(history, listed, published, lists);
    next.keep_word();
    return outcome;
}

}  // namespace isinfetch
