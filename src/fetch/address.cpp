#include "fetch/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace isinfetch {

namespace {

constexpr unsigned kAllBits = 128;
constexpr unsigned kBefore4 = 96;  // bits before an IPv4 address
constexpr std::size_t kFourAt = 12;

constexpr AddressUse kOpen = AddressUse::open;
constexpr AddressUse kPrivate = AddressUse::private_use;
constexpr AddressUse kSpecial = AddressUse::special;

// clang-format off
// Parts of 192.0.0.0/24 and 2001::/23 are reachable by everybody, as relays and resolvers: none of
// them publishes lists, so that they have no rows.
constexpr std::array kNetworks{
    SpecialNetwork{"0.0.0.0/0",          kOpen,    "public",                    "RFC 791"},
    SpecialNetwork{"0.0.0.0/8",          kSpecial, "unspecified",               "RFC 791 §3.2"},
    SpecialNetwork{"10.0.0.0/8",         kPrivate, "private",                   "RFC 1918"},
    SpecialNetwork{"100.64.0.0/10",      kSpecial, "shared",                    "RFC 6598"},
    SpecialNetwork{"100.100.100.200",    kSpecial, "metadata",                  "Alibaba Cloud"},
    SpecialNetwork{"127.0.0.0/8",        kSpecial, "loopback",                  "RFC 1122 §3.2.1.3"},
    SpecialNetwork{"168.63.129.16",      kSpecial, "metadata",                  "Microsoft Azure"},
    SpecialNetwork{"169.254.0.0/16",     kSpecial, "link-local",                "RFC 3927"},
    SpecialNetwork{"169.254.169.254",    kSpecial, "metadata",                  "AWS, Azure, Google Cloud"},
    SpecialNetwork{"172.16.0.0/12",      kPrivate, "private",                   "RFC 1918"},
    SpecialNetwork{"192.0.0.0/24",       kSpecial, "protocol assignment",      "RFC 6890 §2.1"},
    SpecialNetwork{"192.0.0.192",        kSpecial, "metadata",                  "Oracle Cloud"},
    SpecialNetwork{"192.0.2.0/24",       kSpecial, "documentation",             "RFC 5737"},
    SpecialNetwork{"192.88.99.0/24",     kSpecial, "6to4 relay",                "RFC 7526"},
    SpecialNetwork{"192.168.0.0/16",     kPrivate, "private",                   "RFC 1918"},
    SpecialNetwork{"198.18.0.0/15",      kSpecial, "benchmark",                 "RFC 2544"},
    SpecialNetwork{"198.51.100.0/24",    kSpecial, "documentation",             "RFC 5737"},
    SpecialNetwork{"203.0.113.0/24",     kSpecial, "documentation",             "RFC 5737"},
    SpecialNetwork{"224.0.0.0/4",        kSpecial, "multicast",                 "RFC 5771"},
    SpecialNetwork{"240.0.0.0/4",        kSpecial, "reserved",                  "RFC 1112 §4"},
    SpecialNetwork{"255.255.255.255",    kSpecial, "broadcast",                 "RFC 919"},
    SpecialNetwork{"::/0",               kSpecial, "reserved",                  "RFC 4291 §2.4"},
    SpecialNetwork{"::/96",              kSpecial, "IPv4-compatible",           "RFC 4291 §2.5.5.1"},
    SpecialNetwork{"::",                 kSpecial, "unspecified",               "RFC 4291 §2.5.2"},
    SpecialNetwork{"::1",                kSpecial, "loopback",                  "RFC 4291 §2.5.3"},
    SpecialNetwork{"64:ff9b:1::/48",     kSpecial, "local NAT64",               "RFC 8215"},
    SpecialNetwork{"100::/64",           kSpecial, "discard-only",              "RFC 6666"},
    SpecialNetwork{"100:0:0:1::/64",     kSpecial, "dummy",                     "RFC 9780"},
    SpecialNetwork{"2000::/3",           kOpen,    "public",                    "RFC 4291 §2.4"},
    SpecialNetwork{"2001::/23",          kSpecial, "protocol assignment",      "RFC 2928"},
    SpecialNetwork{"2001::/32",          kSpecial, "Teredo",                    "RFC 4380"},
    SpecialNetwork{"2001:db8::/32",      kSpecial, "documentation",             "RFC 3849"},
    SpecialNetwork{"3fff::/20",          kSpecial, "documentation",             "RFC 9637"},
    SpecialNetwork{"5f00::/16",          kSpecial, "segment routing",           "RFC 9602"},
    SpecialNetwork{"fc00::/7",           kPrivate, "private",                   "RFC 4193"},
    SpecialNetwork{"fd00:ec2::254",      kSpecial, "metadata",                  "AWS"},
    SpecialNetwork{"fd20:ce::254",       kSpecial, "metadata",                  "Google Cloud"},
    SpecialNetwork{"fe80::/10",          kSpecial, "link-local",                "RFC 4291 §2.5.6"},
    SpecialNetwork{"fec0::/10",          kSpecial, "site-local",                "RFC 3879"},
    SpecialNetwork{"ff00::/8",           kSpecial, "multicast",                 "RFC 4291 §2.7"},
};

// Addresses that lead to an IPv4 address, and the byte where it begins.
struct Detour {
    std::string_view network;
    std::size_t at;
};

constexpr std::array kDetours{
    Detour{"64:ff9b::/96", kFourAt},  // NAT64, RFC 6052 §2.1
    Detour{"2002::/16", 2},           // 6to4, RFC 3056 §2
};
// clang-format on

Address mapped(const std::uint8_t* four) noexcept {
    Address address{};
    address.bytes[10] = address.bytes[11] = 0xff;
    std::copy_n(four, 4, address.bytes.begin() + kFourAt);
    return address;
}

bool is_four(const Address& address) noexcept {
    return address == mapped(address.bytes.data() + kFourAt);
}

struct Row {
    Network network;
    const SpecialNetwork* what;
};

/// The table as numbers, the smallest networks first.
std::vector<Row> read_table() {
    std::vector<Row> rows;
    rows.reserve(kNetworks.size());
    for (const SpecialNetwork& what : kNetworks) {
        rows.push_back({Network::parse(what.network).value(), &what});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& left, const Row& right) {
        return left.network.bits > right.network.bits;
    });
    return rows;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
    const std::string plain(text.substr(0, text.find('%')));
    std::array<std::uint8_t, 4> four{};
    if (plain == text && inet_pton(AF_INET, plain.c_str(), four.data()) == 1) {
        return mapped(four.data());
    }
    Address six;
    return inet_pton(AF_INET6, plain.c_str(), six.bytes.data()) == 1 ? std::optional(six)
                                                                     : std::nullopt;
}

