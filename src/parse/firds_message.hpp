// The three messages that FIRDS files are, and the elements that hold their records.
#pragma once

#include "core/record.hpp"

#include <span>
#include <string_view>

namespace isinfetch {

/// An element that is a record, and what it says of its key.
struct FirdsKind {
    std::string_view element;
    Event event;
};

struct FirdsMessage {
    std::string_view definition;  ///< ISO 20022's number of it, without variant and version
    std::string_view container;   ///< the element that the records are in
    std::string_view wrapper;     ///< an element around each single record; "" when there is none
    std::span<const FirdsKind> kinds;

    /// nullptr when no record of this message is called so.
    const FirdsKind* find_kind(std::string_view element) const noexcept;
};

/// FULINS, DLTINS and FULCAN.
std::span<const FirdsMessage> firds_messages() noexcept;

/// "auth.036.001.03" and "DRAFT6auth.036.001.01" are one message: what is before the name and which
/// version it is does not matter. nullptr when it is none of ours.
const FirdsMessage* find_firds_message(std::string_view definition) noexcept;

/// The message whose container this element is; nullptr when it is none.
const FirdsMessage* firds_message_in(std::string_view container) noexcept;

/// Is it a record, or what wraps one, in any of the messages?
bool is_firds_record(std::string_view element) noexcept;

}  // namespace isinfetch
