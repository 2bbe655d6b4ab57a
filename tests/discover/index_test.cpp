#include "discover/discovery.hpp"
#include "discover/firds_files.hpp"
#include "discover/sets.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fetch_fixture.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

const std::string kMd5 = "f7f1f7ce35f9831403cd593b9a06901a";

std::string solr_doc(const std::string& name, const std::string& link = "https://b.org/f/") {
    return fmt::format(R"({{"checksum":"{}","download_link":"{}{}","file_name":"{}","id":"1",)"
                       R"("publication_date":"2026-11-20T00:00:00Z","_version_":7}})",
                       kMd5,
                       link,
                       name,
                       name);
}

std::string solr(int total, const std::vector<std::string>& documents) {
    return fmt::format(R"({{"responseHeader":{{"status":0}},"response":{{"numFound":{},"start":0,)"
                       R"("docs":[{}]}}}})",
                       total,
                       fmt::join(documents, ","));
}

std::string hits(const std::string& total, const std::vector<std::string>& names) {
    std::vector<std::string> documents;
    for (const std::string& name : names) {
        documents.push_back(fmt::format(
            R"({{"_id":"x","_source":{{"file_name":"{0}","download_link":"https://b.org/{0}"}}}})",
            name));
    }
    return fmt::format(
        R"({{"took":3,"hits":{{"total":{},"hits":[{}]}}}})", total, fmt::join(documents, ","));
}

/// Answers every request with the next text, whatever the URL.
class Index final : public HttpClient {
public:
    explicit Index(std::vector<std::string> answers) : answers_(std::move(answers)) {}

    HttpResponse get(const HttpRequest& request,
                     ByteSink& body,
                     const std::function<void(const HttpResponse&)>& answered) override {
        const HttpResponse response{.status = 200};
        answered(response);
        body.write(answers_.at(std::min(requests.size(), answers_.size() - 1)));
        requests.push_back(request);
        return response;
    }

    std::vector<HttpRequest> requests{};

private:
    std::vector<std::string> answers_;
};

struct IndexFixture : FetchFixture {
    IndexFixture() { options.redirect_hosts = {"b.org", "*.esma.europa.eu"}; }

    std::vector<RemoteFile> ask(HttpClient& http,
                                const std::string& method,
                                const std::string& url = "https://a.org/select") {
        return find_discovery(method)->discover({.source = "firds",
                                                 .url = url,
                                                 .first_day = "2026-11-14",
                                                 .last_day = "2026-11-20",
                                                 .options = options},
                                                environment(http),
                                                trace);
    }

    Error failure(HttpClient& http, const std::string& method) {
        try {
            ask(http, method);
        } catch (const Error& error) {
            return error;
        }
        FAIL("no error");
        return Error(ErrorKind::internal, "");
    }
};

std::vector<std::string> names(const std::vector<RemoteFile>& files) {
    std::vector<std::string> all;
    std::ranges::transform(files, std::back_inserter(all), &RemoteFile::name);
    return all;
}

}  // namespace

TEST_CASE("names of files tell what they are", "[discover][index]") {
    struct Case {
        const char* name;
        const char* shown;  ///< empty: no file
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"FULINS_E_20260815_01of02.zip", "snapshot E 2026-08-15T00:00:00Z 1/2"},
        {"DLTINS_20201113_02of02.zip",   "delta  2020-11-13T00:00:00Z 2/2"},
        {"FULCAN_20230408_01of01.zip",   "cancellations  2023-04-08T00:00:00Z 1/1"},
        {"DLTINS_20190406_21of22.zip",   "delta  2019-04-06T00:00:00Z 21/22"},
        {"DLTINS_20260815_007of120.zip", "delta  2026-08-15T00:00:00Z 7/120"},
        {"FULECR_20260725_E_1of2.zip",   "snapshot E 2026-07-25T00:00:00Z 1/2"},
        {"FULECR_20260725_1of2.zip",     ""},
        {"FULNCR_20260725_E_1of2.zip",   ""},
        {"DLTINS_20260815_1of2.zip",     ""},
        {"DLTINS_20260815_01of.zip",     ""},
        {"INVINS_20260815_01of01.zip",   ""},
        {"FULINS_20260815_01of01.zip",   ""},
        {"FULINS_e_20260815_01of01.zip", ""},
        {"DLTINS_20261332_01of01.zip",   ""},
        {"DLTINS_20260815_03of02.zip",   ""},
        {"DLTINS_20260815_00of02.zip",   ""},
        {"DLTINS_20260815_01of02.xml",   ""},
        {"DLTINS_20260815.zip",          ""},
        {"DLTINS_2026",                  ""},
        {"",                             ""},
    }));
    // clang-format on
    CAPTURE(row.name);
    const auto files =
        files_among({{{"file_name", row.name}, {"download_link", "https://b.org/x"}}});
    std::string shown;
    for (const RemoteFile& file : files) {
        shown = fmt::format(
            "{} {} {} {}/{}", name(file.role), file.group, file.published, file.part, file.parts);
    }
    CHECK(shown == row.shown);
}

