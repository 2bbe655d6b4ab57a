#include "fetch/local_file.hpp"

#include "fetch/download.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/handle.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <curl/curl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>

namespace isinfetch {

namespace {

using UrlHandle = Handle<CURLU, curl_url_cleanup>;

/// Percent-decoded. Throws Error{config} for what leads to no file of this host.
std::string path_of(const std::string& url) {
    const UrlHandle parsed(curl_url());
    char* text = nullptr;
    const bool is_path =
        curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
        curl_url_get(parsed.get(), CURLUPART_PATH, &text, CURLU_URLDECODE) == CURLUE_OK;
    const Handle<char, curl_free> owner(text);
    if (!is_path) {
        fail(ErrorKind::config, "{}: leads to no file of this host", redacted(url));
    }
    return text;
}

[[noreturn]] void fail_larger(const HttpRequest& request) {
    fail(ErrorKind::data,
         "{}: larger than {}: raise max_bytes if that is right",
         redacted(request.url),
         format_size(request.max_bytes));
}

struct stat status_of(const HttpRequest& request, const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        fail_errno(errno, redacted(request.url), ErrorKind::gone);
    }
    if (S_ISDIR(status.st_mode)) {
        fail(ErrorKind::config, "{}: a directory, not a file", redacted(request.url));
    }
    return status;
}

}  // namespace

bool is_local(std::string_view url) {
    return lower(url.substr(0, 5)) == "file:";
}

HttpResponse get_local(const HttpRequest& request,
                       ByteSink& body,
                       const std::function<void(const HttpResponse&)>& answered) {
    const std::string path = path_of(request.url);
    const struct stat status = status_of(request, path);
    HttpResponse response{.status = 200};
    if (S_ISREG(status.st_mode)) {
        const auto size = static_cast<std::uint64_t>(status.st_size);
        if (request.wanted == Wanted::whole && size > request.max_bytes) {
            fail_larger(request);
        }
        response.content_length = size;
        response.last_modified =
            format_http_date(Timestamp(std::chrono::seconds{status.st_mtim.tv_sec}));
    }
    answered(response);
    if (request.wanted != Wanted::whole) {
        return response;
    }
    FileSource source(path);
    std::array<char, 65536> buffer{};
    std::uint64_t received = 0;
    while (const std::size_t count = source.read(buffer)) {
        received += count;
        if (received > request.max_bytes) {
            fail_larger(request);
        }
        body.write({buffer.data(), count});
    }
    return response;
}

}  // namespace isinfetch
