// What is known of one row: as published (RawRecord), as accepted (Listing), as refused
// (Rejection). The table of standard fields is the one place that names them.
#pragma once

#include "core/isin.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch {

/// The standard fields, in the order of the columns of table `listing`.
enum class Field : std::size_t {
    isin,
    venue,  ///< what tells rows of one ISIN apart: a MIC, else a column of the publisher's
    mic,    ///< ISO 10383
    name,
    symbol,
    fisn,         ///< ISO 18774
    cfi,          ///< ISO 10962
    currency,     ///< ISO 4217
    lei,          ///< issuer, ISO 17442
    national_id,  ///< WKN, Valor, SEDOL, registration number …
    first_trade,  ///< date, YYYY-MM-DD
    termination,  ///< date
    maturity,     ///< date
    status,       ///< in the publisher's own words
};

inline constexpr std::size_t kFieldCount = 14;

/// The first of the fields that are facts about a listing rather than its key.
inline constexpr std::size_t kFirstFact = static_cast<std::size_t>(Field::mic);

struct FieldInfo {
    std::string_view name;  ///< in configuration, schema and exports
    bool is_date;           ///< read by core/date.hpp, kept as YYYY-MM-DD
    std::string_view summary;
};

/// All fields, indexed by Field.
std::span<const FieldInfo, kFieldCount> field_table() noexcept;

constexpr std::size_t index(Field field) noexcept {
    return static_cast<std::size_t>(field);
}

/// Where a record begins in the text of its file.
struct Position {
    std::uint64_t line = 0;  ///< counting from 1
    std::uint64_t byte = 0;  ///< counting from 0; of UTF-16 files: in their text as UTF-8
};

/// What a record says of its key.
enum class Event : std::uint8_t {
    listed,      ///< it is on the list; all that a snapshot ever says
    added,       ///< it is new
    modified,    ///< this replaces what was said before
    terminated,  ///< it has ended; its last words
    cancelled,   ///< it should never have been published; only the key is given
};

/// For how long the publisher says that a record holds, as dates (YYYY-MM-DD); empty: does not say.
/// Not to be confused with when it said so, which is the date of the file.
template <typename Text>
struct Validity {
    Text from{};
    Text to{};  ///< the last day

    bool operator==(const Validity&) const = default;
};

/// Names of columns and what they hold.
using Columns = std::vector<std::pair<std::string_view, std::string_view>>;

/// One row as published. Views into the parser's buffer: valid only until the sink returns.
struct RawRecord {
    std::array<std::string_view, kFieldCount> fields{};  ///< UTF-8, not yet trimmed
    Columns others{};                                    ///< further mapped columns
    Event event = Event::listed;
    Validity<std::string_view> valid{};
    Position position{};
    std::string_view text{};  ///< the whole record, for people
    bool is_further = false;  ///< another ISIN of the same row, which was passed on already
};

/// One accepted fact, keyed by (source, ISIN, venue).
struct Listing {
    std::array<std::string, kFieldCount> fields{};  ///< trimmed UTF-8; isin is a valid Isin
    std::string other{};  ///< further columns as a flat JSON object, "" when there are none
    Event event = Event::listed;
    Validity<std::string> valid{};
    bool known_only = false;  ///< an event that matters only if the store has its key

    const std::string& operator[](Field field) const noexcept { return fields[index(field)]; }
    std::string& operator[](Field field) noexcept { return fields[index(field)]; }
    const std::string& isin() const noexcept { return fields[index(Field::isin)]; }
    const std::string& venue() const noexcept { return fields[index(Field::venue)]; }

    /// The same fact? What is said of its time, and how, is not part of it.
    bool operator==(const Listing& with) const noexcept {
        return fields == with.fields && other == with.other;
    }

    /// String by string: through a third listing, each would be moved three times.
    friend void swap(Listing& left, Listing& right) noexcept {
        left.fields.swap(right.fields);
        left.other.swap(right.other);
        std::swap(left.event, right.event);
        left.valid.from.swap(right.valid.from);
        left.valid.to.swap(right.valid.to);
        std::swap(left.known_only, right.known_only);
    }
};

/// A record that is not taken over, and why.
struct Rejection {
    std::string file{};  ///< its name; empty where there is but one
    Position position{};
    std::string reason{};  ///< "length", "alphabet", "check digit", "placeholder" …
    std::string value{};   ///< the text that should have been an ISIN
    std::string text{};    ///< the whole record, cut at 500 bytes
};

/// Two versions of one listing: the same, the same but for case and blanks, or different?
enum class Difference { none, cosmetic, real };
Difference compare(const Listing& left, const Listing& right) noexcept;

}  // namespace isinfetch
