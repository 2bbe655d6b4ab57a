#include "parse/encoding_guess.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace isinfetch {

namespace {

// Bits of a character: invalid ones are not impossible, since files have damaged texts in them.
constexpr double kInvalid = 40;
constexpr double kUnassigned = 30;
constexpr double kRare = 18;
constexpr double kSymbol = 13;

/// A character as it would be in one encoding.
struct Unit {
    std::size_t length = 1;
    double bits = kInvalid;
};

/// The bytes of a line; 0 before its beginning and behind its end.
class Line {
public:
    explicit Line(std::string_view text) noexcept : text_(text) {}

    unsigned at(std::size_t place) const noexcept {
        return place < text_.size() ? static_cast<unsigned char>(text_[place]) : 0;
    }
    unsigned before(std::size_t place) const noexcept { return place == 0 ? 0 : at(place - 1); }
    std::size_t size() const noexcept { return text_.size(); }

private:
    std::string_view text_;
};

constexpr bool is_in(unsigned value, unsigned first, unsigned last) noexcept {
    return value >= first && value <= last;
}

constexpr bool is_ascii_letter(unsigned byte) noexcept {
    return is_in(byte | 0x20U, 'a', 'z');
}

double ascii_bits(unsigned byte) noexcept {
    constexpr std::string_view kRareOnes = "\\^_`{|}~@[]<>";
    const bool is_rare = kRareOnes.find(static_cast<char>(byte)) != std::string_view::npos;
    return is_rare ? 9 : 5;
}

/// Quotes, dashes, no-break blanks and the like, which windows-1251 and 1252 have in common.
bool is_common_mark(unsigned byte) noexcept {
    constexpr std::array<unsigned, 18> kMarks{0x82,
                                              0x84,
                                              0x85,
                                              0x91,
                                              0x92,
                                              0x93,
                                              0x94,
                                              0x95,
                                              0x96,
                                              0x97,
                                              0x99,
                                              0xA0,
                                              0xA7,
                                              0xA9,
                                              0xAB,
                                              0xAE,
                                              0xB0,
                                              0xBB};
    return std::ranges::find(kMarks, byte) != kMarks.end();
}

bool is_latin_letter(unsigned byte) noexcept {
    constexpr std::array<unsigned, 9> kOthers{0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F, 0xAA, 0xBA};
    return (byte >= 0xC0 && byte != 0xD7 && byte != 0xF7) ||
           std::ranges::find(kOthers, byte) != kOthers.end();
}

/// Accented letters stand among plain ones.
Unit windows_1252(const Line& line, std::size_t place) noexcept {
    constexpr std::array<unsigned, 5> kUndefined{0x81, 0x8D, 0x8F, 0x90, 0x9D};
    const unsigned byte = line.at(place);
    const unsigned left = line.before(place);
    const unsigned right = line.at(place + 1);
    const bool near_letter = is_ascii_letter(left) || is_ascii_letter(right);
    if (std::ranges::find(kUndefined, byte) != kUndefined.end()) {
        return {};
    }
    if (byte == 0x92 && near_letter) {
        return {1, 6};  // children's
    }
    if (is_latin_letter(byte)) {
        return {1, near_letter ? 6.0 : left >= 0x80 || right >= 0x80 ? 12.0 : 9.0};
    }
    constexpr std::array<unsigned, 10> kSigns{
        0x80, 0xA2, 0xA3, 0xB2, 0xB3, 0xB4, 0xB7, 0xBC, 0xBD, 0xBE};  // € £ ½ and the like
    const bool is_sign = std::ranges::find(kSigns, byte) != kSigns.end();
    return {1, is_common_mark(byte) || is_sign ? 8.0 : kSymbol};
}

constexpr bool is_cyrillic(unsigned byte) noexcept {
    return byte >= 0xC0 || byte == 0xA8 || byte == 0xB8;
}

bool is_other_cyrillic(unsigned byte) noexcept {
    constexpr std::array<unsigned, 10> kLetters{
        0xA1, 0xA2, 0xA5, 0xAA, 0xAF, 0xB2, 0xB3, 0xB4, 0xBA, 0xBF};
    return std::ranges::find(kLetters, byte) != kLetters.end();
}

/// Letters stand among their like, and no capital behind a small one.
Unit windows_1251(const Line& line, std::size_t place) noexcept {
    const unsigned byte = line.at(place);
    const unsigned left = line.before(place);
    const unsigned right = line.at(place + 1);
    if (byte == 0x98) {
        return {};
    }
    if (is_cyrillic(byte)) {
        const bool in_word = is_cyrillic(left) || is_cyrillic(right);
        const bool among_latin = is_ascii_letter(left) || is_ascii_letter(right);
        const bool is_odd = is_in(byte, 0xC0, 0xDF) && left >= 0xE0;
        return {1, (in_word ? 5.5 : among_latin ? 12.0 : 7.0) + (is_odd ? 4.0 : 0.0)};
    }
    if (is_other_cyrillic(byte) && (is_cyrillic(left) || is_cyrillic(right))) {
        return {1, 8};
    }
    return {1, is_common_mark(byte) || byte == 0xB9 ? 8.0 : kSymbol};
}

double shift_jis_bits(unsigned pair) noexcept {
    if (is_in(pair, 0x829F, 0x82F1) || is_in(pair, 0x8340, 0x8396)) {
        return 8;  // kana
    }
    if (is_in(pair, 0x8140, 0x81FC) || is_in(pair, 0x824F, 0x829A)) {
        return 10;  // marks, wide letters and digits
    }
    if (is_in(pair, 0x889F, 0x9872)) {
        return 12.5;  // the common Chinese characters
    }
    if (is_in(pair, 0x989F, 0xEAA4) || is_in(pair, 0xED40, 0xEEFC) || pair >= 0xFA40) {
        return kRare;
    }
    return is_in(pair, 0x839F, 0x879C) ? 16 : kUnassigned;
}

Unit shift_jis(const Line& line, std::size_t place) noexcept {
    const unsigned byte = line.at(place);
    const unsigned trail = line.at(place + 1);
    if (is_in(byte, 0xA1, 0xDF)) {
        const bool in_word = is_in(line.before(place), 0xA1, 0xDF) || is_in(trail, 0xA1, 0xDF);
        return {1, in_word ? 6.0 : 14.0};  // narrow kana
    }
    const bool is_pair = (is_in(byte, 0x81, 0x9F) || is_in(byte, 0xE0, 0xFC)) &&
                         is_in(trail, 0x40, 0xFC) && trail != 0x7F;
    return is_pair ? Unit{2, shift_jis_bits(byte << 8U | trail)} : Unit{};
}

/// The characters of A4 to C6 are the common ones.
Unit big5(const Line& line, std::size_t place) noexcept {
    const unsigned byte = line.at(place);
    const unsigned trail = line.at(place + 1);
    if (!is_in(byte, 0x81, 0xFE) || !(is_in(trail, 0x40, 0x7E) || is_in(trail, 0xA1, 0xFE))) {
        return {};
    }
    const unsigned pair = byte << 8U | trail;
    return {2,
            is_in(pair, 0xA440, 0xC67E)   ? 12.4
            : is_in(pair, 0xA140, 0xA3FE) ? kSymbol
            : is_in(pair, 0xC940, 0xF9FE) ? kRare
                                          : kUnassigned};
}

/// Korean is written in syllables, those of B0 to C8 and, rarely, of the extension.
Unit euc_kr(const Line& line, std::size_t place) noexcept {
    const unsigned byte = line.at(place);
    const unsigned trail = line.at(place + 1);
    if (is_in(byte, 0xA1, 0xFD) && is_in(trail, 0xA1, 0xFE)) {
        return {2,
                is_in(byte, 0xB0, 0xC8)   ? 10.5
                : byte <= 0xAC            ? (byte == 0xA3 ? 10.0 : kSymbol)
                : is_in(byte, 0xCA, 0xFD) ? kRare
                                          : kUnassigned};
    }
    const bool is_extension =
        is_in(byte, 0x81, 0xC6) &&
        (is_in(trail, 'A', 'Z') || is_in(trail, 'a', 'z') || is_in(trail, 0x81, 0xFE));
    return is_extension ? Unit{2, 15} : Unit{};
}

/// Bits of a pair that begins with `byte`, in the rows that GB 2312 began with: the characters of
/// B0 to D7 are the common ones.
constexpr double gb2312_bits(unsigned byte) noexcept {
    return is_in(byte, 0xB0, 0xD7)   ? 11.9
           : is_in(byte, 0xA1, 0xA3) ? 10.0
           : is_in(byte, 0xD8, 0xF7) ? kRare
           : is_in(byte, 0xA4, 0xA9) ? 16.0
           : byte <= 0xA0            ? 20.0
                                     : kUnassigned;
}

/// Four bytes make what is rarer still.
Unit gb18030(const Line& line, std::size_t place) noexcept {
    const unsigned byte = line.at(place);
    const unsigned trail = line.at(place + 1);
    if (!is_in(byte, 0x81, 0xFE)) {
        return {};
    }
    if (is_in(trail, '0', '9')) {
        const bool is_four =
            is_in(line.at(place + 2), 0x81, 0xFE) && is_in(line.at(place + 3), '0', '9');
        return is_four ? Unit{4, kUnassigned} : Unit{};
    }
    if (is_in(trail, 0xA1, 0xFE)) {
        return {2, gb2312_bits(byte)};
    }
    return is_in(trail, 0x40, 0xFE) && trail != 0x7F ? Unit{2, 20} : Unit{};
}

struct Candidate {
    Encoding encoding;
    Unit (*next)(const Line& line, std::size_t place) noexcept;  ///< at a byte that is not ASCII
    double prior;  ///< bits: how much rarer than windows-1252 it is from the start
};

constexpr std::array<Candidate, 6> kCandidates{{
    {Encoding::windows_1252, windows_1252, 0},
    {Encoding::windows_1251, windows_1251, 6},
    {Encoding::shift_jis, shift_jis, 10},
    {Encoding::big5, big5, 10},
    {Encoding::euc_kr, euc_kr, 10},
    {Encoding::gb18030, gb18030, 10},
}};

/// What a text takes in one encoding.
struct Weight {
    Encoding encoding = Encoding::windows_1252;
    double bits = 0;
    std::uint64_t units = 0;  ///< that are not ASCII
    std::uint64_t invalid = 0;
};

void weigh(const Line& line, const Candidate& candidate, Weight& weight) noexcept {
    std::size_t place = 0;
    while (place < line.size()) {
        if (line.at(place) < 0x80) {
            weight.bits += ascii_bits(line.at(place));
            ++place;
            continue;
        }
        const Unit unit = candidate.next(line, place);
        weight.bits += unit.bits;
        weight.invalid += unit.bits == kInvalid ? 1U : 0U;
        ++weight.units;
        place += unit.length;
    }
}

}  // namespace

std::optional<EncodingGuess> guess_encoding(std::string_view sample) {
    std::array<Weight, kCandidates.size()> weights{};
    for (std::size_t i = 0; i < kCandidates.size(); ++i) {
        weights.at(i) = {.encoding = kCandidates.at(i).encoding, .bits = kCandidates.at(i).prior};
    }
    for (const std::string_view text : split(sample, '\n')) {
        if (is_utf8(text)) {
            continue;
        }
        for (std::size_t i = 0; i < kCandidates.size(); ++i) {
            weigh(Line(text), kCandidates.at(i), weights.at(i));
        }
    }
    if (weights.front().units == 0) {
        return std::nullopt;
    }
    std::ranges::stable_sort(weights, {}, &Weight::bits);
    constexpr double kMargin = 10;
    const Weight& best = weights.at(0);
    const Weight& second = weights.at(1);
    const bool is_close = second.bits < best.bits + kMargin;
    const bool is_clean = best.invalid * 100 <= best.units;
    return EncodingGuess{
        .encoding = best.encoding,
        .is_sure = best.encoding != Encoding::windows_1252 && is_clean && !is_close,
        .second = is_close && second.invalid == 0 ? second.encoding : best.encoding};
}

}  // namespace isinfetch
