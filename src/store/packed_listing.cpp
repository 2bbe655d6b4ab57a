#include "store/packed_listing.hpp"

#include "util/error.hpp"

#include <algorithm>
#include <cstring>

namespace isinfetch {

namespace {

using Size = std::uint32_t;  // of a packed listing without this

constexpr std::size_t kIsinLength = 12;
constexpr std::size_t kFirstField = sizeof(Size) + kIsinLength;

constexpr unsigned kKnownOnly = 0x80;  // beside the event

constexpr std::size_t kLongestLength = 10;  // in bytes, of a text's length

/// 7 bits per byte, the low ones first; the last byte is the one below 0x80. Gives the place
/// behind.
char* pack_text(std::string_view text, char* to) noexcept {
    std::size_t length = text.size();
    for (; length >= 0x80; length >>= 7) {
        *to++ = static_cast<char>(0x80 | (length & 0x7F));
    }
    *to++ = static_cast<char>(length);
    return std::copy(text.begin(), text.end(), to);
}

/// No packed listing is longer.
std::size_t most_bytes(const Listing& listing) noexcept {
    std::size_t most = kFirstField + 1 + (kFieldCount + 3) * kLongestLength;
    for (const std::string& field : listing.fields) {
        most += field.size();
    }
    return most + listing.other.size() + listing.valid.from.size() + listing.valid.to.size();
}

/// Takes a text off the front of `bytes`.
std::string_view unpack_text(std::string_view& bytes) noexcept {
    std::size_t length = 0;
    std::size_t used = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes[used++]);
        length |= static_cast<std::size_t>(byte & 0x7F) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    const std::string_view text(bytes.data() + used, length);
    bytes.remove_prefix(used + length);
    return text;
}

bool is_packable(std::string_view isin) noexcept {
    return isin.size() == kIsinLength && std::all_of(isin.begin(), isin.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           });
}

}  // namespace

void pack(const Listing& listing, std::string& bytes) {
    if (!is_packable(listing.isin())) {
        fail(ErrorKind::internal, "'{}': not an ISIN", listing.isin());
    }
    const std::size_t begin = bytes.size();
    bytes.resize(begin + most_bytes(listing));
    char* to = bytes.data() + begin + sizeof(Size);
    to = std::copy(listing.isin().begin(), listing.isin().end(), to);
    for (std::size_t i = index(Field::venue); i < kFieldCount; ++i) {
        to = pack_text(listing.fields[i], to);
    }
    to = pack_text(listing.other, to);
    *to++ = static_cast<char>(static_cast<unsigned>(listing.event) |
                              (listing.known_only ? kKnownOnly : 0U));
    to = pack_text(listing.valid.to, pack_text(listing.valid.from, to));
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

void unpack(std::string_view packed, Listing& listing) {
    listing[Field::isin] = packed.substr(sizeof(Size), kIsinLength);
    packed.remove_prefix(kFirstField);
    for (std::size_t i = index(Field::venue); i < kFieldCount; ++i) {
        listing.fields[i] = unpack_text(packed);
    }
    listing.other = unpack_text(packed);
    const auto event = static_cast<unsigned char>(packed.front());
    listing.event = static_cast<Event>(event & ~kKnownOnly);
    listing.known_only = (event & kKnownOnly) != 0;
    packed.remove_prefix(1);
    listing.valid.from = unpack_text(packed);
    listing.valid.to = unpack_text(packed);
}

}  // namespace isinfetch
