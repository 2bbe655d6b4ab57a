#include "parse/firds_scanner.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace isinfetch {

namespace {

/// So many bytes from a '<' on are enough to recognise any tag.
constexpr std::ptrdiff_t kEnough = 32;

/// Sixteen bytes that are compared at once, by whatever the machine has for that.
using Block = signed char __attribute__((vector_size(16)));

Block load(const char* text) noexcept {
    Block block{};
    std::memcpy(&block, text, sizeof block);
    return block;
}

bool any(Block mask) noexcept {
    std::array<std::uint64_t, sizeof mask / sizeof(std::uint64_t)> halves{};
    std::memcpy(&halves, &mask, sizeof mask);
    return (halves[0] | halves[1]) != 0;
}

/// Control characters, and all that is not ASCII, which is below 0 here.
Block unusual_in(Block block) noexcept {
    return block < 0x20;
}

/// Which kinds of characters that need a second look a text has.
struct Traits {
    bool unusual = false;
    bool ampersand = false;
    bool bracket = false;
};

/// At least as long as a block.
Traits traits_of(std::string_view text) noexcept {
    Block unusual{};
    Block ampersand{};
    Block bracket{};
    const auto look = [&](const char* at) {
        const Block block = load(at);
        unusual |= unusual_in(block);
        ampersand |= block == '&';
        bracket |= block == ']';
    };
    const char* const last = text.data() + text.size() - sizeof(Block);
    for (const char* at = text.data(); at < last; at += sizeof(Block)) {
        look(at);
    }
    look(last);
    return {any(unusual), any(ampersand), any(bracket)};
}

/// Where in the next eight bytes the first '<' is; 8 when there is none. Source: S. E. Anderson,
/// Bit Twiddling Hacks, "Determine if a word has a zero byte"; the lowest of the bits is always
/// right.
std::ptrdiff_t tag_in_word(const char* at) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= kOnes * '<';
    return std::countr_zero((word - kOnes) & ~word & (kOnes * 0x80)) / 8;
}

/// The next '<'; nullptr when there is none. Most texts are so short that to call memchr() is more
/// work than theirs.
const char* find_tag(const char* at, const char* end) noexcept {
    constexpr std::ptrdiff_t kWord = sizeof(std::uint64_t);
    constexpr std::ptrdiff_t kShort = 32;
    const bool near = std::endian::native == std::endian::little && end - at > kShort;
    for (const char* const far = near ? at + kShort : at; at < far; at += kWord) {
        if (const std::ptrdiff_t place = tag_in_word(at); place < kWord) {
            return at + place;
        }
    }
    return static_cast<const char*>(std::memchr(at, '<', static_cast<std::size_t>(end - at)));
}

bool is_ascii(char character) noexcept {
    return static_cast<unsigned char>(character) < 0x80;
}

bool is_usual(char character) noexcept {
    return is_ascii(character) && static_cast<unsigned char>(character) >= 0x20;
}

const char* find_unusual(const char* at, const char* end) noexcept {
    while (end - at >= static_cast<std::ptrdiff_t>(sizeof(Block)) && !any(unusual_in(load(at)))) {
        at += sizeof(Block);
    }
    return std::find_if_not(at, end, is_usual);
}

/// UTF-8 without control characters, and without U+FFFE and U+FFFF, which XML forbids, nor their
/// neighbours.
bool is_clean_utf8(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    const char* at = find_unusual(text.data(), end);
    while (at != end) {
        const char* const run_end = std::find_if(at, end, is_ascii);
        const std::string_view run(at, static_cast<std::size_t>(run_end - at));
        if (run.empty() || !is_utf8(run) || run.find("\xEF\xBF") != std::string_view::npos) {
            return false;
        }
        at = find_unusual(run_end, end);
    }
    return true;
}

bool is_capital(char character) noexcept {
    return character >= 'A' && character <= 'Z';
}

bool is_letter_or_digit(char character) noexcept {
    return is_capital(character) || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9');
}

/// The name of a start tag without attributes; "" where there is none that is as simple as the
/// schema's.
std::string_view simple_name(const char* at) noexcept {
    const auto* const end = std::find_if_not(at, at + kEnough, is_letter_or_digit);
    const bool is_name = *end == '>' && !(*at >= '0' && *at <= '9');
    return is_name ? std::string_view(at, static_cast<std::size_t>(end - at)) : std::string_view{};
}

bool skip(const char*& at, std::string_view expected) noexcept {
    if (std::memcmp(at, expected.data(), expected.size()) != 0) {
        return false;
    }
    at += expected.size();
    return true;
}

/// Are the characters of a record what it takes them for? Decodes its entities.
bool is_plain(std::string_view text, FirdsRecord& record) {
    const Traits traits = traits_of(text);
    return (!traits.unusual || is_clean_utf8(text)) &&
           (!traits.bracket || text.find("]]>") == std::string_view::npos) &&
           (!traits.ampersand || record.decode_entities());
}

}  // namespace

