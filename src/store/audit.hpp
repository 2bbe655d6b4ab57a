// Does the store agree with itself? Reads every version once, in key order, with the memory of one
// ISIN.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Something that must not be.
enum class AuditFinding : std::uint8_t {
    damaged_store,
    missing_file,
    wrong_digest,
    wrong_size,
    wrong_check_digit,
    wrong_interval,
    overlap,
    hole,
    wrong_run,
    wrong_count,
    wrong_head,
    wrong_view,
};

struct AuditFindingInfo {
    AuditFinding finding;
    std::string_view name;     ///< for programs
    std::string_view summary;  ///< what it means
};

/// In the order of AuditFinding.
std::span<const AuditFindingInfo> finding_table() noexcept;

/// Is told of each finding; `source` is empty where it is about none or all of them, `text` names
/// the thing at fault.
using FindingSink =
    std::function<void(AuditFinding finding, const std::string& source, const std::string& text)>;

enum class AuditDepth {
    quick,  ///< leaves out what takes reading the views and the files
    whole
};

/// Versions, counts, heads and views, as they are at one moment. Only of `sources`; empty: of all.
/// Gives how many versions were looked at.
std::uint64_t audit_store(Connection& connection,
                          const std::vector<std::string>& sources,
                          AuditDepth depth,
                          const Check& check,
                          const FindingSink& sink);

}  // namespace isinfetch
