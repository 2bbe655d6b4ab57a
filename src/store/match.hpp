// Two lists sorted by (ISIN, venue), side by side: which rows are new, gone, changed. Pure but for
// the streams it reads; merge and diff share it, so that they cannot disagree.
#pragma once

#include "core/record.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace isinfetch {

/// A row before, a row after, or the two that belong together; indices into the spans that were
/// matched.
struct RowPair {
    std::optional<std::size_t> before{};
    std::optional<std::size_t> after{};
    Difference difference = Difference::real;  ///< none only when both are there

    bool operator==(const RowPair&) const = default;
};

/// What becomes of a row whose venue has no counterpart.
enum class Leftovers {
    pair,     ///< belongs to the next leftover row of the same ISIN on the other side: it moved
    separate  ///< is gone, or new
};

/// Matches the rows of one ISIN, both sides sorted by venue without duplicates. Pairs of equal
/// venue come in the order of the venue; with Leftovers::pair what is left follows them.
std::vector<RowPair> match_rows(std::span<const Listing> before,
                                std::span<const Listing> after,
                                Leftovers leftovers);

/// Rows of a sorted stream, one ISIN at a time.
class IsinGroups {
public:
    /// Fills in the next listing; false after the last.
    using Read = std::function<bool(Listing&)>;
    /// Is told of a row that repeats the key of one that was kept.
    using Repeated = std::function<void(const Listing& kept, const Listing& repeated)>;

    explicit IsinGroups(Read read, Repeated repeated = {});

    /// Goes to the next ISIN; false after the last. Begins before the first.
    bool next();

    /// The caller may move the rows away; valid until next().
    std::span<Listing> rows() noexcept { return std::span(rows_).subspan(begin_, size_); }
    const std::string& isin() const noexcept { return isin_; }

private:
    bool read_row();

    Read read_;
    Repeated repeated_;
    // Rows that were visited, then the group, then the first row of the next one. Used over and
    // over: strings keep their memory, and rows need not be moved about.
    std::vector<Listing> rows_{};
    std::size_t begin_ = 0;
    std::size_t size_ = 0;
    bool has_next_ = false;
    bool begun_ = false;
    std::string isin_{};
};

/// Visits every ISIN of two streams in order, with an empty span for the one that lacks it.
void walk_groups(
    IsinGroups& before,
    IsinGroups& after,
    const std::function<void(std::span<Listing> before, std::span<Listing> after)>& visit);

}  // namespace isinfetch
