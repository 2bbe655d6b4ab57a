// What libcurl does not say of HTTP/2, heard from what it tells those who look for faults.
#pragma once

#include <string_view>

namespace isinfetch {

/// Listens to one transfer. libcurl reports an answer that breaks the rules of HTTP/2 as a whole
/// (rather than of one stream) as no answer at all, and 7.88 one that does so in its body as one
/// that is complete.
class Http2Watch {
public:
    /// `easy` is libcurl's handle, which the watch must outlive.
    explicit Http2Watch(void* easy);
    Http2Watch(const Http2Watch&) = delete;
    Http2Watch& operator=(const Http2Watch&) = delete;

    bool is_http2() const noexcept { return is_http2_; }

    /// After a transfer that libcurl takes for complete: did libcurl close the connection, although
    /// the server did not say that it would? Of libcurl 7, always false of others.
    bool was_broken_off() const noexcept;

    /// Did the server refuse the stream, and so has not looked at the request? libcurl asks again a
    /// few times and then has no answer. Source: RFC 9113 §8.7.
    bool was_refused() const noexcept { return is_refused_; }

    /// One of libcurl's words.
    void hear(std::string_view text) noexcept;

private:
    void* easy_;
    bool is_http2_ = false;
    bool is_refused_ = false;
    bool is_leave_taken_ = false;  ///< GOAWAY, which servers send behind a good answer too
};

}  // namespace isinfetch
