#include "core/fisn.hpp"

namespace isinfetch {

namespace {

constexpr std::size_t kMaxLength = 35;
constexpr std::size_t kMaxIssuer = 15;

/// The bytes of the character that begins at `position`; 0 unless it is a printable one of
/// ISO/IEC 8859-1: U+0020 to U+007E, U+00A0 to U+00FF.
std::size_t printable_latin1(std::string_view text, std::size_t position) noexcept {
    const char first = text[position];
    if (first >= ' ' && first <= '~') {
        return 1;
    }
    if (position + 1 == text.size()) {
        return 0;
    }
    const auto second = static_cast<unsigned char>(text[position + 1]);
    const bool in_c2 = first == '\xC2' && second >= 0xA0 && second <= 0xBF;
    const bool in_c3 = first == '\xC3' && second >= 0x80 && second <= 0xBF;
    return in_c2 || in_c3 ? 2 : 0;
}

/// Where the text stops being printable ISO/IEC 8859-1; its size when it does not.
std::size_t first_misfit(std::string_view text) noexcept {
    std::size_t position = 0;
    while (position < text.size()) {
        const std::size_t bytes = printable_latin1(text, position);
        if (bytes == 0) {
            break;
        }
        position += bytes;
    }
    return position;
}

/// Where the character `number`, counting from 0, begins; the size of a text that has no more than
/// that. REQUIRES: characters of ISO/IEC 8859-1 only.
std::size_t begin_of(std::size_t number, std::string_view text) noexcept {
    std::size_t position = 0;
    for (; number > 0 && position < text.size(); --number) {
        position += static_cast<unsigned char>(text[position]) < 0x80 ? 1U : 2U;
    }
    return position;
}

}  // namespace

Inspection inspect_fisn(std::string_view text) noexcept {
    if (const std::size_t misfit = first_misfit(text); misfit < text.size()) {
        return {Defect::character, misfit};
    }
    if (const std::size_t end = begin_of(kMaxLength, text); end < text.size()) {
        return {Defect::length, end};
    }
    const std::size_t slash = text.find('/');
    const std::size_t longest_issuer = begin_of(kMaxIssuer, text);
    if (!text.empty() && (slash == std::string_view::npos || slash > longest_issuer)) {
        return {Defect::prefix, longest_issuer};
    }
    if (text.empty() || slash == 0) {
        return {Defect::length, 0};
    }
    return slash + 1 < text.size() ? Inspection{} : Inspection{Defect::length, text.size()};
}

}  // namespace isinfetch
