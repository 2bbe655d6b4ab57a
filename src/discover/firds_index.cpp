// ESMA's index of FIRDS files: a Solr core, asked directly (…/select) or through the search of the
// registers' web pages (…/doRelativeSearch). Source: the registers' own pages and their answers.
#include "discover/discovery.hpp"
#include "discover/firds_files.hpp"
#include "discover/solr.hpp"
#include "fetch/fetch_text.hpp"
#include "util/json.hpp"

#include <fmt/format.h>

#include <sstream>
#include <string>

namespace isinfetch {

namespace {

constexpr std::string_view kCore = "esma_registers_firds_files";
constexpr std::string_view kTypes = "(FULINS OR DLTINS OR FULCAN)";

std::string search_body(const DiscoverRequest& request, std::uint64_t from) {
    std::ostringstream out;
    JsonWriter json(out);
    json.begin_object();
    json.field("core", kCore);
    json.field("pagingSize", std::to_string(kSolrRows));
    json.field("start", static_cast<std::int64_t>(from));
    json.key("keyword").text("");
    json.field("sortField", "id asc");
    json.field("fq",
               fmt::format("publication_date:[{} TO {}]", request.first_day, request.last_day));
    json.key("criteria").begin_array().begin_object();
    json.field("name", "file_type");
    json.field("value", fmt::format("file_type:{}", kTypes));
    json.field("type", "custom1");
    json.flag("isParent", true);
    json.end_object().end_array();
    json.field("wt", "json");
    json.end_object();
    return out.str();
}

bool is_register_search(const std::string& url) {
    return url.substr(0, url.find('?')).ends_with("/doRelativeSearch");
}

}  // namespace

std::vector<RemoteFile> discover_firds_index(const DiscoverRequest& request,
                                             const FetchEnvironment& environment,
                                             FetchTrace& trace) {
    const bool search = is_register_search(request.url);
    const SolrQuestion question{.url = request.url,
                                .day_field = "publication_date",
                                .first_day = request.first_day,
                                .last_day = request.last_day,
                                .filter = fmt::format("file_type:{}", kTypes)};
    const auto documents = read_pages(request.url, [&](std::uint64_t from) {
        const std::string url = search ? request.url : solr_url(question, from);
        const std::string body = search ? search_body(request, from) : "";
        return read_solr_page(url, fetch_text(url, request.options, environment, trace, body));
    });
    std::vector<RemoteFile> files = files_among(documents);
    check_links(request, files);
    return files;
}

}  // namespace isinfetch
