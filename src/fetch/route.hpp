// The way to a publisher, looked at without going it: proxy, name resolution, trust. For people who
// want to know why a run that works by hand does not work from a timer.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace isinfetch {

using Variables = std::vector<std::pair<std::string, std::string>>;

/// The proxy that libcurl uses for `url`, empty for none: what is configured, else the
/// environment's http_proxy (lower case only), https_proxy, all_proxy, unless this version of
/// libcurl takes no_proxy to mean the host. Sends nothing and looks nothing up.
/// Source: libcurl, CURLOPT_PROXY(3) and CURLOPT_NOPROXY(3).
std::string proxy_for(const std::string& url,
                      const std::string& configured,
                      const Variables& environment);

/// Looks up all hosts at once. Gives what went wrong for each, empty for those that have an
/// address.
std::map<std::string, std::string> resolve(const std::vector<std::string>& hosts,
                                           std::chrono::seconds patience);

/// The file of certificates that libcurl trusts: what is configured, $SSL_CERT_FILE, else the one
/// it was built with.
std::string trust_file(const std::string& configured, const Variables& environment);

}  // namespace isinfetch