FirdsScanner::FirdsScanner(const FirdsMessage& message) {
    for (const FirdsKind& kind : message.kinds) {
        Tags& tags = tags_.emplace_back(Tags{.event = kind.event});
        tags.add(message.wrapper);
        tags.add(kind.element);
    }
}

void FirdsScanner::Tags::add(std::string_view element) {
    if (!element.empty()) {
        before = start.size();
        start += fmt::format("<{}>", element);
        after = end.size();
        end = fmt::format("</{}>{}", element, end);
    }
}

/// Takes the end tag of the innermost element; `at` stands at its slash.
bool FirdsScanner::leave(const Level& level, const char*& at) {
    if (level.any_name.empty()) {
        const bool fits = level.node->end.stands_at(at);
        at += level.node->end.size();
        return fits;
    }
    return skip(++at, level.any_name) && skip(at, ">");
}

/// Takes the value of the attribute Ccy and the end of the tag.
bool FirdsScanner::take_currency(FirdsSlot slot, const char*& at, FirdsRecord& record) {
    const std::string_view currency(at, 3);
    record.set(slot, currency);
    at += currency.size();
    return std::ranges::all_of(currency, is_capital) && skip(at, "\">");
}

/// Takes the start tag of a child, the '<' of which is taken already.
const FirdsNode* FirdsScanner::enter(Level& level, const char*& at, FirdsRecord& record) {
    const auto& children = level.node->children;
    entered_ = {};
    for (std::size_t tried = 0; tried < children.size(); ++tried) {
        const std::size_t place = level.next < children.size() ? level.next : 0;
        const FirdsNode* child = children[place];
        level.next = place + 1;
        if (!child->start.stands_at(at)) {
            continue;
        }
        at += child->start.size();
        const bool good =
            child->currency_slot == kNoSlot || take_currency(child->currency_slot, at, record);
        return good ? child : nullptr;
    }
    entered_ = level.node->any == nullptr ? std::string_view{} : simple_name(at);
    at += entered_.size() + 1;
    return entered_.empty() ? nullptr : level.node->any;
}

/// Takes the text and the end tag of a leaf.
FirdsScanner::Found FirdsScanner::take_leaf(const FirdsNode& leaf,
                                            Cursor& cursor,
                                            FirdsRecord& record) {
    const char* const stop = find_tag(cursor.at, cursor.end);
    if (stop == nullptr || cursor.end - stop < kEnough) {
        return Found::cut;
    }
    if (!leaf.end.stands_at(stop + 1)) {
        return Found::unknown;
    }
    record.set(leaf.slot, {cursor.at, static_cast<std::size_t>(stop - cursor.at)});
    cursor.at = stop + 1 + leaf.end.size();
    return Found::record;
}

/// Takes the start tag of a child, and all of one that is a leaf.
FirdsScanner::Found FirdsScanner::take_child(Cursor& cursor, FirdsRecord& record) {
    const FirdsNode* child = enter(levels_[depth_], cursor.at, record);
    if (child == nullptr) {
        return Found::unknown;
    }
    if (child->is_leaf()) {
        return take_leaf(*child, cursor, record);
    }
    levels_[++depth_] = {.node = child, .any_name = entered_};
    return Found::record;
}

/// Walks through what is in the record's element; ends at the slash of its end tag.
FirdsScanner::Found FirdsScanner::walk(Cursor& cursor, FirdsRecord& record) {
    depth_ = 0;
    levels_[0] = {.node = &FirdsSchema::get().record()};
    while (cursor.end - cursor.at >= kEnough && *cursor.at == '<') {
        ++cursor.at;
        Found found = Found::record;
        if (*cursor.at != '/') {
            found = take_child(cursor, record);
        } else if (depth_ == 0) {
            return Found::record;
        } else {
            found = leave(levels_[depth_--], cursor.at) ? Found::record : Found::unknown;
        }
        if (found != Found::record) {
            return found;
        }
    }
    return cursor.end - cursor.at < kEnough ? Found::cut : Found::unknown;
}

FirdsScanner::Result FirdsScanner::scan(std::string_view text, FirdsRecord& record) {
    const auto tags = std::ranges::find_if(
        tags_, [&](const Tags& candidate) { return text.starts_with(candidate.start); });
    if (tags == tags_.end()) {
        return {.found = text.size() < kEnough ? Found::cut : Found::unknown};
    }
    record.begin();
    Cursor cursor{text.data() + tags->start.size(), text.data() + text.size()};
    if (const Found found = walk(cursor, record); found != Found::record) {
        return {.found = found};
    }
    const auto content = static_cast<std::size_t>(cursor.at - 1 - text.data());
    const std::size_t length = content + tags->end.size();
    if (text.substr(content, tags->end.size()) != tags->end ||
        !is_plain(text.substr(0, length), record)) {
        return {.found = Found::unknown};
    }
    return {.found = Found::record,
            .event = tags->event,
            .record = text.substr(tags->before, length - tags->before - tags->after),
            .length = length};
}

}  // namespace isinfetch
