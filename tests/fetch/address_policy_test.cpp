#include "fetch/address_policy.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

struct PolicyCase {
    const char* url;
    const char* address;
    bool may;
    const char* why;
};

AllowedAddresses allowed(std::string_view network) {
    return {.networks = {Network::parse(network).value()}};
}

bool may(const AddressPolicy& policy, const std::string& url, std::string_view address) {
    return why_not(policy, url, parse_address(address).value()).empty();
}

}  // namespace

TEST_CASE("only what the user wrote may lead into private networks", "[address]") {
    const AddressPolicy policy{
        .allowed = {},
        .own_urls = {
            "http://intranet:8080/list", "md5:abc", "https://{%Y}.a.org/", "https://safe/"}};
    // clang-format off
    const auto row = GENERATE(values<PolicyCase>({
        {"http://intranet:8080/list",  "10.1.2.3",        true,  "the URL itself"},
        {"http://intranet:8080/other", "127.0.0.1",       true,  "whatever the host leads to"},
        {"http://INTRANET:8080/",      "169.254.169.254", true,  "that too: the user wrote it"},
        {"https://intranet/list",      "10.1.2.3",        true,  "moved to https"},
        {"https://intranet:8080/list", "10.1.2.3",        true,  "moved to https on its port"},
        {"http://intranet/list",       "10.1.2.3",        false, "another port"},
        {"http://intranet:8081/list",  "10.1.2.3",        false, "another port"},
        {"http://safe/",               "10.1.2.3",        true,  "where http is allowed at all"},
        {"https://safe:8443/",         "10.1.2.3",        false, "another port"},
        {"https://intranet:9200/",     "10.1.2.3",        false, "another port"},
        {"http://x.intranet:8080/",    "10.1.2.3",        false, "another host"},
        {"http://10.1.2.3:8080/list",  "10.1.2.3",        false, "the address is not the name"},
        {"https://2026.a.org/",        "10.1.2.3",        false, "a host with places names none"},
        {"https://b.org/",             "93.184.216.34",   true,  "the Internet"},
        {"https://b.org/",             "2a00:1450::1",    true,  "the Internet"},
        {"https://b.org/",             "::ffff:8.8.8.8",  true,  "the Internet, mapped"},
        {"https://b.org/",             "64:ff9b::808:808",true,  "the Internet, by NAT64"},
        {"https://b.org/",             "10.1.2.3",        false, "private"},
        {"https://b.org/",             "::ffff:10.1.2.3", false, "private, mapped"},
        {"https://b.org/",             "64:ff9b::a01:203",false, "private, by NAT64"},
        {"https://b.org/",             "2002:a01:203::",  false, "private, by 6to4"},
        {"https://b.org/",             "127.0.0.1",       false, "loopback"},
        {"https://b.org/",             "::1",             false, "loopback"},
        {"https://b.org/",             "0.0.0.0",         false, "means loopback to Linux"},
        {"https://b.org/",             "::",              false, "likewise"},
        {"https://b.org/",             "169.254.169.254", false, "metadata"},
        {"https://b.org/",             "fd00:ec2::254",   false, "metadata"},
        {"https://b.org/",             "224.0.0.1",       false, "multicast"},
    }));
    // clang-format on
    CAPTURE(row.url, row.address, row.why);
    CHECK(may(policy, row.url, row.address) == row.may);
}

TEST_CASE("allow_addresses names networks, or all private ones", "[address]") {
    const AddressPolicy one{.allowed = allowed("10.1.0.0/16")};
    CHECK(may(one, "https://b.org/", "10.1.2.3"));
    CHECK(may(one, "https://b.org/", "::ffff:10.1.2.3"));
    CHECK(may(one, "https://b.org/", "2002:a01:203::"));
    CHECK_FALSE(may(one, "https://b.org/", "10.2.0.1"));
    CHECK(may({.allowed = allowed("64:ff9b::/96")}, "https://b.org/", "64:ff9b::a01:203"));
    const AddressPolicy all{.allowed = {.private_use = true}};
    for (const char* const address : {"10.1.2.3", "172.16.0.1", "192.168.1.1", "fd12::1"}) {
        CAPTURE(address);
        CHECK(may(all, "https://b.org/", address));
    }
    for (const char* const address : {"127.0.0.1",
                                      "169.254.1.1",
                                      "169.254.169.254",
                                      "fd00:ec2::254",
                                      "100.64.0.1",
                                      "fe80::1"}) {
        CAPTURE(address);
        CHECK_FALSE(may(all, "https://b.org/", address));
    }
}

TEST_CASE("the refusal says what the address is and what allows it", "[address]") {
    const auto refusal = [](const char* address) {
        return why_not({}, "https://b.org/", parse_address(address).value());
    };
    const std::string end =
        ": only the host of the source's own url may have one: add it to allow_addresses if that"
        " is right";
    CHECK(refusal("10.1.2.3") == "leads to 10.1.2.3 (private address, RFC 1918)" + end);
    CHECK(refusal("64:ff9b::a01:203") ==
          "leads to 10.1.2.3 by 64:ff9b::a01:203 (private address, RFC 1918)" + end);
}

TEST_CASE("of what a proxy connects to only the URL is known", "[address]") {
    const auto may_by_proxy = [](const std::string& url) {
        return why_not_by_proxy({.own_urls = {"http://10.9.9.9/"}}, url).empty();
    };
    CHECK(may_by_proxy("https://b.org/"));
    CHECK(may_by_proxy("https://8.8.8.8/"));
    CHECK(may_by_proxy("http://10.9.9.9/x"));
    CHECK_FALSE(may_by_proxy("http://10.9.9.8/x"));
    CHECK_FALSE(may_by_proxy("http://167772161/"));  // 10.0.0.1, as libcurl reads it
    CHECK_FALSE(may_by_proxy("http://0x7f.1/"));
    CHECK_FALSE(may_by_proxy("http://[::1]/"));
    CHECK_FALSE(may_by_proxy("http://[::ffff:169.254.169.254]/"));
    CHECK_FALSE(may_by_proxy("http://localhost/"));
    CHECK_FALSE(may_by_proxy("http://x.localhost/"));
}
