#include "fetch/curl_http2.hpp"

#include "fetch/curl_failure.hpp"

#include <curl/curl.h>

namespace isinfetch {

namespace {

template <class T>
void set(CURL* easy, CURLoption option, T value) {
    check_option(static_cast<int>(curl_easy_setopt(easy, option, value)), option);
}

bool has(std::string_view text, std::string_view words) noexcept {
    return text.find(words) != std::string_view::npos;
}

int on_word(CURL* /*easy*/, curl_infotype type, char* text, std::size_t size, void* self) noexcept {
    if (type == CURLINFO_TEXT) {
        static_cast<Http2Watch*>(self)->hear({text, size});
    }
    return 0;
}

}  // namespace

Http2Watch::Http2Watch(void* easy) : easy_(easy) {
    set(easy, CURLOPT_VERBOSE, 1L);
    set(easy, CURLOPT_DEBUGFUNCTION, &on_word);
    set(easy, CURLOPT_DEBUGDATA, static_cast<void*>(this));
}

void Http2Watch::hear(std::string_view text) noexcept {
    // Said of every request, also on a connection that is open already: 7.88, then 8.1.
    is_http2_ = is_http2_ || has(text, "Using Stream ID") || has(text, "OPENED stream for");
    is_refused_ = is_refused_ || has(text, "REFUSED_STREAM");
    is_leave_taken_ = is_leave_taken_ || has(text, "GOAWAY, error=");
}

bool Http2Watch::was_broken_off() const noexcept {
    constexpr unsigned kVersion8 = 0x080000;
    curl_socket_t open = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &open);
    return is_http2_ && open == CURL_SOCKET_BAD && !is_leave_taken_ &&
           curl_version_info(CURLVERSION_NOW)->version_num < kVersion8;
}

}  // namespace isinfetch
