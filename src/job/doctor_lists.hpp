// What `doctor` says of lists: one finding for one cause, with the remedy that fits it. Pure.
#pragma once

#include "core/freshness.hpp"
#include "job/doctor.hpp"
#include "util/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// How the newest run of a list failed.
struct ListFailure {
    std::optional<ErrorKind> kind{};  ///< none: a kind that this program does not know
    std::int64_t http_status = 0;     ///< 0: it never came to an answer
    std::string url{};
    std::vector<std::string> quarantined{};  ///< what was refused, as far as it is still there
};

struct ListFacts {
    std::string source{};
    std::string homepage{};
    FreshnessFacts freshness{};
    std::optional<ListFailure> failure{};  ///< while runs fail
};

/// Lists that share a trouble and its remedy share a finding: a network that is down is one cause,
/// however many lists wait for it. A failure is what breaks a promise; see judge(FreshnessFacts).
std::vector<Finding> judge_lists(const std::vector<ListFacts>& lists, Timestamp now);

/// What to do about `trouble` of these lists, which have it in common. At least one list.
std::string remedy(Freshness trouble, const std::vector<const ListFacts*>& lists);

}  // namespace isinfetch
