// Judges one record: a listing, a rejection, or a row that says that it has no ISIN. Pure.
#pragma once

#include "core/convert.hpp"
#include "core/date.hpp"
#include "core/number.hpp"
#include "core/record.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace isinfetch {

/// Rows that are about something without an ISIN: a column and the words that it then has.
struct NoIsinWhere {
    std::string column{};  ///< a standard field, or the name of a further column
    std::vector<std::string> words{};
};

struct ValidateOptions {
    std::vector<std::string> no_isin{
        "NA", "N/A", "-", "0"};  ///< cells that mean "none"; blanks always do
    std::vector<NoIsinWhere> no_isin_where{};
    /// What the column of the ISIN holds instead of it: a number of which ISINs of its home are
    /// made. Of a CINS none is. Null: ISINs.
    const NumberInIsin* isin_from = nullptr;
    DateOrder dates = DateOrder::day_month;
    std::vector<std::string> numbers{};  ///< further columns that hold numbers
    DecimalMark decimal = DecimalMark::point;
    bool entities = false;   ///< texts have character references of HTML
    std::string mic{};       ///< of all rows, unless the file has a column for it
    std::string currency{};  ///< likewise
};

enum class Verdict { accepted, no_isin, rejected };

/// How often what was noticed.
using Tally = std::map<std::string, std::uint64_t, std::less<>>;

/// What validation noticed without refusing it.
struct Remarks {
    Tally warnings{};  ///< "unknown prefix", "unreadable date", "malformed LEI", "unknown CFI" …
    Tally notes{};     ///< about the national number in a valid ISIN: "SEDOL check digit" …
};

/// What a record is found to be. To be used again and again: strings keep their memory.
struct Judgement {
    Listing listing{};      ///< when accepted; its further columns are in `others`, not in `other`
    Columns others{};       ///< trimmed; views into the record or into `texts`
    Rejection rejection{};  ///< when rejected
    std::deque<std::string> texts{};
};

/// Fills what of `judgement` goes with the verdict. An unusual prefix is a warning, never
/// a reason to refuse: official lists carry prefixes that ISO 3166 does not know. Nor is a code
/// that breaks its standard's rule, or a national number that breaks its country's: it is counted
/// and kept as published. So are texts with control characters; but in place of NUL, which not
/// every store can keep, stands U+FFFD.
Verdict validate(const RawRecord& record,
                 const ValidateOptions& options,
                 Judgement& judgement,
                 Remarks& remarks);

}  // namespace isinfetch
