#include "store/history_editor.hpp"

#include "core/date.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace isinfetch {

namespace {

bool is_missing(const Version& version) noexcept {
    return version.closed_as == kMissing;
}

void set(Version& version, std::string& member, std::string_view value) {
    if (member != value) {
        member = value;
        version.edited = true;
    }
}

/// What a full list did not have any more is the newer version. Of its day, events win over it.
void hand_on_end(Version& before, Version& version) {
    if (!is_missing(before) || before.superseded < version.published) {
        return;
    }
    if (version.is_content() && before.superseded > version.published) {
        version.superseded = before.superseded;
        version.closed_as = kMissing;
    }
    before.superseded.clear();
    before.closed_as.clear();
}

/// Does nothing but what comes next end the version?
bool listed_until(const Version& version, const std::string& next) {
    const bool went_missing = is_missing(version) && version.superseded < next;
    const bool was_cancelled = version.closed_as == kCancelled && version.superseded <= next;
    return version.is_content() && !went_missing && !was_cancelled;
}

std::string_view closing(const Version& next) {
    if (next.is_content() && next.opened_as != "cosmetic") {
        return "changed";
    }
    return next.opened_as;
}

// Rule 3: the day before the next one holds. Where that is no later day, the version was
// replaced for all of its time. What content says of its own end is not kept: nobody says any.
void settle_validity(Version& version, const Version& next) {
    const auto date = day_before(next.listing.valid.from);
    set(version, version.listing.valid.to, date ? std::string_view(*date) : "");
}

}  // namespace

std::size_t HistoryEditor::after(const std::string& time) const {
    const auto found = std::ranges::find_if(
        history_, [&](const Version& version) { return version.published > time; });
    return static_cast<std::size_t>(found - history_.begin());
}

std::string_view HistoryEditor::insert(std::size_t place, Version version) {
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

void HistoryEditor::repeat(std::size_t place, const Listing& event, const std::string& published) {
    Version& version = history_[place];
    if (event.event == Event::cancelled) {
        set(version, version.superseded, std::max(version.superseded, published));
    } else if (version.opened_as == kReconciled && version.published == published) {
        pull_back(place, event, published);
    }
}

void HistoryEditor::pull_back(std::size_t place,
                              const Listing& event,
                              const std::string& published) {
    Version& version = history_[place];
    version.published = published;
    version.edited = true;
    if (event.event != Event::listed && version.opened_as == kReconciled) {
        version.opened_as = "added";
        version.listing.valid = event.valid;
    }
    settle_around(place);
}

void HistoryEditor::close_as_missing(std::size_t place, const std::string& published) {
    Version& version = history_[place];
    version.superseded = published;
    version.closed_as = kMissing;
    version.listing.valid.to.clear();
    version.edited = true;
    settle_around(place);
}

void HistoryEditor::cancel_before(std::size_t place, const std::string& published) {
    for (Version& version : std::span(history_).first(place)) {
        if (version.cancelled.empty() || version.cancelled > published) {
            version.cancelled = published;
            version.edited = true;
        }
    }
}

/// When what comes before `place` was cancelled, if ever.
std::string HistoryEditor::cancelled_after(std::size_t place) const {
    for (const Version& version : std::span(history_).subspan(place)) {
        if (version.opened_as == kCancelled) {
            return version.published;
        }
    }
    return {};
}

void HistoryEditor::put(std::size_t place, Version version) {
    version.edited = true;
    history_.insert(history_.begin() + static_cast<std::ptrdiff_t>(place), std::move(version));
    settle_around(place);
}

/// A cancellation at `place` that was said again after `published` moves behind it; what it
/// ended before stays ended. Gives 1 when it moved.
std::size_t HistoryEditor::make_way(std::size_t place, const std::string& published) {
    Version& version = history_[place];
    if (version.opened_as != kCancelled || version.superseded <= published) {
        return 0;
    }
    set(version, version.published, version.superseded);
    set(version, version.cancelled, version.published);
    return 1;
}

void HistoryEditor::settle_around(std::size_t place) {
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
void HistoryEditor::settle_opening(std::size_t i) {
    Version& version = history_[i];
    if (!version.is_content() || version.opened_as == kReconciled || (i == 0 && version.id != 0)) {
        return;
    }
    std::string_view opened = "added";
    if (i > 0 && listed_until(history_[i - 1], version.published)) {
        const auto difference = compare(history_[i - 1].listing, version.listing);
        opened = difference == Difference::cosmetic ? "cosmetic" : "changed";
    }
    set(version, version.opened_as, opened);
}

void HistoryEditor::settle_end(std::size_t i) {
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

}  // namespace isinfetch
