#include "fetch/address_policy.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

bool is_named(const std::vector<std::string>& own_urls, const std::string& url) {
    const Url target = parse_url(url);
    return std::any_of(own_urls.begin(), own_urls.end(), [&](const std::string& own) {
        try {
            return is_same_service(parse_url(own), target);
        } catch (const Error&) {
            return false;
        }
    });
}

}  // namespace

bool AllowedAddresses::allow(const Address& address) const noexcept {
    const auto has = [&](const Network& network) { return network.contains(address); };
    const bool by_use = private_use && special_network(address).use == AddressUse::private_use;
    return by_use || std::any_of(networks.begin(), networks.end(), has);
}

std::string why_not(const AddressPolicy& policy, const std::string& url, const Address& address) {
    const Address end = reached(address);
    const SpecialNetwork& network = special_network(end);
    if (network.use == AddressUse::open || policy.allowed.allow(end) ||
        policy.allowed.allow(address) || is_named(policy.own_urls, url)) {
        return {};
    }
    return fmt::format(
        "leads to {}{} ({} address, {}): only the host of the source's own url may have one: add it"
        " to allow_addresses if that is right",
        text_of(end),
        end == address ? "" : " by " + text_of(address),
        network.name,
        network.source);
}

std::string why_not_by_proxy(const AddressPolicy& policy, const std::string& url) {
    const std::string host = parse_url(url).host;
    const bool is_local = is_loopback(host);
    const auto address = parse_address(host);
    if (!address && !is_local) {
        return {};
    }
    return why_not(policy, url, address ? *address : parse_address("127.0.0.1").value());
}

}  // namespace isinfetch
