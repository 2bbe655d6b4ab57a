// One request over HTTP, HTTPS or from a local file. The seam between decisions and libcurl.
#pragma once

#include "fetch/address_policy.hpp"
#include "util/bytes.hpp"
#include "util/secret.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace isinfetch {

/// Names and lines. Any may carry a token: publishers name theirs as they like.
using Headers = std::vector<std::pair<std::string, Secret>>;

/// How much of the body is asked for: all of it (GET), nothing (HEAD), or its first byte (GET with
/// a range), where a server does not know HEAD.
enum class Wanted { whole, nothing, first_byte };

struct HttpRequest {
    std::string url{};
    Wanted wanted = Wanted::whole;
    Headers headers{};       ///< sent beside libcurl's own
    std::string question{};  ///< to POST: JSON, or else the fields of a form; empty: GET
    std::string user_agent{};
    std::string etag{};             ///< sent as If-None-Match unless empty
    std::string last_modified{};    ///< sent as If-Modified-Since unless empty
    std::uint64_t resume_from = 0;  ///< bytes already had: Range
    std::string resume_if{};        ///< If-Range; must be set with resume_from
    bool revalidate = true;  ///< caches on the way must ask whether what they have is still right
    std::chrono::seconds connect_timeout{30};
    std::chrono::seconds stall_timeout{60};   ///< less than 1 byte/s for so long is a failure
    std::chrono::seconds timeout{1200};       ///< for the whole transfer
    std::string timeout_name{};               ///< what limits it, for the message: a key
    std::uint64_t max_header = 0x40000;       ///< of all headers and trailers of the answer
    std::uint64_t max_bytes = 4'000'000'000;  ///< of body; a longer one is an error, not cut
    AddressPolicy addresses{};                ///< which are asked besides the Internet's
    std::string proxy{};                      ///< empty: what the environment says
    std::string ca_file{};                    ///< empty: the system's
};

struct HttpResponse {
    int status = 0;     ///< of a local file: 200
    std::string url{};  ///< that answered, redirects followed; set by send()
    std::string etag{};
    std::string last_modified{};
    std::string content_type{};
    std::optional<std::uint64_t> content_length{};
    std::string content_coding{};  ///< Content-Encoding: "gzip"; empty for identity
    std::string content_range{};   ///< "bytes 100-199/200" of a 206
    std::string location{};        ///< of a redirect, made absolute
    std::optional<std::chrono::seconds> retry_after{};  ///< RFC 9110 §10.2.3, both forms understood
};

/// Sends one request and waits for its answer. Follows no redirect and does not retry: that is
/// download()'s business. May be used by several threads at once.
class HttpClient {
public:
    virtual ~HttpClient() = default;

    /// Streams the body of a 200 or 206 into `body`; other bodies are dropped. `answered` is called
    /// once before the first byte of body. Any status is a normal return. More than the first byte
    /// is never read where no more is wanted.
    /// Throws Error{temporary} when there is no complete answer (name resolution, connection,
    /// timeout, stall, a body shorter than Content-Length), Error{protocol} for TLS, for an address
    /// that is not allowed and for a header or trailer that is malformed or too long, Error{data}
    /// for a body over max_bytes, Error{gone} for a missing local file, Error{interrupted}.
    virtual HttpResponse get(const HttpRequest& request,
                             ByteSink& body,
                             const std::function<void(const HttpResponse&)>& answered) = 0;
};

}  // namespace isinfetch
