#include "fetch/address.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <set>

using namespace isinfetch;

namespace {

struct AddressCase {
    const char* address;
    AddressUse use;
    const char* network;  ///< the row that it is in
};

struct NetworkCase {
    const char* text;
    const char* first;  ///< what it has in it; "" when it is no network
    const char* outside;
};

constexpr AddressUse kOpen = AddressUse::open;
constexpr AddressUse kPrivate = AddressUse::private_use;
constexpr AddressUse kSpecial = AddressUse::special;

Address address(std::string_view text) {
    CAPTURE(text);
    const auto parsed = parse_address(text);
    REQUIRE(parsed);
    return *parsed;
}

}  // namespace

TEST_CASE("every address has its row", "[address]") {
    // The first and the last of each network, and their neighbours outside it.
    // clang-format off
    const auto row = GENERATE(values<AddressCase>({
        {"0.0.0.0",         kSpecial, "0.0.0.0/8"},      {"0.255.255.255",   kSpecial, "0.0.0.0/8"},
        {"1.0.0.0",         kOpen,    "0.0.0.0/0"},      {"9.255.255.255",   kOpen,    "0.0.0.0/0"},
        {"10.0.0.0",        kPrivate, "10.0.0.0/8"},     {"10.255.255.255",  kPrivate, "10.0.0.0/8"},
        {"11.0.0.0",        kOpen,    "0.0.0.0/0"},      {"100.63.255.255",  kOpen,    "0.0.0.0/0"},
        {"100.64.0.0",      kSpecial, "100.64.0.0/10"},  {"100.127.255.255", kSpecial, "100.64.0.0/10"},
        {"100.100.100.200", kSpecial, "100.100.100.200"},{"100.128.0.0",     kOpen,    "0.0.0.0/0"},
        {"126.255.255.255", kOpen,    "0.0.0.0/0"},      {"127.0.0.0",       kSpecial, "127.0.0.0/8"},
        {"127.255.255.255", kSpecial, "127.0.0.0/8"},    {"128.0.0.0",       kOpen,    "0.0.0.0/0"},
        {"168.63.129.15",   kOpen,    "0.0.0.0/0"},      {"168.63.129.16",   kSpecial, "168.63.129.16"},
        {"169.253.255.255", kOpen,    "0.0.0.0/0"},      {"169.254.0.0",     kSpecial, "169.254.0.0/16"},
        {"169.254.169.253", kSpecial, "169.254.0.0/16"}, {"169.254.169.254", kSpecial, "169.254.169.254"},
        {"169.254.255.255", kSpecial, "169.254.0.0/16"}, {"169.255.0.0",     kOpen,    "0.0.0.0/0"},
        {"172.15.255.255",  kOpen,    "0.0.0.0/0"},      {"172.16.0.0",      kPrivate, "172.16.0.0/12"},
        {"172.31.255.255",  kPrivate, "172.16.0.0/12"},  {"172.32.0.0",      kOpen,    "0.0.0.0/0"},
        {"191.255.255.255", kOpen,    "0.0.0.0/0"},      {"192.0.0.0",       kSpecial, "192.0.0.0/24"},
        {"192.0.0.192",     kSpecial, "192.0.0.192"},    {"192.0.0.255",     kSpecial, "192.0.0.0/24"},
        {"192.0.1.255",     kOpen,    "0.0.0.0/0"},      {"192.0.2.0",       kSpecial, "192.0.2.0/24"},
        {"192.0.3.0",       kOpen,    "0.0.0.0/0"},      {"192.88.99.1",     kSpecial, "192.88.99.0/24"},
        {"192.88.100.0",    kOpen,    "0.0.0.0/0"},      {"192.167.255.255", kOpen,    "0.0.0.0/0"},
        {"192.168.0.0",     kPrivate, "192.168.0.0/16"}, {"192.168.255.255", kPrivate, "192.168.0.0/16"},
        {"192.169.0.0",     kOpen,    "0.0.0.0/0"},      {"198.17.255.255",  kOpen,    "0.0.0.0/0"},
        {"198.18.0.0",      kSpecial, "198.18.0.0/15"},  {"198.19.255.255",  kSpecial, "198.18.0.0/15"},
        {"198.20.0.0",      kOpen,    "0.0.0.0/0"},      {"198.51.100.1",    kSpecial, "198.51.100.0/24"},
        {"203.0.113.255",   kSpecial, "203.0.113.0/24"}, {"203.0.114.0",     kOpen,    "0.0.0.0/0"},
        {"223.255.255.255", kOpen,    "0.0.0.0/0"},      {"224.0.0.0",       kSpecial, "224.0.0.0/4"},
        {"239.255.255.255", kSpecial, "224.0.0.0/4"},    {"240.0.0.0",       kSpecial, "240.0.0.0/4"},
        {"255.255.255.254", kSpecial, "240.0.0.0/4"},    {"255.255.255.255", kSpecial, "255.255.255.255"},
        {"::",              kSpecial, "::"},             {"::1",             kSpecial, "::1"},
        {"::2",             kSpecial, "::/96"},          {"::10.0.0.1",      kSpecial, "::/96"},
        {"::ffff:10.0.0.1", kPrivate, "10.0.0.0/8"},     {"::ffff:8.8.8.8",  kOpen,    "0.0.0.0/0"},
        {"::fffe:8.8.8.8",  kSpecial, "::/0"},           {"64:ff9b:1::1",    kSpecial, "64:ff9b:1::/48"},
        {"100::1",          kSpecial, "100::/64"},       {"100:0:0:1::1",    kSpecial, "100:0:0:1::/64"},
        {"1fff:ffff::",     kSpecial, "::/0"},           {"2000::",          kOpen,    "2000::/3"},
        {"2001::1",         kSpecial, "2001::/32"},      {"2001:1ff::1",     kSpecial, "2001::/23"},
        {"2001:200::1",     kOpen,    "2000::/3"},       {"2001:db7:ffff::", kOpen,    "2000::/3"},
        {"2001:db8::1",     kSpecial, "2001:db8::/32"},  {"2001:db9::",      kOpen,    "2000::/3"},
        {"2a00:1450::1",    kOpen,    "2000::/3"},       {"3fff:fff::1",     kSpecial, "3fff::/20"},
        {"3fff:1000::",     kOpen,    "2000::/3"},       {"4000::1",         kSpecial, "::/0"},
        {"5f00::1",         kSpecial, "5f00::/16"},      {"fbff::1",         kSpecial, "::/0"},
        {"fc00::",          kPrivate, "fc00::/7"},       {"fdff:ffff::",     kPrivate, "fc00::/7"},
        {"fd00:ec2::253",   kPrivate, "fc00::/7"},       {"fd00:ec2::254",   kSpecial, "fd00:ec2::254"},
        {"fd20:ce::254",    kSpecial, "fd20:ce::254"},   {"fe00::1",         kSpecial, "::/0"},
        {"fe80::",          kSpecial, "fe80::/10"},      {"fe80::1%eth0",    kSpecial, "fe80::/10"},
        {"febf:ffff::",     kSpecial, "fe80::/10"},      {"fec0::",          kSpecial, "fec0::/10"},
        {"feff:ffff::",     kSpecial, "fec0::/10"},      {"ff02::1",         kSpecial, "ff00::/8"},
    }));
    // clang-format on
    CAPTURE(row.address);
    const SpecialNetwork& found = special_network(address(row.address));
    CHECK(found.network == row.network);
    CHECK(found.use == row.use);
}

