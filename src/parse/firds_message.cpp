#include "parse/firds_message.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::array<FirdsKind, 1> kListed{{{"RefData", Event::listed}}};
constexpr std::array<FirdsKind, 4> kChanges{{
    {"NewRcrd", Event::added},
    {"ModfdRcrd", Event::modified},
    {"TermntdRcrd", Event::terminated},
    {"CancRcrd", Event::cancelled},
}};
constexpr std::array<FirdsKind, 1> kCancelled{{{"CxlData", Event::cancelled}}};

constexpr std::array<FirdsMessage, 3> kMessages{{
    {"auth.017", "FinInstrmRptgRefDataRpt", "", kListed},
    {"auth.036", "FinInstrmRptgRefDataDltaRpt", "FinInstrm", kChanges},
    {"auth.102", "FinInstrmRptgCxlRpt", "", kCancelled},
}};

template <class Fits>
const FirdsMessage* find_message(Fits fits) noexcept {
    const auto* const found = std::find_if(kMessages.begin(), kMessages.end(), fits);
    return found == kMessages.end() ? nullptr : found;
}

bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

/// ".001.03"
bool is_version(std::string_view text) noexcept {
    return text.size() == 7 && text[0] == '.' && text[4] == '.' &&
           std::ranges::count_if(text, is_digit) == 5;
}

/// "DRAFT6" or nothing.
bool is_variant(std::string_view text) noexcept {
    return text.empty() ||
           (text.starts_with("DRAFT") && std::ranges::all_of(text.substr(5), is_digit));
}

}  // namespace

const FirdsKind* FirdsMessage::find_kind(std::string_view element) const noexcept {
    const auto found = std::ranges::find(kinds, element, &FirdsKind::element);
    return found == kinds.end() ? nullptr : &*found;
}

std::span<const FirdsMessage> firds_messages() noexcept {
    return kMessages;
}

const FirdsMessage* find_firds_message(std::string_view definition) noexcept {
    return find_message([&](const FirdsMessage& message) {
        const std::size_t at = definition.find(message.definition);
        return at != std::string_view::npos && is_variant(definition.substr(0, at)) &&
               is_version(definition.substr(at + message.definition.size()));
    });
}

const FirdsMessage* firds_message_in(std::string_view container) noexcept {
    return find_message(
        [&](const FirdsMessage& message) { return message.container == container; });
}

bool is_firds_record(std::string_view element) noexcept {
    const auto* const message = find_message([&](const FirdsMessage& candidate) {
        return candidate.find_kind(element) != nullptr ||
               (!element.empty() && candidate.wrapper == element);
    });
    return message != nullptr;
}

}  // namespace isinfetch
