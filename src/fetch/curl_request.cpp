#include "fetch/curl_request.hpp"

#include "fetch/curl_failure.hpp"
#include "util/error.hpp"
#include "util/handle.hpp"
#include "util/text.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace isinfetch {

namespace {

using HeaderList = Handle<curl_slist, curl_slist_free_all>;

template <class T>
void set(CURL* easy, CURLoption option, T value) {
    check_option(static_cast<int>(curl_easy_setopt(easy, option, value)), option);
}

long whole_seconds(std::chrono::seconds time) {
    return static_cast<long>(std::max<std::chrono::seconds::rep>(time.count(), 1));
}

curl_off_t as_offset(std::uint64_t bytes) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<curl_off_t>::max());
    return static_cast<curl_off_t>(std::min(bytes, kMost));
}

void set_up_limits(CURL* easy, const HttpRequest& request) {
    set(easy, CURLOPT_NOSIGNAL, 1L);    // signals and threads do not mix
    set(easy, CURLOPT_QUICK_EXIT, 1L);  // else a name that is looked up is waited for to the end
    set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    set(easy, CURLOPT_CONNECTTIMEOUT, whole_seconds(request.connect_timeout));
    set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy, CURLOPT_LOW_SPEED_TIME, whole_seconds(request.stall_timeout));
    set(easy, CURLOPT_TIMEOUT, whole_seconds(request.timeout));
    if (request.wanted == Wanted::whole) {
        set(easy, CURLOPT_MAXFILESIZE_LARGE, as_offset(request.max_bytes));
    }
}

void set_up_trust(CURL* easy, const HttpRequest& request) {
    // Only the curl tool reads this variable, not libcurl.
    const char* const from_environment = std::getenv("SSL_CERT_FILE");
    if (!request.ca_file.empty()) {
        set(easy, CURLOPT_CAINFO, request.ca_file.c_str());
    } else if (from_environment != nullptr && *from_environment != '\0') {
        set(easy, CURLOPT_CAINFO, from_environment);
    }
}

/// Makes the list of headers, and sets what goes with it.
class HeaderWriter {
public:
    HeaderWriter(CURL* easy, const HttpRequest& request) : easy_(easy), request_(request) {}

    void write();
    HeaderList take() { return std::move(list_); }

private:
    void add_content_type();
    void add_header(const std::string& name, const std::string& value);

    CURL* easy_;
    const HttpRequest& request_;
    HeaderList list_{};
};

void HeaderWriter::write() {
    if (!request_.user_agent.empty()) {
        set(easy_, CURLOPT_USERAGENT, request_.user_agent.c_str());
    }
    for (const auto& [name, value] : request_.headers) {
        add_header(name, value.reveal());
    }
    if (request_.revalidate) {
        add_header("Cache-Control", "max-age=0");
    }
    if (!request_.etag.empty()) {
        add_header("If-None-Match", request_.etag);
    }
    if (!request_.last_modified.empty()) {
        add_header("If-Modified-Since", request_.last_modified);
    }
    if (request_.wanted == Wanted::first_byte) {
        set(easy_, CURLOPT_RANGE, "0-0");
    }
    if (request_.resume_from > 0) {
        // Not CURLOPT_RESUME_FROM: it takes a 200 for an error.
        set(easy_, CURLOPT_RANGE, fmt::format("{}-", request_.resume_from).c_str());
        add_header("If-Range", request_.resume_if);
    }
    if (!request_.question.empty()) {
        set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, as_offset(request_.question.size()));
        set(easy_, CURLOPT_POSTFIELDS, request_.question.c_str());
        add_content_type();
    }
    set(easy_, CURLOPT_HTTPHEADER, list_.get());
}

/// Unless the source names it among its headers.
void HeaderWriter::add_content_type() {
    const bool is_named =
        std::any_of(request_.headers.begin(), request_.headers.end(), [](const auto& header) {
            return lower(header.first) == "content-type";
        });
    if (!is_named) {
        const std::size_t first = request_.question.find_first_not_of(" \t\r\n");
        const bool is_json =
            first != std::string::npos &&
            std::string_view("{[").find(request_.question[first]) != std::string_view::npos;
        add_header("Content-Type",
                   is_json ? "application/json" : "application/x-www-form-urlencoded");
    }
}

void HeaderWriter::add_header(const std::string& name, const std::string& value) {
    // A line end would let one header smuggle in another.
    if ((name + value).find_first_of("\r\n") != std::string::npos) {
        fail(ErrorKind::config, "header '{}': contains a line end", printable(name));
    }
    // libcurl's own notation for a header without a value.
    const std::string line = value.empty() ? name + ';' : name + ": " + value;
    curl_slist* const longer = curl_slist_append(list_.get(), line.c_str());
    if (longer == nullptr) {
        fail(ErrorKind::os, "libcurl: out of memory");
    }
    static_cast<void>(list_.release());
    list_.reset(longer);
}

}  // namespace

KeptHeaders set_up_request(void* easy, const HttpRequest& request) {
    set(easy, CURLOPT_URL, request.url.c_str());
    set(easy, CURLOPT_NOBODY, request.wanted == Wanted::nothing ? 1L : 0L);
    set_up_limits(easy, request);
    set_up_trust(easy, request);
    HeaderWriter writer(easy, request);
    writer.write();
    return {writer.take().release(),
            [](void* list) { curl_slist_free_all(static_cast<curl_slist*>(list)); }};
}

}  // namespace isinfetch
