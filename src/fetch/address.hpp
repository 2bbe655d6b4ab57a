// Network addresses, and which of them are not the Internet's. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace isinfetch {

/// IPv6 in network order; IPv4 in its last four bytes behind ::ffff:0:0/96. Source: RFC 4291
/// §2.5.5.2.
struct Address {
    std::array<std::uint8_t, 16> bytes{};

    bool operator==(const Address&) const = default;
};

/// "192.0.2.1" or "2001:db8::1"; a zone behind % does not count. None for names and numbers of
/// other forms, which libcurl brings into this one.
std::optional<Address> parse_address(std::string_view text);

/// As RFC 5952 writes it; IPv4 with dots.
std::string text_of(const Address& address);

/// The IPv4 address that NAT64 or 6to4 reach through this one, else the same. Source: RFC 6052
/// §2.2, RFC 3056 §2.
Address reached(const Address& address) noexcept;

/// Addresses with the same first `bits` bits, of 128: 24 of IPv4 are 120.
struct Network {
    Address address{};
    unsigned bits = 128;

    bool operator==(const Network&) const = default;

    bool contains(const Address& other) const noexcept;

    /// "10.0.0.0/8", "fd00::/8", or an address alone. None where it is neither, and where bits
    /// behind the first are set: one of both numbers is wrong.
    static std::optional<Network> parse(std::string_view text);
};

enum class AddressUse {
    open,         ///< the Internet's
    private_use,  ///< of an organisation's own network: what the word `private` allows
    special,      ///< for what no publisher can be: the host itself, its link, its provider, nobody
};

/// One row of the registries of special-purpose addresses.
struct SpecialNetwork {
    std::string_view network;
    AddressUse use;
    std::string_view name;    ///< "link-local", of addresses
    std::string_view source;  ///< "RFC 3927"
};

/// All rows. Source: IANA's IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), IPv4 and
/// IPv6 Address Space, and the providers' manuals for metadata services.
std::span<const SpecialNetwork> special_networks() noexcept;

/// The row of the smallest network that has `address` in it; never none. Looks at the address as
/// it is: see reached().
const SpecialNetwork& special_network(const Address& address) noexcept;

}  // namespace isinfetch
