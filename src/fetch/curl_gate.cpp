#include "fetch/curl_gate.hpp"

#include "fetch/curl_failure.hpp"
#include "fetch/download.hpp"
#include "fetch/route.hpp"
#include "util/error.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace isinfetch {

namespace {

template <class T>
void set(CURL* easy, CURLoption option, T value) {
    check_option(static_cast<int>(curl_easy_setopt(easy, option, value)), option);
}

/// Those that libcurl would read itself.
Variables proxy_variables() {
    Variables found;
    for (const char* const name : {"http_proxy",
                                   "https_proxy",
                                   "HTTPS_PROXY",
                                   "all_proxy",
                                   "ALL_PROXY",
                                   "no_proxy",
                                   "NO_PROXY"}) {
        if (const char* const value = std::getenv(name); value != nullptr) {
            found.emplace_back(name, value);
        }
    }
    return found;
}

/// None for sockets of other kinds than IP.
std::optional<Address> address_of(const curl_sockaddr& destination) {
    Address address;
    if (destination.family == AF_INET6 && destination.addrlen >= sizeof(sockaddr_in6)) {
        sockaddr_in6 six{};
        std::memcpy(&six, &destination.addr, sizeof six);
        std::copy_n(std::begin(six.sin6_addr.s6_addr), address.bytes.size(), address.bytes.begin());
        return address;
    }
    if (destination.family == AF_INET && destination.addrlen >= sizeof(sockaddr_in)) {
        sockaddr_in four{};
        std::memcpy(&four, &destination.addr, sizeof four);
        address.bytes[10] = address.bytes[11] = 0xff;
        std::memcpy(address.bytes.data() + 12, &four.sin_addr, sizeof four.sin_addr);
        return address;
    }
    return std::nullopt;
}

}  // namespace

struct AddressGate::State {
    const HttpRequest& request;
    bool has_proxy = false;
    bool has_opened = false;  ///< a socket, so that whatever fails is that one's fault
    std::string refused{};

    bool may_reach(const std::optional<Address>& address) {
        if (has_proxy) {
            return true;
        }
        const std::string why = address ? why_not(request.addresses, request.url, *address)
                                        : "leads to what is no address of IPv4 or IPv6";
        if (!why.empty()) {
            refused = why;
        }
        return why.empty();
    }

    static curl_socket_t open(void* self,
                              curlsocktype purpose,
                              curl_sockaddr* destination) noexcept {
        auto& state = *static_cast<State*>(self);
        try {
            if (purpose != CURLSOCKTYPE_IPCXN || !state.may_reach(address_of(*destination))) {
                return CURL_SOCKET_BAD;
            }
        } catch (...) {
            return CURL_SOCKET_BAD;  // no memory for the reason
        }
        state.has_opened = true;
        return ::socket(
            destination->family, destination->socktype | SOCK_CLOEXEC, destination->protocol);
    }

    static int look_again(void* self,
                          // NOLINTNEXTLINE(readability-non-const-parameter): libcurl's signature
                          char* address,
                          char* /*local*/,
                          int /*port*/,
                          int /*local_port*/) noexcept {
        auto& state = *static_cast<State*>(self);
        try {
            if (state.may_reach(parse_address(address == nullptr ? "" : address))) {
                return CURL_PREREQFUNC_OK;
            }
        } catch (...) {
            return CURL_PREREQFUNC_ABORT;
        }
        state.has_opened = false;
        return CURL_PREREQFUNC_ABORT;
    }
};

AddressGate::AddressGate(void* easy, const HttpRequest& request)
    : state_(std::make_unique<State>(State{.request = request})) {
    const std::string proxy = proxy_for(request.url, request.proxy, proxy_variables());
    state_->has_proxy = !proxy.empty();
    if (state_->has_proxy) {
        if (const std::string why = why_not_by_proxy(request.addresses, request.url);
            !why.empty()) {
            fail(ErrorKind::protocol, "{}: {}", redacted(request.url), why);
        }
    }
    set(easy, CURLOPT_PROXY, proxy.c_str());  // empty: none, whatever the environment says
    set(easy, CURLOPT_NOPROXY, "");
    set(easy, CURLOPT_OPENSOCKETFUNCTION, &State::open);
    set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(state_.get()));
    set(easy, CURLOPT_PREREQFUNCTION, &State::look_again);
    set(easy, CURLOPT_PREREQDATA, static_cast<void*>(state_.get()));
}

AddressGate::~AddressGate() = default;

std::string AddressGate::refusal() const {
    return state_->has_opened ? "" : state_->refused;
}

}  // namespace isinfetch
