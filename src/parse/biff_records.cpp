#include "parse/biff_records.hpp"

#include "util/error.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace isinfetch {

namespace {

constexpr std::uint16_t kContinue = 0x003C;
constexpr std::uint32_t kIsWide = 1;
constexpr std::uint32_t kHasPronunciation = 4;
constexpr std::uint32_t kHasRuns = 8;

bool is_high_surrogate(char32_t unit) noexcept {
    return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low_surrogate(char32_t unit) noexcept {
    return unit >= 0xDC00 && unit < 0xE000;
}

[[noreturn]] void fail_short(const BiffRecords& records) {
    fail(ErrorKind::data,
         "byte {} of the workbook: a record of type {:#06x} is too short",
         records.offset(),
         records.type());
}

}  // namespace

bool BiffRecords::refill() {
    begin_ = 0;
    end_ = input_.read(block_);
    return end_ > 0;
}

bool BiffRecords::read(std::span<char> bytes) {
    while (!bytes.empty()) {
        if (begin_ == end_ && !refill()) {
            return false;
        }
        const std::size_t count = std::min(bytes.size(), end_ - begin_);
        std::copy_n(block_.data() + begin_, count, bytes.data());
        begin_ += count;
        place_ += count;
        bytes = bytes.subspan(count);
    }
    return true;
}

/// False at the end of the stream, and in the zeros that may fill its last sector.
bool BiffRecords::read_header() {
    if (is_ahead_) {
        return true;
    }
    std::array<char, 4> header{};
    next_offset_ = place_;
    if (!read(header)) {
        return false;
    }
    const auto number = [&header](std::size_t at) {
        return static_cast<std::uint16_t>(static_cast<unsigned char>(header[at]) |
                                          static_cast<unsigned char>(header[at + 1]) << 8U);
    };
    next_type_ = number(0);
    next_size_ = number(2);
    is_ahead_ = next_type_ != 0 || next_size_ != 0;
    return is_ahead_;
}

void BiffRecords::read_data() {
    is_ahead_ = false;
    data_.resize(next_size_);
    if (!read(data_)) {
        fail(ErrorKind::data,
             "byte {} of the workbook: it ends within a record: it is incomplete",
             next_offset_);
    }
}

bool BiffRecords::next() {
    if (!read_header()) {
        return false;
    }
    type_ = next_type_;
    offset_ = next_offset_;
    read_data();
    return true;
}

bool BiffRecords::go_on() {
    if (!read_header() || next_type_ != kContinue) {
        return false;
    }
    read_data();
    return true;
}

double BiffRecords::number(std::size_t at) const noexcept {
    return std::bit_cast<double>(std::uint64_t{four(at)} | std::uint64_t{four(at + 4)} << 32U);
}

bool BiffReader::at_end() {
    while (at_ >= records_.data().size()) {
        if (!records_.go_on()) {
            return true;
        }
        at_ = 0;
    }
    return false;
}

std::uint32_t BiffReader::one() {
    if (at_end()) {
        fail_short(records_);
    }
    return records_.one(at_++);
}

std::uint32_t BiffReader::two() {
    const std::uint32_t low = one();
    return low | one() << 8U;
}

std::uint32_t BiffReader::four() {
    const std::uint32_t low = two();
    return low | two() << 16U;
}

void BiffReader::skip(std::uint64_t bytes) {
    while (bytes > 0) {
        if (at_end()) {
            fail_short(records_);
        }
        const std::uint64_t count = std::min<std::uint64_t>(bytes, records_.data().size() - at_);
        at_ += static_cast<std::size_t>(count);
        bytes -= count;
    }
}

void BiffReader::text(std::uint32_t length, std::string& text) {
    const std::uint32_t flags = one();
    const std::uint64_t runs = (flags & kHasRuns) != 0 ? two() : 0;
    const std::uint64_t pronunciation = (flags & kHasPronunciation) != 0 ? four() : 0;
    characters(length, (flags & kIsWide) != 0, text);
    skip(runs * 4 + pronunciation);
}

/// Where a text goes on in another record, that one says anew how wide its characters are.
void BiffReader::characters(std::uint32_t count, bool is_wide, std::string& text) {
    char32_t high = 0;  // the first half of a pair
    for (; count > 0; --count) {
        if (at_ >= records_.data().size()) {
            is_wide = (one() & kIsWide) != 0;
        }
        const char32_t unit = is_wide ? two() : one();
        const bool is_pair = high != 0 && is_low_surrogate(unit);
        if (high != 0 && !is_pair) {
            append_utf8(high, text);
        }
        if (is_high_surrogate(unit)) {
            high = unit;
            continue;
        }
        append_utf8(is_pair ? 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00) : unit, text);
        high = 0;
    }
    if (high != 0) {
        append_utf8(high, text);
    }
}

}  // namespace isinfetch
