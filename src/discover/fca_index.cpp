// The FCA's index of FIRDS files: an Elasticsearch behind a gateway. Source: the FCA's instructions
// for accessing FIRDS, February 2019.
#include "discover/discovery.hpp"
#include "discover/firds_files.hpp"
#include "fetch/fetch_text.hpp"
#include "fetch/url.hpp"
#include "util/error.hpp"
#include "util/json_value.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace isinfetch {

namespace {

constexpr int kRows = 500;  // per page; the index may give fewer

/// A number, or since Elasticsearch 7 an object with one.
std::optional<std::int64_t> total_of(const JsonValue& hits) {
    const JsonValue total = hits.at("total");
    const auto number = total.integer();
    return number ? number : total.at("value").integer();
}

IndexPage read_page(const std::string& url, const std::string& text) {
    const auto value = JsonValue::parse(text);
    const JsonValue hits = value ? value->at("hits") : JsonValue();
    const auto total = total_of(hits);
    if (!total || *total < 0 || !hits.at("hits").is_array()) {
        fail(ErrorKind::protocol, "{}: not an answer of Elasticsearch", redacted(url));
    }
    IndexPage page{.total = static_cast<std::uint64_t>(*total)};
    for (const JsonValue& hit : hits.at("hits").elements()) {
        const JsonValue source = hit.at("_source");
        IndexDocument& fields = page.documents.emplace_back();
        for (const char* name : {"file_name", "download_link", "checksum"}) {
            fields.emplace(name, source.at(name).text());
        }
    }
    return page;
}

std::string page_url(const DiscoverRequest& request, std::uint64_t from) {
    const std::string query = fmt::format(
        "((file_type:FULINS OR file_type:DLTINS OR file_type:FULCAN) AND"
        " (publication_date:[{} TO {}]))",
        request.first_day,
        request.last_day);
    std::string url = with_parameter(request.url, "q", query);
    url = with_parameter(url, "from", std::to_string(from));
    url = with_parameter(url, "size", std::to_string(kRows));
    return with_parameter(url, "sort", "file_name:asc");
}

}  // namespace

std::vector<RemoteFile> discover_fca_index(const DiscoverRequest& request,
                                           const FetchEnvironment& environment,
                                           FetchTrace& trace) {
    const auto documents = read_pages(request.url, [&](std::uint64_t from) {
        const std::string url = page_url(request, from);
        return read_page(url, fetch_text(url, request.options, environment, trace));
    });
    std::vector<RemoteFile> files = files_among(documents);
    check_links(request, files);
    return files;
}

}  // namespace isinfetch
