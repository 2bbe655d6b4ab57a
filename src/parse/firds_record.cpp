#include "parse/firds_record.hpp"

#include "util/error.hpp"

#include <algorithm>
#include <bit>

namespace isinfetch {

namespace {

constexpr auto kIsin = static_cast<FirdsSlot>(index(Field::isin));
constexpr auto kMic = static_cast<FirdsSlot>(index(Field::mic));

struct Entity {
    std::string_view text;
    char meaning;
};

constexpr std::array<Entity, 5> kEntities{{
    {"&amp;", '&'},
    {"&lt;", '<'},
    {"&gt;", '>'},
    {"&quot;", '"'},
    {"&apos;", '\''},
}};

/// Appends `text` without its entities. False when there is one that is not of the five.
bool append_decoded(std::string_view text, std::string& target) {
    while (true) {
        const std::size_t plain = std::min(text.find('&'), text.size());
        target += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) {
            return true;
        }
        const auto* const entity =
            std::find_if(kEntities.begin(), kEntities.end(), [&](const Entity& known) {
                return text.starts_with(known.text);
            });
        if (entity == kEntities.end()) {
            return false;
        }
        target += entity->meaning;
        text.remove_prefix(entity->text.size());
    }
}

/// Calls take(slot) for each bit that is set, in their order.
template <class Bits, class Take>
void for_each_slot(const Bits& bits, Take take) {
    for (std::size_t word = 0; word < bits.size(); ++word) {
        for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1) {
            take(static_cast<FirdsSlot>(word * 64 + static_cast<unsigned>(std::countr_zero(rest))));
        }
    }
}

}  // namespace

std::string_view firds_day(std::string_view text) noexcept {
    constexpr std::size_t kDay = 10;  // YYYY-MM-DD
    const bool is_longer = text.size() > kDay && text[4] == '-' && text[7] == '-' &&
                           std::string_view("TZ+-").find(text[kDay]) != std::string_view::npos;
    return is_longer ? text.substr(0, kDay) : text;
}

FirdsRecord::FirdsRecord() : schema_(FirdsSchema::get()) {
    const auto columns = schema_.columns();
    if (columns.size() > kSlots) {
        fail(ErrorKind::internal, "FIRDS has more than {} fields", kSlots);
    }
    for (std::size_t slot = 0; slot < columns.size(); ++slot) {
        const FirdsValue value = columns[slot].value;
        if (value == FirdsValue::day || value == FirdsValue::end_day) {
            days_.push_back(static_cast<FirdsSlot>(slot));
        } else if (value == FirdsValue::list) {
            add(lists_, static_cast<FirdsSlot>(slot));
        }
    }
}

void FirdsRecord::begin() {
    present_ = {};
    repeated_ = false;
}

/// A further value of a list, or of a field that should have one only: the whole value.
std::string_view FirdsRecord::set_again(FirdsSlot slot, std::string_view text) {
    if (!has(lists_, slot)) {
        repeated_ = true;
        return text;
    }
    std::string& joined = copies_[slot];
    if (has(present_, slot)) {
        joined += ' ';
    } else {
        joined.clear();
    }
    return joined += text;
}

void FirdsRecord::keep(FirdsSlot slot, std::string_view text) {
    if (!has(lists_, slot) && !text.empty()) {
        text = copies_[slot].assign(text);
    }
    set(slot, text);
}

bool FirdsRecord::decode_value(FirdsSlot slot) {
    if (values_[slot].find('&') == std::string_view::npos) {
        return true;
    }
    scratch_.clear();
    if (!append_decoded(values_[slot], scratch_)) {
        return false;
    }
    copies_[slot].swap(scratch_);
    values_[slot] = copies_[slot];
    return true;
}

bool FirdsRecord::decode_entities() {
    bool known = true;
    for_each_slot(present_, [&](FirdsSlot slot) { known = decode_value(slot) && known; });
    return known;
}

void FirdsRecord::tidy_days() {
    for (const FirdsSlot slot : days_) {
        if (!has(present_, slot)) {
            continue;
        }
        values_[slot] = firds_day(values_[slot]);
        if (schema_.columns()[slot].value == FirdsValue::end_day &&
            values_[slot].starts_with("9999-")) {
            present_[slot / 64] &= ~(std::uint64_t{1} << slot % 64);
            ++oddities_.endless;
        }
    }
}

void FirdsRecord::keep_key_only() {
    Bits key{};
    add(key, kIsin);
    add(key, kMic);
    std::uint64_t more = 0;
    for (std::size_t word = 0; word < key.size(); ++word) {
        more |= present_[word] & ~key[word];
        present_[word] &= key[word];
    }
    oddities_.wordy += more != 0 ? 1 : 0;
}

void FirdsRecord::fill() {
    record_.fields = {};
    record_.valid = {};
    record_.others.clear();
    for_each_slot(present_, [&](FirdsSlot slot) {
        if (slot < kFieldCount) {
            record_.fields[slot] = values_[slot];
        } else if (slot >= kFirstFurther) {
            record_.others.emplace_back(schema_.columns()[slot].name, values_[slot]);
        } else {
            (slot == kValidFrom ? record_.valid.from : record_.valid.to) = values_[slot];
        }
    });
    record_.fields[index(Field::venue)] = record_.fields[kMic];
}

const RawRecord& FirdsRecord::finish(Event event, Position position, std::string_view text) {
    oddities_.repeated += repeated_ ? 1 : 0;
    if (event == Event::cancelled) {
        keep_key_only();
    }
    tidy_days();
    fill();
    record_.event = event;
    record_.position = position;
    record_.text = text;
    return record_;
}

}  // namespace isinfetch
