// Where a request may be sent once its host has an address: to the Internet, and elsewhere only as
// the user says. Pure: libcurl is asked at connect time, behind every look-up of a name.
#pragma once

#include "fetch/address.hpp"
#include "fetch/url.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What `allow_addresses` allows.
struct AllowedAddresses {
    std::vector<Network> networks{};
    bool private_use = false;  ///< every address of that use, by the word `private`

    bool operator==(const AllowedAddresses&) const = default;

    bool allow(const Address& address) const noexcept;
};

struct AddressPolicy {
    AllowedAddresses allowed{};
    /// The user wrote these: their hosts may have any address, on the port that is written (or by
    /// is_same_service()). What is no URL, or has places in its host, names none.
    std::vector<std::string> own_urls{};
};

/// Why `url` must not be asked at `address`, and what would allow it; empty when it may be. What
/// NAT64 or 6to4 reach counts as what they reach. For a sentence that begins with the URL.
std::string why_not(const AddressPolicy& policy, const std::string& url, const Address& address);

/// The same of what a proxy is to connect to, as far as the URL tells it: an address instead of a
/// name, or localhost (RFC 6761 §6.3). What a name leads to is the proxy's to decide.
std::string why_not_by_proxy(const AddressPolicy& policy, const std::string& url);

}  // namespace isinfetch