TEST_CASE("links are made https but for this machine", "[discover][index]") {
    for (const auto& [link, url] : std::vector<std::pair<std::string, std::string>>{
             {"http://firds.example/x.zip", "https://firds.example/x.zip"},
             {"https://firds.example/x.zip", "https://firds.example/x.zip"},
             {"http://127.0.0.1:8080/x.zip", "http://127.0.0.1:8080/x.zip"}}) {
        const auto files =
            files_among({{{"file_name", "DLTINS_20260815_01of01.zip"}, {"download_link", link}}});
        REQUIRE(files.size() == 1);
        CHECK(files.front().url == url);
        CHECK(files.front().checksum.empty());
    }
}

TEST_CASE_METHOD(IndexFixture, "Solr answers in JSON", "[discover][index]") {
    Index http({solr(4,
                     {solr_doc("DLTINS_20261120_01of01.zip"),
                      R"({"id":"lastModification","timestamp":"2026-11-20T10:00:00Z"})"}),
                solr(4, {solr_doc("FULINS_E_20261114_01of02.zip"), solr_doc("INVINS_x")})});
    const auto files = ask(http, "firds-index");
    CHECK(names(files) ==
          std::vector<std::string>{"DLTINS_20261120_01of01.zip", "FULINS_E_20261114_01of02.zip"});
    CHECK(files.front().checksum == "md5:" + kMd5);
    REQUIRE(http.requests.size() == 2);
    const std::string& url = http.requests[1].url;
    CHECK(url.find("start=2&") != std::string::npos);
    CHECK(url.find("sort=id%20asc") != std::string::npos);
    CHECK(url.find("publication_date%3A%5B2026-11-14T00%3A00%3A00Z%20TO%202026-11-20T23") !=
          std::string::npos);
}

