#include "store/packed_listing.hpp"

#include "util/error.hpp"
#include "util/json.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace isinfetch {

namespace {

using Size = std::uint32_t;  // of a packed listing without this

constexpr std::size_t kIsinLength = 12;
constexpr std::size_t kFirstField = sizeof(Size) + kIsinLength;

constexpr unsigned kKnownOnly = 0x80;  // beside the event

constexpr std::size_t kLongestNumber = 10;  // in bytes
constexpr std::size_t kUsualColumns = 32;   // at most

/// 7 bits per byte, the low ones first; the last byte is the one below 0x80. Gives the place
/// behind.
char* pack_number(std::size_t number, char* to) noexcept {
    for (; number >= 0x80; number >>= 7) {
        *to++ = static_cast<char>(0x80 | (number & 0x7F));
    }
    *to++ = static_cast<char>(number);
    return to;
}

char* pack_text(std::string_view text, char* to) noexcept {
    return std::copy(text.begin(), text.end(), pack_number(text.size(), to));
}

/// Those without a text are left out. 0 is the end, and numbers begin with 1.
char* pack_columns(const Columns& columns, ColumnNumbers& names, char* to) {
    std::size_t expected = 0;
    for (const auto& [name, text] : columns) {
        if (!text.empty()) {
            expected = names.number_of(name, expected) + 1;
            to = pack_text(text, pack_number(expected, to));
        }
    }
    return pack_number(0, to);
}

/// No packed listing is longer.
std::size_t most_bytes(const Listing& listing, const Columns& others) noexcept {
    std::size_t most = kFirstField + 2 + (kFieldCount + 2 + 2 * others.size()) * kLongestNumber;
    for (const std::string& field : listing.fields) {
        most += field.size();
    }
    for (const auto& [name, text] : others) {
        most += text.size();
    }
    return most + listing.valid.from.size() + listing.valid.to.size();
}

/// Takes a number off the front of `bytes`.
std::size_t unpack_number(std::string_view& bytes) noexcept {
    std::size_t number = 0;
    std::size_t used = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes[used++]);
        number |= static_cast<std::size_t>(byte & 0x7F) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    bytes.remove_prefix(used);
    return number;
}

std::string_view unpack_text(std::string_view& bytes) noexcept {
    const std::size_t length = unpack_number(bytes);
    const std::string_view text = bytes.substr(0, length);
    bytes.remove_prefix(length);
    return text;
}

void unpack_columns(std::string_view& bytes, const ColumnNumbers& names, std::string& json) {
    Columns columns;
    columns.reserve(kUsualColumns);
    while (const std::size_t number = unpack_number(bytes)) {
        columns.emplace_back(names[number - 1], unpack_text(bytes));
    }
    json_object(std::move(columns), json);
}

bool is_packable(std::string_view isin) noexcept {
    return isin.size() == kIsinLength && std::all_of(isin.begin(), isin.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           });
}

}  // namespace

std::size_t ColumnNumbers::number_of(std::string_view name, std::size_t expected) {
    if (expected < names_.size() && names_[expected] == name) {
        return expected;
    }
    const auto found = std::ranges::find(names_, name);
    const auto number = static_cast<std::size_t>(found - names_.begin());
    if (found == names_.end()) {
        names_.emplace_back(name);
    }
    return number;
}

void pack(const Listing& listing, const Columns& others, ColumnNumbers& names, std::string& bytes) {
    if (!is_packable(listing.isin())) {
        fail(ErrorKind::internal, "'{}': not an ISIN", listing.isin());
    }
    if (!listing.other.empty()) {
        fail(ErrorKind::internal, "{}: its further columns are JSON already", listing.isin());
    }
    const std::size_t begin = bytes.size();
    bytes.resize(begin + most_bytes(listing, others));
    char* to = bytes.data() + begin + sizeof(Size);
    to = std::copy(listing.isin().begin(), listing.isin().end(), to);
    for (std::size_t i = index(Field::venue); i < kFieldCount; ++i) {
        to = pack_text(listing.fields[i], to);
    }
    *to++ = static_cast<char>(static_cast<unsigned>(listing.event) |
                              (listing.known_only ? kKnownOnly : 0U));
    to = pack_text(listing.valid.to, pack_text(listing.valid.from, to));
    to = pack_columns(others, names, to);
    bytes.resize(static_cast<std::size_t>(to - bytes.data()));
    const auto size = static_cast<Size>(bytes.size() - begin - sizeof(Size));
    std::memcpy(bytes.data() + begin, &size, sizeof size);
}

std::size_t packed_size(std::string_view bytes) noexcept {
    Size size = 0;
    if (bytes.size() < sizeof size) {
        return 0;
    }
    std::memcpy(&size, bytes.data(), sizeof size);
    return sizeof size + size;
}

// 36 to the power of 12 is less than 2 to the power of 64; in ASCII, digits come before letters.
std::uint64_t packed_isin(std::string_view packed) noexcept {
    std::uint64_t number = 0;
    for (const char c : packed.substr(sizeof(Size), kIsinLength)) {
        const int digit = c <= '9' ? c - '0' : c - 'A' + 10;
        number = number * 36 + static_cast<std::uint64_t>(digit);
    }
    return number;
}

std::string_view packed_venue(std::string_view packed) noexcept {
    packed.remove_prefix(kFirstField);
    return unpack_text(packed);
}

void unpack(std::string_view packed, const ColumnNumbers& names, Listing& listing) {
    listing[Field::isin] = packed.substr(sizeof(Size), kIsinLength);
    packed.remove_prefix(kFirstField);
    for (std::size_t i = index(Field::venue); i < kFieldCount; ++i) {
        listing.fields[i] = unpack_text(packed);
    }
    const auto event = static_cast<unsigned char>(packed.front());
    listing.event = static_cast<Event>(event & ~kKnownOnly);
    listing.known_only = (event & kKnownOnly) != 0;
    packed.remove_prefix(1);
    listing.valid.from = unpack_text(packed);
    listing.valid.to = unpack_text(packed);
    unpack_columns(packed, names, listing.other);
}

}  // namespace isinfetch
