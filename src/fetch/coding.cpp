#include "fetch/coding.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

// Others say there what is no coding at all, such as utf-8 or aws-chunked. Source: IANA's registry
// of content codings, and what programs make files of.
constexpr std::array<std::string_view, 12> kPacking{"br",
                                                    "bzip2",
                                                    "compress",
                                                    "dcb",
                                                    "dcz",
                                                    "deflate",
                                                    "lz4",
                                                    "lzma",
                                                    "snappy",
                                                    "x-compress",
                                                    "xz",
                                                    "zstd"};

bool is_unreadable(std::string_view coding, Gzip gzip) {
    const bool is_gzip = coding == "gzip" || coding == "x-gzip";
    return is_gzip ? gzip == Gzip::is_foreign
                   : std::find(kPacking.begin(), kPacking.end(), coding) != kPacking.end();
}

}  // namespace

void check_coding(const std::string& url, const HttpResponse& response, Gzip gzip) {
    if (response.status != 200 && response.status != 206) {
        return;
    }
    for (const std::string_view part : split(response.content_coding, ',')) {
        if (const std::string coding = lower(trim(part)); is_unreadable(coding, gzip)) {
            fail(ErrorKind::protocol,
                 "{}: came packed by '{}' (Content-Encoding), which was not asked for: try"
                 " headers: {{Accept-Encoding: identity}}",
                 url,
                 printable(coding));
        }
    }
}

}  // namespace isinfetch
