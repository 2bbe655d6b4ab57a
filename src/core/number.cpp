#include "core/number.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

// Blank, apostrophe, no-break space, narrow no-break space, right single quotation mark.
constexpr std::array<std::string_view, 5> kBetweenThousands{
    " ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x99"};

std::size_t count_digits(std::string_view text) noexcept {
    return std::min(text.find_first_not_of("0123456789"), text.size());
}

/// The length of what parts thousands at the start of `text`; 0: nothing.
std::size_t separator(std::string_view text, char thousands) noexcept {
    if (text.starts_with(thousands)) {
        return 1;
    }
    const auto* const found = std::find_if(kBetweenThousands.begin(),
                                           kBetweenThousands.end(),
                                           [&](auto each) { return text.starts_with(each); });
    return found == kBetweenThousands.end() ? 0 : found->size();
}

/// Takes digits in groups from the front of `text`; false when the groups are none.
bool take_whole(std::string_view& text, char thousands, std::string& number) {
    std::size_t digits = count_digits(text);
    bool is_grouped = false;
    while (true) {
        number += text.substr(0, digits);
        text.remove_prefix(digits);
        const std::size_t skip = separator(text, thousands);
        if (skip == 0) {
            return digits > 0 && (!is_grouped || digits == 3);
        }
        if (digits == 0 || digits > 3 || (is_grouped && digits < 2)) {
            return false;
        }
        is_grouped = true;
        text.remove_prefix(skip);
        digits = count_digits(text);
    }
}

}  // namespace

std::optional<std::string> plain_number(std::string_view text, DecimalMark mark) {
    const char decimal = mark == DecimalMark::point ? '.' : ',';
    const char thousands = mark == DecimalMark::point ? ',' : '.';
    text = trim(text);
    std::string number;
    if (text.starts_with('-') || text.starts_with('+')) {
        number = text.front() == '-' ? "-" : "";
        text.remove_prefix(1);
    }
    if (text.starts_with(decimal)) {
        number += '0';
    } else if (!take_whole(text, thousands, number)) {
        return std::nullopt;
    }
    if (text.empty()) {
        return number;
    }
    const std::size_t digits = count_digits(text.substr(1));
    if (text.front() != decimal || digits == 0 || digits + 1 != text.size()) {
        return std::nullopt;
    }
    return number + "." + std::string(text.substr(1));
}

}  // namespace isinfetch
