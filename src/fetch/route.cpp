#include "fetch/route.hpp"

#include "fetch/url.hpp"
#include "util/text.hpp"

#include <curl/curl.h>
#include <netdb.h>

#include <algorithm>
#include <memory>

namespace isinfetch {

namespace {

std::string variable(const Variables& environment, std::string_view name) {
    const auto found = std::find_if(
        environment.begin(), environment.end(), [&](const auto& one) { return one.first == name; });
    return found == environment.end() ? "" : found->second;
}

/// The lower-case form wins; http_proxy has no other, for HTTP_PROXY is what CGI makes of a header.
std::string either(const Variables& environment, const std::string& name) {
    const std::string lower_case = variable(environment, name);
    return lower_case.empty() && name != "http_proxy" ? variable(environment, upper(name))
                                                      : lower_case;
}

bool is_exempt(const std::string& host, const std::string& list) {
    if (list == "*") {
        return true;
    }
    std::string hosts = list;
    std::replace(hosts.begin(), hosts.end(), ' ', ',');
    const auto entries = split(hosts, ',');
    return std::any_of(entries.begin(), entries.end(), [&](std::string_view entry) {
        const std::string name = lower(entry.substr(entry.starts_with('.') ? 1 : 0));
        return !name.empty() && (host == name || host.ends_with("." + name));
    });
}

/// One look-up that may outlive its caller: glibc writes into it until it has ended.
struct LookUp {
    std::string host{};
    gaicb request{};
};

}  // namespace

std::string proxy_for(const std::string& url,
                      const std::string& configured,
                      const Variables& environment) {
    const Url parsed = parse_url(url);
    if (parsed.scheme == "file" || is_exempt(parsed.host, either(environment, "no_proxy"))) {
        return "";
    }
    if (!configured.empty()) {
        return configured;
    }
    const std::string own = either(environment, parsed.scheme + "_proxy");
    return own.empty() ? either(environment, "all_proxy") : own;
}

std::map<std::string, std::string> resolve(const std::vector<std::string>& hosts,
                                           std::chrono::seconds patience) {
    std::vector<std::unique_ptr<LookUp>> look_ups;
    std::vector<gaicb*> requests;
    for (const std::string& host : hosts) {
        look_ups.push_back(std::make_unique<LookUp>(LookUp{.host = host}));
        look_ups.back()->request.ar_name = look_ups.back()->host.c_str();
        requests.push_back(&look_ups.back()->request);
    }
    std::map<std::string, std::string> result;
    const int count = static_cast<int>(requests.size());
    if (const int failure = getaddrinfo_a(GAI_NOWAIT, requests.data(), count, nullptr);
        failure != 0) {
        for (const std::string& host : hosts) {
            result[host] = gai_strerror(failure);
        }
        return result;
    }
    const auto end = std::chrono::steady_clock::now() + patience;
    for (std::unique_ptr<LookUp>& look_up : look_ups) {
        const gaicb* const request = &look_up->request;
        while (gai_error(&look_up->request) == EAI_INPROGRESS &&
               std::chrono::steady_clock::now() < end) {
            constexpr timespec kSlice{.tv_sec = 0, .tv_nsec = 100'000'000};
            gai_suspend(&request, 1, &kSlice);
        }
        const int error = gai_error(&look_up->request);
        result[look_up->host] = error == 0                ? ""
                                : error == EAI_INPROGRESS ? "no answer in time"
                                                          : gai_strerror(error);
        if (error == EAI_INPROGRESS && gai_cancel(&look_up->request) != EAI_CANCELED) {
            static_cast<void>(look_up.release());  // still written to: see LookUp
        } else if (error == 0) {
            freeaddrinfo(look_up->request.ar_result);
        }
    }
    return result;
}

std::string trust_file(const std::string& configured, const Variables& environment) {
    if (!configured.empty()) {
        return configured;
    }
    std::string from_environment = variable(environment, "SSL_CERT_FILE");
    if (!from_environment.empty()) {
        return from_environment;
    }
    const char* const built_in = curl_version_info(CURLVERSION_NOW)->cainfo;
    return built_in == nullptr ? "" : built_in;
}

}  // namespace isinfetch
