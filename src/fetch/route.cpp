#include "fetch/route.hpp"

#include "fetch/url.hpp"
#include "util/error.hpp"
#include "util/handle.hpp"
#include "util/text.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
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

using Easy = Handle<CURL, curl_easy_cleanup>;
using HostList = Handle<curl_slist, curl_slist_free_all>;

// Of nobody: RFC 5737. Nothing is sent there, for no socket is ever opened.
constexpr const char* kProxy = "http://192.0.2.2:1";
constexpr const char* kPublisher = "::192.0.2.1:1";

/// libcurl's CURLOPT_OPENSOCKETFUNCTION: notes which of the two was to be connected to, and opens
/// nothing.
curl_socket_t note_destination(void* is_proxy, curlsocktype /*purpose*/, curl_sockaddr* address) {
    in_addr proxy{};
    sockaddr_in destination{};
    if (address->family == AF_INET && inet_pton(AF_INET, "192.0.2.2", &proxy) == 1) {
        std::memcpy(&destination, &address->addr, sizeof destination);
        *static_cast<bool*>(is_proxy) = destination.sin_addr.s_addr == proxy.s_addr;
    }
    return CURL_SOCKET_BAD;
}

/// Does libcurl go to `url` through a proxy although `no_proxy` is set? Its rules (names, parents,
/// dots at either end, networks) differ between its versions, so that it is asked itself, with a
/// transfer that ends before its connection begins.
bool goes_through_proxy(const std::string& url, const std::string& no_proxy) {
    const Easy easy(curl_easy_init());
    const HostList destinations(curl_slist_append(nullptr, kPublisher));
    if (easy.get() == nullptr || destinations.get() == nullptr) {
        fail(ErrorKind::os, "libcurl: out of memory");
    }
    bool is_proxy = false;
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, kProxy);
    curl_easy_setopt(easy.get(), CURLOPT_NOPROXY, no_proxy.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_CONNECT_TO, destinations.get());
    curl_easy_setopt(easy.get(), CURLOPT_OPENSOCKETFUNCTION, note_destination);
    curl_easy_setopt(easy.get(), CURLOPT_OPENSOCKETDATA, &is_proxy);
    curl_easy_perform(easy.get());
    return is_proxy;
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
    if (parsed.scheme == "file") {
        return "";
    }
    std::string proxy = configured;
    for (const std::string& name : {parsed.scheme + "_proxy", std::string("all_proxy")}) {
        proxy = proxy.empty() ? either(environment, name) : proxy;
    }
    return proxy.empty() || goes_through_proxy(url, either(environment, "no_proxy")) ? proxy : "";
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
