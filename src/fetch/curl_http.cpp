#include "fetch/curl_http.hpp"

#include "fetch/curl_failure.hpp"
#include "fetch/curl_gate.hpp"
#include "fetch/curl_http2.hpp"
#include "fetch/curl_request.hpp"
#include "fetch/download.hpp"
#include "fetch/local_file.hpp"
#include "fetch/response_headers.hpp"
#include "fetch/tls_fault.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/handle.hpp"
#include "util/interrupt.hpp"
#include "util/text.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <exception>

namespace isinfetch {

namespace {

using Easy = Handle<CURL, curl_easy_cleanup>;

constexpr std::size_t kErrorBodyRead = 0x10000;  // then the connection is not worth saving

template <class T>
void set(CURL* easy, CURLoption option, T value) {
    check_option(static_cast<int>(curl_easy_setopt(easy, option, value)), option);
}

constexpr bool has_body(int status) noexcept {
    return status == 200 || status == 206;
}

/// One request on its way: what libcurl calls back with, and what it needs to outlive the call.
class Transfer {
public:
    Transfer(CURL* easy,
             const HttpRequest& request,
             ByteSink& body,
             const std::function<void(const HttpResponse&)>& answered)
        : easy_(easy),
          request_(request),
          body_(body),
          answered_(answered),
          headers_(set_up_request(easy, request)),
          gate_(easy, request),
          http2_(easy) {}

    HttpResponse perform();

private:
    void set_up();
    void answer();
    bool take_header(std::string_view line);
    bool take_body(std::string_view bytes);
    bool is_over_time() const;
    [[noreturn]] void fail_with(CURLcode code) const;

    static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
    static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
    static int on_progress(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept;

    CURL* easy_;
    const HttpRequest& request_;
    ByteSink& body_;
    const std::function<void(const HttpResponse&)>& answered_;
    KeptHeaders headers_;
    AddressGate gate_;
    Http2Watch http2_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    HttpResponse response_{};
    bool is_head_complete_ = false;
    bool is_answered_ = false;
    int header_lines_ = 0;
    std::uint64_t header_bytes_ = 0;
    std::uint64_t received_ = 0;
    std::exception_ptr failure_{};
};

HttpResponse Transfer::perform() {
    set_up();
    const CURLcode code = curl_easy_perform(easy_);
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    if (const std::string why = gate_.refusal(); code != CURLE_OK && !why.empty()) {
        fail(ErrorKind::protocol, "{}: {}", redacted(request_.url), why);
    }
    // What goes wrong in a body that nobody wants does not take back its status.
    const bool has_status = is_head_complete_ && !has_body(response_.status);
    const bool enough = has_status || (is_answered_ && request_.wanted != Wanted::whole);
    if (code != CURLE_OK && (!enough || code == CURLE_ABORTED_BY_CALLBACK)) {
        fail_with(code);
    }
    if (!is_answered_) {
        answer();
    }
    // A length would have told that there is more to come.
    if (!enough && !response_.content_length && http2_.was_broken_off()) {
        fail(ErrorKind::protocol,
             "{}: its answer breaks the rules of HTTP/2 before its end",
             redacted(request_.url));
    }
    return response_;
}

void Transfer::set_up() {
    set(easy_, CURLOPT_ERRORBUFFER, error_text_.data());
    set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(easy_, CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(easy_, CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(easy_, CURLOPT_NOPROGRESS, 0L);
    set(easy_, CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
}

/// Everything is known but the body.
void Transfer::answer() {
    is_answered_ = true;
    const char* location = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_REDIRECT_URL, &location);
    response_.location = location == nullptr ? "" : location;
    answered_(response_);
}

/// What follows the body are trailers, which are nobody's business here, but libcurl keeps them
/// too.
bool Transfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > request_.max_header) {
        fail(ErrorKind::protocol,
             "{}: header and trailers of the answer are larger than {}: raise network.max_header if"
             " that is right",
             redacted(request_.url),
             format_size(request_.max_header));
    }
    if (!is_answered_) {
        header_lines_ = line.starts_with("HTTP/") ? 1 : header_lines_ + 1;
        take_header_line(response_, line, now());
        is_head_complete_ = trim(line).empty() && response_.status >= 200;
    }
    return true;
}

/// False ends the transfer.
bool Transfer::take_body(std::string_view bytes) {
    received_ += bytes.size();
    if (!has_body(response_.status)) {
        return received_ <= kErrorBodyRead;
    }
    if (!is_answered_) {
        answer();
    }
    if (request_.wanted != Wanted::whole) {
        return false;  // the server knows no ranges
    }
    if (received_ > request_.max_bytes) {
        fail_with(CURLE_FILESIZE_EXCEEDED);
    }
    body_.write(bytes);
    return true;
}

/// What the system refuses looks to libcurl like a host that cannot be reached, or like too little
/// memory.
void refuse_shortage(const std::string& url, std::string_view text) {
    const Descriptor another(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0));
    if (another.get() < 0 && (errno == EMFILE || errno == ENFILE)) {
        fail_errno(errno, url, ErrorKind::os);
    }
    if (text.find("thread failed to start") != std::string_view::npos) {
        fail(ErrorKind::os, "{}: cannot start a thread to look up its host", url);
    }
}

/// Else it stood still for too long.
bool Transfer::is_over_time() const {
    curl_off_t spent = 0;
    curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &spent);
    constexpr std::chrono::milliseconds kEarly{100};  // libcurl's clocks differ a little
    return std::chrono::microseconds(spent) + kEarly >= request_.timeout;
}

void Transfer::fail_with(CURLcode code) const {
    if (code == CURLE_FILESIZE_EXCEEDED) {
        fail(ErrorKind::data,
             "{}: larger than {}: raise max_bytes if that is right",
             redacted(request_.url),
             format_size(request_.max_bytes));
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        stop_if_interrupted();
    }
    refuse_shortage(redacted(request_.url), error_text_.data());
    long sent = 0;
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &sent);
    const CurlFailure failure{
        .code = static_cast<int>(code),
        .text = error_text_.data(),
        .was_asked = sent > 0,
        .has_answer = is_head_complete_,
        .header_lines = header_lines_,
        .over_http2 = http2_.is_http2(),
        .limit = is_over_time() ? std::string_view(request_.timeout_name) : std::string_view(),
        .was_refused = http2_.was_refused()};
    const bool is_handshake = code == CURLE_SSL_CONNECT_ERROR && !failure.text.empty();
    fail(kind_of(failure),
         "{}: {}",
         redacted(request_.url),
         is_handshake ? tls_fault(failure.text, request_.url) : describe(failure, now()));
}

