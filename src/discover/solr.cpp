#include "discover/solr.hpp"

#include "fetch/url.hpp"
#include "parse/expat_reader.hpp"
#include "util/error.hpp"
#include "util/json_value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace isinfetch {

namespace {

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

}  // namespace

/// Without an order of one's own, pages may overlap.
std::string solr_url(const SolrQuestion& question, std::uint64_t from) {
    const std::string days = fmt::format("{}:[{}T00:00:00Z TO {}T23:59:59Z]",
                                         question.day_field,
                                         question.first_day,
                                         question.last_day);
    std::string url = with_parameter(question.url, "q", "*");
    url = with_parameter(url, "fq", days);
    url = with_parameter(url, "fq", question.filter);
    url = with_parameter(url, "sort", "id asc");
    url = with_parameter(url, "wt", "json");
    url = with_parameter(url, "start", std::to_string(from));
    return with_parameter(url, "rows", std::to_string(kSolrRows));
}

IndexPage read_solr_page(const std::string& url, std::string_view text) {
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

}  // namespace isinfetch
