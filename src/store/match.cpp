#include "store/match.hpp"

#include <algorithm>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kRowsVisited = 64;

/// Rows without a counterpart, by index.
struct Unmatched {
    std::vector<std::size_t> before{};
    std::vector<std::size_t> after{};
};

void append_leftovers(const Unmatched& unmatched, std::vector<RowPair>& pairs) {
    const std::size_t count = std::max(unmatched.before.size(), unmatched.after.size());
    for (std::size_t i = 0; i < count; ++i) {
        RowPair& pair = pairs.emplace_back();
        if (i < unmatched.before.size()) {
            pair.before = unmatched.before[i];
        }
        if (i < unmatched.after.size()) {
            pair.after = unmatched.after[i];
        }
    }
}

}  // namespace

std::vector<RowPair> match_rows(std::span<const Listing> before,
                                std::span<const Listing> after,
                                Leftovers leftovers) {
    std::vector<RowPair> pairs;
    Unmatched unmatched;
    std::size_t old = 0;
    std::size_t fresh = 0;
    while (old < before.size() || fresh < after.size()) {
        const int order = old == before.size() ? 1
                          : fresh == after.size()
                              ? -1
                              : before[old].venue().compare(after[fresh].venue());
        if (order == 0) {
            pairs.push_back({old, fresh, compare(before[old], after[fresh])});
            ++old;
            ++fresh;
        } else if (leftovers == Leftovers::pair) {
            auto& side = order < 0 ? unmatched.before : unmatched.after;
            side.push_back(order < 0 ? old++ : fresh++);
        } else if (order < 0) {
            pairs.push_back({.before = old++});
        } else {
            pairs.push_back({.after = fresh++});
        }
    }
    append_leftovers(unmatched, pairs);
    return pairs;
}

IsinGroups::IsinGroups(Read read, Repeated repeated)
    : read_(std::move(read)), repeated_(std::move(repeated)) {}

/// Reads the row behind the group.
bool IsinGroups::read_row() {
    if (begin_ + size_ == rows_.size()) {
        rows_.emplace_back();
    }
    return read_(rows_[begin_ + size_]);
}

bool IsinGroups::next() {
    begin_ += size_;
    size_ = 0;
    if (begin_ > kRowsVisited) {
        std::swap(rows_[0], rows_[begin_]);
        begin_ = 0;
    }
    if (!begun_) {
        begun_ = true;
        has_next_ = read_row();
    }
    if (!has_next_) {
        return false;
    }
    isin_ = rows_[begin_].isin();
    size_ = 1;
    for (has_next_ = read_row(); has_next_; has_next_ = read_row()) {
        const Listing& last = rows_[begin_ + size_ - 1];
        const Listing& row = rows_[begin_ + size_];
        if (row.isin() != isin_) {
            break;
        }
        if (row.venue() != last.venue()) {
            ++size_;
        } else if (repeated_) {
            repeated_(last, row);
        }
    }
    return true;
}

void walk_groups(
    IsinGroups& before,
    IsinGroups& after,
    const std::function<void(std::span<Listing> before, std::span<Listing> after)>& visit) {
    bool has_before = before.next();
    bool has_after = after.next();
    while (has_before || has_after) {
        const int order = !has_before ? 1 : !has_after ? -1 : before.isin().compare(after.isin());
        visit(order <= 0 ? before.rows() : std::span<Listing>{},
              order >= 0 ? after.rows() : std::span<Listing>{});
        if (order <= 0) {
            has_before = before.next();
        }
        if (order >= 0) {
            has_after = after.next();
        }
    }
}

}  // namespace isinfetch