// No exception crosses libcurl: it is kept and thrown again behind curl_easy_perform().
std::size_t Transfer::on_header(char* data,
                                std::size_t /*one*/,
                                std::size_t size,
                                void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        return transfer.take_header({data, size}) ? size : 0;
    } catch (...) {
        transfer.failure_ = std::current_exception();
        return 0;
    }
}

std::size_t Transfer::on_body(char* data,
                              std::size_t /*one*/,
                              std::size_t size,
                              void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        return transfer.take_body({data, size}) ? size : 0;
    } catch (...) {
        transfer.failure_ = std::current_exception();
        return 0;
    }
}

int Transfer::on_progress(void* /*self*/,
                          curl_off_t /*download_total*/,
                          curl_off_t /*downloaded*/,
                          curl_off_t /*upload_total*/,
                          curl_off_t /*uploaded*/) noexcept {
    return interrupting_signal() != 0 ? 1 : 0;
}

/// Before any thread uses libcurl; the order of threads makes no difference.
void set_up_libcurl() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) {
        fail(ErrorKind::os, "libcurl: {}", curl_easy_strerror(code));
    }
}

/// What the requests of one thread have in common: connections that stay open, names, TLS sessions.
/// A handle of libcurl's does not, and is made anew for each request: what an answer leaves behind
/// in it may point to memory that is gone (line folding, libcurl 7.88).
class Shared {
public:
    Shared() : share_(curl_share_init()) {
        for (const curl_lock_data what :
             {CURL_LOCK_DATA_CONNECT, CURL_LOCK_DATA_DNS, CURL_LOCK_DATA_SSL_SESSION}) {
            if (!share_ || curl_share_setopt(share_.get(), CURLSHOPT_SHARE, what) != CURLSHE_OK) {
                fail(ErrorKind::os, "libcurl: out of memory");
            }
        }
    }

    CURLSH* get() const noexcept { return share_.get(); }

private:
    Handle<CURLSH, curl_share_cleanup> share_;
};

Easy make_handle() {
    thread_local const Shared shared;
    Easy easy(curl_easy_init());
    if (!easy) {
        fail(ErrorKind::os, "libcurl: out of memory");
    }
    set(easy.get(), CURLOPT_SHARE, shared.get());
    return easy;
}

}  // namespace

CurlHttp::CurlHttp() {
    set_up_libcurl();
}

HttpResponse CurlHttp::get(const HttpRequest& request,
                           ByteSink& body,
                           const std::function<void(const HttpResponse&)>& answered) {
    if (is_local(request.url)) {
        return get_local(request, body, answered);
    }
    const Easy easy = make_handle();
    return Transfer(easy.get(), request, body, answered).perform();
}

}  // namespace isinfetch