TEST_CASE_METHOD(IndexFixture, "Solr answers in XML", "[discover][index]") {
    Index http({R"(<?xml version="1.0" encoding="UTF-8"?>
<response><lst name="responseHeader"><int name="status">0</int></lst>
<result name="response" numFound="2" start="0" numFoundExact="true">
<doc><str name="file_name">DLTINS_20261120_01of01.zip</str><long name="_version_">7</long>
<str name="download_link">http://b.org/a&amp;b.zip</str><str name="checksum">)" +
                kMd5 + R"(</str></doc>
<doc><str name="id">lastModification</str></doc></result></response>)"});
    const auto files = ask(http, "firds-index");
    REQUIRE(files.size() == 1);
    CHECK(files.front().url == "https://b.org/a&b.zip");
    CHECK(files.front().checksum == "md5:" + kMd5);
}

TEST_CASE_METHOD(IndexFixture, "a total that moves begins anew", "[discover][index]") {
    const std::string doc = solr_doc("DLTINS_20261120_01of01.zip");
    const std::string other = solr_doc("DLTINS_20261119_01of01.zip");
    Index http({solr(2, {doc}), solr(3, {other}), solr(2, {doc}), solr(2, {other})});
    CHECK(ask(http, "firds-index").size() == 2);
    CHECK(http.requests.size() == 4);

    std::vector<std::string> restless;
    for (int total = 2; total < 30; ++total) {
        restless.push_back(solr(total, {doc}));
    }
    Index moving(restless);
    CHECK(failure(moving, "firds-index").kind() == ErrorKind::temporary);
}

TEST_CASE_METHOD(IndexFixture, "an index that is none", "[discover][index]") {
    struct Case {
        std::string method;
        std::string answer;
        ErrorKind kind;
        std::string word;
    };
    const std::vector<Case> cases{
        {"firds-index", "<html><body>Maintenance</body></html>", ErrorKind::protocol, "Solr"},
        {"firds-index", "{}", ErrorKind::protocol, "Solr"},
        {"firds-index", "", ErrorKind::protocol, "Solr"},
        {"firds-index", "<response><result numFound=\"1\">", ErrorKind::protocol, "Solr"},
        {"firds-index", solr(2, {}), ErrorKind::temporary, "announces 2 documents and gives 0"},
        {"fca-index", "{\"message\":\"x\"}", ErrorKind::protocol, "Elasticsearch"},
        {"gleif", "{\"data\":[]}", ErrorKind::protocol, "names no file"},
        {"gleif", "<html>", ErrorKind::protocol, "names no file"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.method, each.answer);
        Index http({each.answer});
        const Error error = failure(http, each.method);
        CHECK(error.kind() == each.kind);
        CHECK(std::string(error.what()).find(each.word) != std::string::npos);
    }
}

TEST_CASE_METHOD(IndexFixture,
                 "the search of the registers is asked by POST",
                 "[discover][index]") {
    Index http({solr(1, {solr_doc("DLTINS_20261120_01of01.zip")})});
    CHECK(ask(http, "firds-index", "https://a.org/searchRegister/doRelativeSearch").size() == 1);
    const HttpRequest& request = http.requests.at(0);
    CHECK(request.url == "https://a.org/searchRegister/doRelativeSearch");
    CHECK(request.question.find(R"("core":"esma_registers_firds_files")") != std::string::npos);
    CHECK(request.question.find("publication_date:[2026-11-14 TO 2026-11-20]") !=
          std::string::npos);
}

TEST_CASE_METHOD(IndexFixture, "the FCA's index, page by page", "[discover][index]") {
    for (const std::string total : {"3", R"({"value":3,"relation":"eq"})"}) {
        Index http({hits(total, {"FULINS_C_20261114_01of01.zip"}),
                    hits(total, {"INVINS_20261114_01of01.zip", "DLTINS_20261115_01of01.zip"})});
        const auto files = ask(http, "fca-index", "https://a.org/fca_data_firds_files");
        CHECK(names(files) == std::vector<std::string>{"FULINS_C_20261114_01of01.zip",
                                                       "DLTINS_20261115_01of01.zip"});
        CHECK(files.front().checksum.empty());
        CHECK(http.requests.at(1).url.find("from=1&") != std::string::npos);
    }
}

TEST_CASE_METHOD(IndexFixture, "GLEIF's newest file", "[discover][index]") {
    const std::string older =
        R"({"attributes":{"fileName":"a.zip","uploadedAt":"2026-11-19T07:15:13Z","downloadLink":"https://b.org/1"}})";
    const std::string newer =
        R"({"attributes":{"fileName":"b.zip","uploadedAt":"2026-11-20T07:15:13Z","downloadLink":"https://b.org/2"}})";
    for (const std::string& data : {"[" + older + "," + newer + "]", newer}) {
        Index http({R"({"data":)" + data + "}"});
        const auto files = ask(http, "gleif");
        REQUIRE(files.size() == 1);
        CHECK(files.front().name == "b.zip");
        CHECK(files.front().url == "https://b.org/2");
        CHECK(files.front().published == "2026-11-20T07:15:13Z");
        CHECK(http.requests.at(0).headers == Headers{{"Accept", "application/vnd.api+json"}});
    }
}

TEST_CASE_METHOD(IndexFixture,
                 "links that lead nowhere are the publisher's fault",
                 "[discover][index]") {
    struct Row {
        std::string link;
        std::string word;
    };
    const std::vector<Row> rows{{"ftp://b.org/1", "scheme 'ftp' is not allowed"},
                                {"1.zip", "link to 1.zip: "},
                                {"http://[", "not a URL"},
                                {"https://c.org/1", "'c.org' is not allowed: add it to"},
                                {"https://a.org:22/1", "'a.org:22' is not allowed"},
                                {"https://169.254.169.254/", "add it to redirect_hosts"},
                                {"file:///etc/passwd", "scheme 'file' is not allowed"},
                                {"FILE:///etc/passwd", "scheme 'file' is not allowed"}};
    for (const Row& row : rows) {
        CAPTURE(row.link);
        Index gleif({R"({"data":{"attributes":{"downloadLink":")" + row.link + R"("}}})"});
        const Error error = failure(gleif, "gleif");
        CHECK(error.kind() == ErrorKind::protocol);
        CHECK(std::string(error.what()).find(row.word) != std::string::npos);
        Index solr_index(
            {R"({"response":{"numFound":1,"docs":[{"file_name":"DLTINS_20261120_01of01.zip","download_link":")" +
             row.link + R"("}]}})"});
        CHECK(failure(solr_index, "firds-index").kind() == ErrorKind::protocol);
        Index elastic(
            {R"({"hits":{"total":1,"hits":[{"_source":{"file_name":"DLTINS_20261120_01of01.zip","download_link":")" +
             row.link + R"("}}]}})"});
        CHECK(failure(elastic, "fca-index").kind() == ErrorKind::protocol);
    }
}

TEST_CASE_METHOD(IndexFixture, "a real page of the index", "[discover][index]") {
    const char* folder = std::getenv("ISINFETCH_REAL_DATA");
    const std::filesystem::path path =
        std::filesystem::path(folder == nullptr ? "../shared/data" : folder) /
        "real/esma_index/solr_firds_files_20201113_20221113_rows100.xml";
    if (!std::filesystem::exists(path)) {
        WARN("SKIPPED: no real data at " << path.native());
        return;
    }
    std::ifstream file(path);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto total = text.find("numFound=\"3632\"");
    REQUIRE(total != std::string::npos);
    text.replace(total, 15, "numFound=\"100\"");
    Index http({text});
    const auto files = ask(http, "firds-index");
    CHECK(files.size() == 100);
    CHECK(std::ranges::all_of(files, [](const RemoteFile& each) {
        return each.url.starts_with("https://firds.esma.europa.eu/") && !each.checksum.empty();
    }));
}
