// GLEIF's list of ISINs and LEIs: JSON:API tells the newest of many zip files. Source: GLEIF's
// documentation of the ISIN-to-LEI relationship files.
#include "discover/discovery.hpp"
#include "fetch/fetch_text.hpp"
#include "fetch/url.hpp"
#include "util/error.hpp"
#include "util/json_value.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace isinfetch {

namespace {

/// The list form gives the newest first, …/latest one object; the time decides.
JsonValue newest(const JsonValue& data) {
    if (!data.is_array()) {
        return data.at("attributes");
    }
    JsonValue found;
    for (const JsonValue& entry : data.elements()) {
        const JsonValue attributes = entry.at("attributes");
        if (attributes.at("uploadedAt").text() > found.at("uploadedAt").text()) {
            found = attributes;
        }
    }
    return found;
}

/// The server refuses "application/json" with 406.
FetchOptions with_accept(FetchOptions options) {
    options.headers.emplace_back("Accept", "application/vnd.api+json");
    return options;
}

}  // namespace

std::vector<RemoteFile> discover_gleif(const DiscoverRequest& request,
                                       const FetchEnvironment& environment,
                                       FetchTrace& trace) {
    const std::string text =
        fetch_text(request.url, with_accept(request.options), environment, trace);
    const auto value = JsonValue::parse(text);
    const JsonValue attributes = value ? newest(value->at("data")) : JsonValue();
    const std::string link = attributes.at("downloadLink").text();
    const std::string uploaded = attributes.at("uploadedAt").text();
    if (link.empty()) {
        fail(ErrorKind::protocol, "{}: names no file to download", redacted(request.url));
    }
    const auto time = parse_time(uploaded);
    std::vector<RemoteFile> files{{.name = attributes.at("fileName").text(),
                                   .url = link,
                                   .published = time ? format_time(*time) : "",
                                   .is_fixed = true}};
    check_links(request, files);
    return files;
}

}  // namespace isinfetch
