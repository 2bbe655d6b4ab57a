// The check sum without a branch: every byte of a line is looked up at once, both with its last
// digit doubled and without; which of the two counts follows from the number of digits on its
// right.
#include "core/isin_scan_paths.hpp"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#include <cstring>

namespace isinfetch {

namespace {

#define ISINFETCH_AVX2 __attribute__((target("avx2")))

constexpr std::size_t kRegister = 16;  // bytes of one line in its half of a register
constexpr std::size_t kGroup = 4;      // lines at a time

// A half-byte for each doubling, high: doubled; one more than the sum modulo 10, so that a byte
// that no ISIN has gives 0. Twelve of them: the sum is 12 too high.
constexpr std::uint8_t pair_of(unsigned value) noexcept {
    constexpr auto kDoubled = [](unsigned digit) { return digit * 2 / 10 + digit * 2 % 10; };
    const unsigned plain = (value % 10 + kDoubled(value / 10)) % 10;
    const unsigned doubled = (kDoubled(value % 10) + value / 10) % 10;
    return static_cast<std::uint8_t>((doubled + 1) << 4U | (plain + 1));
}

constexpr unsigned kRightRemainder = 2;  // 12 % 10

struct Lookup {
    alignas(32) std::array<std::uint8_t, 32> pairs{};  // twice the same 16: one for each half
};

/// The pairs of `count` characters whose values begin with `first`.
constexpr Lookup make_lookup(unsigned first, unsigned count) noexcept {
    Lookup lookup;
    for (unsigned i = 0; i < count; ++i) {
        lookup.pairs[i] = lookup.pairs[16 + i] = pair_of(first + i);
    }
    return lookup;
}

constexpr Lookup kDigits = make_lookup(0, 10);     // from '0'
constexpr Lookup kLetters = make_lookup(10, 16);   // from 'A'
constexpr Lookup kLetters2 = make_lookup(26, 10);  // from 'Q'

ISINFETCH_AVX2 inline __m256i load(const Lookup& lookup) noexcept {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(lookup.pairs.data()));
}

/// Two lines, one in each half.
ISINFETCH_AVX2 inline __m256i load_lines(const char* first, const char* second) noexcept {
    return _mm256_loadu2_m128i(reinterpret_cast<const __m128i*>(second),
                               reinterpret_cast<const __m128i*>(first));
}

/// The place of each byte after `first` as an index for a shuffle: beyond 15 its top bit is set,
/// for which the shuffle gives 0.
ISINFETCH_AVX2 inline __m256i index_after(__m256i bytes, char first) noexcept {
    return _mm256_adds_epu8(_mm256_sub_epi8(bytes, _mm256_set1_epi8(first)),
                            _mm256_set1_epi8(0x70));
}

struct Halves {
    bool formed;   ///< characters, prefix, place of the check digit and LF are right
    __m256i sums;  ///< of each half, in two parts: 64-bit numbers
};

ISINFETCH_AVX2 inline Halves judge_two(__m256i bytes) noexcept {
    const __m256i in_line = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0));
    const __m256i zero = _mm256_setzero_si256();
    const __m256i digit_index = index_after(bytes, '0');
    const __m256i pairs = _mm256_or_si256(
        _mm256_shuffle_epi8(load(kDigits), digit_index),
        _mm256_or_si256(_mm256_shuffle_epi8(load(kLetters), index_after(bytes, 'A')),
                        _mm256_shuffle_epi8(load(kLetters2), index_after(bytes, 'Q'))));
    const __m256i digits =
        _mm256_and_si256(_mm256_cmpgt_epi8(digit_index, _mm256_set1_epi8(-1)), in_line);

    // Is the number of digits to the right odd? Then the last digit of this byte is doubled.
    __m256i odd = _mm256_srli_si256(digits, 1);
    odd = _mm256_xor_si256(odd, _mm256_srli_si256(odd, 1));
    odd = _mm256_xor_si256(odd, _mm256_srli_si256(odd, 2));
    odd = _mm256_xor_si256(odd, _mm256_srli_si256(odd, 4));
    odd = _mm256_xor_si256(odd, _mm256_srli_si256(odd, 8));

    const __m256i half_byte = _mm256_set1_epi8(0x0F);
    const __m256i plain = _mm256_and_si256(pairs, half_byte);
    const __m256i doubled = _mm256_and_si256(_mm256_srli_epi16(pairs, 4), half_byte);
    const __m256i chosen = _mm256_and_si256(_mm256_blendv_epi8(plain, doubled, odd), in_line);

    const auto mask = [](__m256i bits) ISINFETCH_AVX2 {
        return static_cast<unsigned>(_mm256_movemask_epi8(bits));
    };
    const unsigned wrong = mask(_mm256_cmpeq_epi8(pairs, zero)) & 0x0FFF0FFFU;
    const unsigned places = mask(digits) & 0x08030803U;  // letters at 1 and 2, a digit at 12
    const unsigned ends = mask(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n'))) & 0x10001000U;
    return {wrong == 0 && places == 0x08000800U && ends == 0x10001000U,
            _mm256_sad_epu8(chosen, zero)};
}

/// Do the sums of all four lines leave the right remainder?
ISINFETCH_AVX2 inline bool all_right(__m256i first, __m256i second) noexcept {
    const __m256i parts = _mm256_or_si256(first, _mm256_slli_epi64(second, 32));
    const __m256i sums = _mm256_add_epi32(parts, _mm256_shuffle_epi32(parts, 0x4E));
    // A tenth: 205 / 2048, exact below 1000.
    const __m256i tens = _mm256_srli_epi16(_mm256_mullo_epi16(sums, _mm256_set1_epi32(205)), 11);
    const __m256i rest = _mm256_sub_epi32(sums, _mm256_mullo_epi16(tens, _mm256_set1_epi32(10)));
    const __m256i right = _mm256_cmpeq_epi32(rest, _mm256_set1_epi32(kRightRemainder));
    return _mm256_movemask_epi8(right) == -1;
}

ISINFETCH_AVX2 inline bool four_lines(const char* line, const PlainPrefixes& plain) noexcept {
    const Halves first = judge_two(load_lines(line, line + kIsinLine));
    const Halves second = judge_two(load_lines(line + 2 * kIsinLine, line + 3 * kIsinLine));
    const unsigned prefixes = plain(line) & plain(line + kIsinLine) & plain(line + 2 * kIsinLine) &
                              plain(line + 3 * kIsinLine);
    return first.formed && second.formed && prefixes != 0 && all_right(first.sums, second.sums);
}

}  // namespace

bool has_avx2() noexcept {
    return __builtin_cpu_supports("avx2");
}

ISINFETCH_AVX2 std::size_t good_lines_avx2(std::string_view text) noexcept {
    const PlainPrefixes& plain = PlainPrefixes::table();
    // The last line of a group is read a few bytes beyond its end.
    constexpr std::size_t kNeeded = (kGroup - 1) * kIsinLine + kRegister;
    std::size_t count = 0;
    while (text.size() >= kNeeded && four_lines(text.data(), plain)) {
        text.remove_prefix(kGroup * kIsinLine);
        count += kGroup;
    }
    // Less than a group is left, or one of its lines is not good: which one?
    return count + good_lines_portable(text.substr(0, kGroup * kIsinLine));
}

}  // namespace isinfetch

#else

namespace isinfetch {

bool has_avx2() noexcept {
    return false;
}

std::size_t good_lines_avx2(std::string_view text) noexcept {
    return good_lines_portable(text);
}

}  // namespace isinfetch

#endif
