// Every single wrong character and every swap of neighbours that an ISIN can suffer and still look
// like one: what a check digit is there to find.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

enum class IsinError {
    digit_for_digit,
    letter_for_letter,
    digit_for_letter,  ///< or a letter for a digit
    look_alike,        ///< 0 O Q D, 1 I L, 2 Z, 5 S, 6 G, 8 B; counted above as well
    digits_swapped,
    letters_swapped,
    letter_and_digit_swapped,
};

inline constexpr std::array<std::string_view, 7> kIsinErrors{
    "digit for digit",
    "letter for letter",
    "digit for letter or back",
    "look-alike",
    "digits swapped",
    "letters swapped",
    "letter and digit swapped",
};

namespace isin_errors {

inline bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/// The form of an ISIN, whatever its check digit: two letters first, a digit last.
inline bool has_form(std::string_view text) {
    return !is_digit(text[0]) && !is_digit(text[1]) && is_digit(text[11]);
}

inline bool look_alike(char left, char right) {
    for (const std::string_view group : {"0OQD", "1IL", "2Z", "5S", "6G", "8B"}) {
        if (group.find(left) != group.npos && group.find(right) != group.npos) {
            return true;
        }
    }
    return false;
}

inline IsinError substitution(char from, char to) {
    if (is_digit(from) != is_digit(to)) {
        return IsinError::digit_for_letter;
    }
    return is_digit(from) ? IsinError::digit_for_digit : IsinError::letter_for_letter;
}

inline IsinError swap(char left, char right) {
    if (is_digit(left) != is_digit(right)) {
        return IsinError::letter_and_digit_swapped;
    }
    return is_digit(left) ? IsinError::digits_swapped : IsinError::letters_swapped;
}

}  // namespace isin_errors

/// Calls take(IsinError, text, position) for every error in a right ISIN.
template <class Take>
void for_each_isin_error(const std::string& isin, Take take) {
    static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string text = isin;
    for (std::size_t i = 0; i < isin.size(); ++i) {
        for (const char character : kAlphabet) {
            text[i] = character;
            if (character == isin[i] || !isin_errors::has_form(text)) {
                continue;
            }
            take(isin_errors::substitution(isin[i], character), text, i);
            if (isin_errors::look_alike(isin[i], character)) {
                take(IsinError::look_alike, text, i);
            }
        }
        text[i] = isin[i];
    }
    for (std::size_t i = 0; i + 1 < isin.size(); ++i) {
        std::swap(text[i], text[i + 1]);
        if (text != isin && isin_errors::has_form(text)) {
            take(isin_errors::swap(isin[i], isin[i + 1]), text, i);
        }
        text = isin;
    }
}
