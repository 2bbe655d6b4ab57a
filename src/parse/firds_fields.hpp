// What a FIRDS record may say: one table from the XML elements of ESMA's schemas to names of ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace isinfetch {

/// How the text of an element becomes a value.
enum class FirdsValue : std::uint8_t {
    text,     ///< as published
    day,      ///< YYYY-MM-DD, without a time of day
    end_day,  ///< the same; the year 9999 means that no end is known, and gives none
    list,     ///< may be there several times: joined by blanks
};

struct FirdsField {
    /// Below the record, local names; "*" stands for any one element, "@" for an attribute.
    std::string_view path;
    /// A field of field_table(), "valid_from" or "valid_to" for RawRecord::valid, else a further
    /// column. "mic" gives the venue too. Several paths may lead to one name.
    std::string_view name;
    int number;  ///< of the field in RTS 23 (Delegated Regulation (EU) 2017/585); 0: ESMA's own
    FirdsValue value;
    std::string_view summary;  ///< one line; empty on the further paths to a name
};

/// All fields, in the order of the schema. Source: auth.017.001.02_ESMAUG_FULINS_1.1.0 and, for
/// NvrPblshd, auth.036.001.01 as published in 2017.
std::span<const FirdsField> firds_fields() noexcept;

}  // namespace isinfetch
