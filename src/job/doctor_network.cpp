#include "job/doctor.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace isinfetch {

std::vector<Finding> judge_ways(const std::vector<Way>& ways) {
    std::map<std::array<std::string, 3>, std::vector<std::string>> groups;
    for (const Way& way : ways) {
        // Directly, every publisher needs an address of its own; a proxy's serves all behind it.
        const std::string shared = way.proxy.empty() ? "" : way.looked_up;
        auto& publishers = groups[{way.proxy, way.trouble, shared}];
        if (std::find(publishers.begin(), publishers.end(), way.publisher) == publishers.end()) {
            publishers.push_back(way.publisher);
        }
    }
    std::vector<Finding> findings;
    for (const auto& [key, publishers] : groups) {
        const auto& [proxy, trouble, shared] = key;
        Finding finding{.subject = "way to the publisher", .kind = ErrorKind::temporary};
        finding.about = publishers;
        finding.text = shown_names(publishers) + ": " +
                       (proxy.empty() ? std::string("directly") : "through " + proxy);
        if (!trouble.empty()) {
            const std::string host = proxy.empty() ? publishers.front() : shared;
            finding.health = Health::failed;
            finding.text +=
                fmt::format(", but {} no address: {}",
                            proxy.empty() && publishers.size() > 1 ? "they have" : host + " has",
                            trouble);
            finding.fix = fmt::format(
                "getent hosts {}  # look at the network and /etc/resolv.conf, or set network.proxy",
                host);
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

Finding judge_trust(const std::string& file, std::optional<int> certificates) {
    Finding finding{.subject = "certificates", .text = file, .kind = ErrorKind::config};
    if (certificates.value_or(0) > 0) {
        finding.text += fmt::format(": {}", *certificates);
        return finding;
    }
    finding.health = Health::failed;
    finding.text += certificates ? ": none in it" : file.empty() ? "none" : ": cannot be read";
    finding.fix = "install the package ca-certificates, or set network.ca_file";
    return finding;
}

}  // namespace isinfetch
