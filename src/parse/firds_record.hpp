// One FIRDS record: what is known of it so far, whoever reads it, and what it comes to.
#pragma once

#include "core/record.hpp"
#include "parse/firds_schema.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What was odd, in records.
struct FirdsOddities {
    std::uint64_t endless = 0;   ///< values: days in the year 9999
    std::uint64_t repeated = 0;  ///< with a field that is there more than once: the last one counts
    std::uint64_t wordy = 0;     ///< cancellations that say more than their key
};

/// The day of an ISO 8601 time, or of a day with a zone: YYYY-MM-DD; another text as it is.
std::string_view firds_day(std::string_view text) noexcept;

/// Collects the values of a record and makes a RawRecord of them. Reused for all of a file.
class FirdsRecord {
public:
    FirdsRecord();

    /// Forgets the record before, whether it was finished or not.
    void begin();

    /// A value, without entities; empty ones are none. `text` must live until the record is
    /// finished and used.
    void set(FirdsSlot slot, std::string_view text) {
        const std::size_t word = slot / 64;
        const std::uint64_t bit = std::uint64_t{1} << slot % 64;
        if (text.empty()) {
            return;
        }
        if (((present_[word] | lists_[word]) & bit) != 0) {
            text = set_again(slot, text);
        }
        values_[slot] = text;
        present_[word] |= bit;
    }

    /// The same with a copy of `text`.
    void keep(FirdsSlot slot, std::string_view text);

    /// Replaces &amp; &lt; &gt; &quot; and &apos; in all values. False when there are other
    /// entities; the record is then good for nothing but begin().
    bool decode_entities();

    /// The record, valid until begin(). Of a cancelled one only the key.
    const RawRecord& finish(Event event, Position position, std::string_view text);

    const FirdsOddities& oddities() const noexcept { return oddities_; }

private:
    static constexpr std::size_t kSlots = 128;
    using Bits = std::array<std::uint64_t, kSlots / 64>;

    static bool has(const Bits& bits, FirdsSlot slot) noexcept {
        return ((bits[slot / 64] >> slot % 64) & 1U) != 0;
    }
    static void add(Bits& bits, FirdsSlot slot) noexcept {
        bits[slot / 64] |= std::uint64_t{1} << slot % 64;
    }
    std::string_view set_again(FirdsSlot slot, std::string_view text);
    bool decode_value(FirdsSlot slot);
    void tidy_days();
    void keep_key_only();
    void fill();

    const FirdsSchema& schema_;
    std::vector<FirdsSlot> days_{};
    std::array<std::string_view, kSlots> values_{};
    Bits present_{};  ///< which of them belong to this record
    Bits lists_{};    ///< which are lists
    bool repeated_ = false;
    std::array<std::string, kSlots> copies_{};
    std::string scratch_{};
    RawRecord record_{};
    FirdsOddities oddities_{};
};

}  // namespace isinfetch