TEST_CASE("the table of networks says each once, and whence", "[address]") {
    std::set<std::string_view> seen;
    for (const SpecialNetwork& row : special_networks()) {
        CAPTURE(row.network);
        CHECK(seen.insert(row.network).second);
        CHECK(Network::parse(row.network));
        CHECK_FALSE(row.name.empty());
        CHECK_FALSE(row.source.empty());
    }
    CHECK(seen.size() == 40);
}

TEST_CASE("what leads to IPv4 is what it leads to", "[address]") {
    CHECK(reached(address("64:ff9b::10.1.2.3")) == address("10.1.2.3"));
    CHECK(reached(address("64:ff9b::7f00:1")) == address("127.0.0.1"));
    CHECK(reached(address("2002:a9fe:a9fe::1")) == address("169.254.169.254"));
    CHECK(reached(address("2002:808:808::")) == address("8.8.8.8"));
    CHECK(reached(address("::ffff:10.1.2.3")) == address("10.1.2.3"));
    CHECK(reached(address("64:ff9b:1::10.1.2.3")) == address("64:ff9b:1::10.1.2.3"));
    CHECK(reached(address("2003::1")) == address("2003::1"));
    CHECK(reached(address("10.1.2.3")) == address("10.1.2.3"));
}

TEST_CASE("an address is written in its own way", "[address]") {
    CHECK(text_of(address("::ffff:10.1.2.3")) == "10.1.2.3");
    CHECK(text_of(address("0:0::1")) == "::1");
    CHECK(text_of(address("::10.1.2.3")) == "::10.1.2.3");
    CHECK_FALSE(parse_address("10.1"));  // libcurl's URLs have them whole
    CHECK_FALSE(parse_address("0x7f000001"));
    CHECK_FALSE(parse_address("10.1.2.3%eth0"));
    CHECK_FALSE(parse_address("a.org"));
    CHECK_FALSE(parse_address(""));
}

TEST_CASE("a network is an address and a number of bits", "[address]") {
    // clang-format off
    const auto row = GENERATE(values<NetworkCase>({
        {"10.0.0.0/8",     "10.255.255.255", "11.0.0.0"},
        {"10.0.0.0/9",     "10.127.255.255", "10.128.0.0"},
        {"10.1.2.3",       "10.1.2.3",       "10.1.2.2"},
        {"10.1.2.3/32",    "10.1.2.3",       "10.1.2.2"},
        {"0.0.0.0/0",      "255.1.1.1",      "::1"},
        {"fd00::/8",       "fdff::1",        "fe00::"},
        {"fd00::/9",       "fd7f::1",        "fd80::"},
        {"::/0",           "10.1.2.3",       ""},
        {"fd00::1/128",    "fd00::1",        "fd00::"},
        {"10.0.0.1/8", "", ""}, {"fd00::1/8", "", ""}, {"10.0.0.0/33", "", ""}, {"::/129", "", ""},
        {"10.0.0.0/", "", ""}, {"10.0.0.0/8x", "", ""}, {"10.0.0.0/-1", "", ""}, {"a.org", "", ""},
        {"fe80::%eth0/64", "", ""}, {"/8", "", ""}, {"", "", ""}, {"10/8", "", ""},
    }));
    // clang-format on
    CAPTURE(row.text);
    const auto network = Network::parse(row.text);
    REQUIRE(network.has_value() == (row.first[0] != '\0'));
    if (network) {
        CHECK(network->contains(network->address));
        CHECK(network->contains(address(row.first)));
        CHECK((row.outside[0] == '\0' || !network->contains(address(row.outside))));
    }
}