std::string text_of(const Address& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool four = is_four(address);
    inet_ntop(four ? AF_INET : AF_INET6,
              address.bytes.data() + (four ? kFourAt : 0),
              text.data(),
              text.size());
    return text.data();
}

Address reached(const Address& address) noexcept {
    for (const Detour& detour : kDetours) {
        if (Network::parse(detour.network)->contains(address)) {
            return mapped(address.bytes.data() + detour.at);
        }
    }
    return address;
}

bool Network::contains(const Address& other) const noexcept {
    constexpr unsigned kByte = 8;
    const unsigned whole = bits / kByte;
    if (!std::equal(address.bytes.begin(), address.bytes.begin() + whole, other.bytes.begin())) {
        return false;
    }
    const unsigned rest = bits % kByte;
    const unsigned mask = (0xff00U >> rest) & 0xffU;
    return rest == 0 || ((address.bytes.at(whole) ^ other.bytes.at(whole)) & mask) == 0;
}

std::optional<Network> Network::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address || text.find('%') != std::string_view::npos) {
        return std::nullopt;
    }
    Network network{.address = *address};
    if (slash == std::string_view::npos) {
        return network;
    }
    const std::string_view digits = text.substr(slash + 1);
    const char* const last = digits.data() + digits.size();
    unsigned bits = 0;
    const auto [end, failure] = std::from_chars(digits.data(), last, bits);
    const unsigned before = text.find(':') == std::string_view::npos ? kBefore4 : 0;
    if (failure != std::errc{} || end != last || bits > kAllBits - before) {
        return std::nullopt;
    }
    network.bits = bits + before;
    for (unsigned bit = network.bits; bit < kAllBits; ++bit) {
        if ((network.address.bytes.at(bit / 8) & (0x80U >> bit % 8)) != 0) {
            return std::nullopt;
        }
    }
    return network;
}

std::span<const SpecialNetwork> special_networks() noexcept {
    return kNetworks;
}

const SpecialNetwork& special_network(const Address& address) noexcept {
    static const std::vector<Row> rows = read_table();
    return *std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
                return row.network.contains(address);
            })->what;  // ::/0 has them all
}

}  // namespace isinfetch
