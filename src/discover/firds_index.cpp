// ESMA's index of FIRDS files: a Solr core, asked directly (…/select) or through the search of the
// registers' web pages (…/doRelativeSearch). Source: the registers' own pages and their answers.
#include "discover/discovery.hpp"
#include "discover/firds_files.hpp"
#include "fetch/fetch_text.hpp"
#include "fetch/url.hpp"
#include "parse/expat_reader.hpp"
#include "util/error.hpp"
#include "util/json.hpp"
#include "util/json_value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

namespace isinfetch {

namespace {

constexpr int kRows = 500;  // per page: some 300 KB
constexpr std::string_view kCore = "esma_registers_firds_files";
constexpr std::string_view kTypes = "(FULINS OR DLTINS OR FULCAN)";

/// <result numFound="2" start="0"><doc><str name="file_name">…</str>…</doc>…</result>
class SolrPage final : public XmlHandler {
public:
    void start(std::string_view name, const XmlAttributes& attributes, std::uint64_t) override {
        if (name == "result") {
            const std::string_view total = attributes.find("numFound");
            has_total_ =
                std::from_chars(total.data(), total.data() + total.size(), page_.total).ec ==
                std::errc{};
        } else if (name == "doc") {
            document_.emplace();
        } else if (document_) {
            field_ = attributes.find("name");
            value_.clear();
        }
    }

    void end(std::string_view name, std::uint64_t) override {
        if (name == "doc" && document_) {
            page_.documents.push_back(*std::move(document_));
            document_.reset();
        } else if (document_) {
            document_->insert_or_assign(field_, value_);
        }
    }

    void text(std::string_view text) override { value_ += text; }

    bool complete() const noexcept { return has_total_; }
    IndexPage take() { return std::move(page_); }

private:
    IndexPage page_{};
    bool has_total_ = false;
    std::optional<IndexDocument> document_{};
    std::string field_{};
    std::string value_{};
};

std::optional<IndexPage> read_xml(std::string_view text) {
    SolrPage page;
    XmlReader reader(page, text.size());
    reader.feed(text);
    reader.finish();
    return page.complete() ? std::optional(page.take()) : std::nullopt;
}

std::optional<IndexPage> read_json(std::string_view text) {
    const auto value = JsonValue::parse(text);
    const JsonValue response = value ? value->at("response") : JsonValue();
    const auto total = response.at("numFound").integer();
    if (!total || *total < 0 || !response.at("docs").is_array()) {
        return std::nullopt;
    }
    IndexPage page{.total = static_cast<std::uint64_t>(*total)};
    for (const JsonValue& document : response.at("docs").elements()) {
        IndexDocument& fields = page.documents.emplace_back();
        for (const char* name : {"file_name", "download_link", "checksum"}) {
            fields.emplace(name, document.at(name).text());
        }
    }
    return page;
}

/// Whatever form was asked for: the index has its own mind.
IndexPage read_page(const std::string& url, std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    const bool is_xml = first != std::string_view::npos && text[first] == '<';
    try {
        if (auto page = is_xml ? read_xml(text.substr(first)) : read_json(text)) {
            return *std::move(page);
        }
    } catch (const Error& error) {
        fail(ErrorKind::protocol, "{}: not an answer of Solr: {}", redacted(url), error.what());
    }
    fail(ErrorKind::protocol, "{}: not an answer of Solr", redacted(url));
}

std::string days(const DiscoverRequest& request) {
    return fmt::format(
        "publication_date:[{}T00:00:00Z TO {}T23:59:59Z]", request.first_day, request.last_day);
}

/// Without an order of one's own, pages may overlap.
std::string select_url(const DiscoverRequest& request, std::uint64_t from) {
    std::string url = with_parameter(request.url, "q", "*");
    url = with_parameter(url, "fq", days(request));
    url = with_parameter(url, "fq", fmt::format("file_type:{}", kTypes));
    url = with_parameter(url, "sort", "id asc");
    url = with_parameter(url, "wt", "json");
    url = with_parameter(url, "start", std::to_string(from));
    return with_parameter(url, "rows", std::to_string(kRows));
}

std::string search_body(const DiscoverRequest& request, std::uint64_t from) {
    std::ostringstream out;
    JsonWriter json(out);
    json.begin_object();
    json.field("core", kCore);
    json.field("pagingSize", std::to_string(kRows));
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
    const auto documents = read_pages(request.url, [&](std::uint64_t from) {
        const std::string url = search ? request.url : select_url(request, from);
        const std::string body = search ? search_body(request, from) : "";
        return read_page(url, fetch_text(url, request.options, environment, trace, body));
    });
    std::vector<RemoteFile> files = files_among(documents);
    check_links(request, files);
    return files;
}

}  // namespace isinfetch
