// A publisher of FIRDS files with an index, and runs of the source on a store that hosts share.
#pragma once

#include "fetch/http.hpp"
#include "job/job.hpp"
#include "parse/firds_text.hpp"
#include "store/query.hpp"
#include "store/state.hpp"
#include "support/flaky_connection.hpp"
#include "support/test_store.hpp"
#include "support/zip_bytes.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace isinfetch::test {

/// The content of a record of this ISIN, listed at XPAR since the first of the month.
inline std::string share_of(const std::string& isin) {
    constexpr std::string_view kOther = "IE00B4L5Y983";
    std::string text = share();
    text.replace(text.find(kOther), kOther.size(), isin);
    text.replace(text.find("2026-08-01"), 10, "2026-11-01");
    return text;
}

inline std::string added(const std::string& isin) {
    return changed("NewRcrd", share_of(isin));
}

inline std::string terminated(const std::string& isin) {
    return changed("TermntdRcrd", share_of(isin));
}

/// Of a day of November 2026.
inline std::string delta_document(int day, const std::vector<std::string>& records) {
    return FirdsDocumentText{.definition = "auth.036.001.03",
                             .container = "FinInstrmRptgRefDataDltaRpt",
                             .period = fmt::format("<Dt>2026-11-{}</Dt>", day)}(
        fmt::format("{}", fmt::join(records, "")));
}

class FirdsPublisher final : public HttpClient {
public:
    void full(int day, const std::vector<std::string>& isins, const std::string& group = "E") {
        std::string records;
        for (const std::string& isin : isins) {
            records += ref_data(share_of(isin));
        }
        const FirdsDocumentText document{.period = fmt::format("<Dt>2026-11-{}</Dt>", day)};
        add(fmt::format("FULINS_{}_202611{}_01of01.zip", group, day), document(records));
    }

    void delta(int day, const std::vector<std::string>& records) { part(day, 1, 1, records); }

    void part(int day, int part, int parts, const std::vector<std::string>& records) {
        add(fmt::format("DLTINS_202611{}_{:02}of{:02}.zip", day, part, parts),
            delta_document(day, records));
    }

    HttpResponse get(const HttpRequest& request,
                     ByteSink& body,
                     const std::function<void(const HttpResponse&)>& answered) override {
        const std::string name = request.url.substr(request.url.rfind('/') + 1);
        const bool is_file = files.contains(name);
        if (name == missing) {
            return {.status = 404};
        }
        (is_file ? downloads : questions).push_back(is_file ? name : plain(request.url));
        const HttpResponse response{.status = 200};
        answered(response);
        body.write(is_file ? files.at(name) : index());
        return response;
    }

    std::map<std::string, std::string> files{};      ///< bytes, by name
    std::string missing{};                           ///< a name that the index has and nobody else
    std::map<std::string, std::string> checksums{};  ///< MD5 that the index announces, by name
    std::vector<std::string> downloads{};            ///< names
    std::vector<std::string> questions{};            ///< URLs that the index was asked by

private:
    void add(const std::string& name, const std::string& text) {
        files[name] = zip_bytes({{name.substr(0, name.size() - 4) + ".xml", text}});
    }

    static std::string plain(std::string url) {
        for (std::size_t at = 0; (at = url.find("%3A", at)) != std::string::npos;) {
            url.replace(at, 3, ":");
        }
        return url;
    }

    std::string index() const {
        std::vector<std::string> documents;
        for (const auto& [name, bytes] : files) {
            documents.push_back(fmt::format(
                R"({{"download_link":"https://a.example/f/{0}","file_name":"{0}","checksum":"{1}"}})",
                name,
                checksums.contains(name) ? checksums.at(name) : ""));
        }
        return fmt::format(R"({{"response":{{"numFound":{},"start":0,"docs":[{}]}}}})",
                           documents.size(),
                           fmt::join(documents, ","));
    }
};

struct EventsRun {
    TempDir directory{};
    FirdsPublisher publisher{};
    TestStore place{directory};
    std::unique_ptr<Connection> own = open_store({.location = place.location()});
    std::unique_ptr<Connection> theirs = open_store({.location = place.location()});
    FlakyConnection flaky{*theirs};  ///< that of the runs
    Timestamp time = *parse_time("2026-11-20T12:00:00Z");
    RunOptions options{.lock_wait = std::chrono::seconds{0}, .jobs = 1};
    std::function<void(const std::string&)> at_stage = [](const std::string&) {};
    Environment environment{
        .http = publisher,
        .store = flaky,
        .state_dir = directory.path(),
        .now = [this] { return time; },
        .sleep = [](std::chrono::milliseconds) {},
        .dice = [] { return 0.0; },
        .progress = [this](const std::string&, const std::string& stage) { at_stage(stage); },
        .lease = std::chrono::seconds{60},
        .connect = [this] { return open_store({.location = place.location()}); }};
    SourceConfig source{.name = "firds",
                        .url = "https://a.example/select",
                        .discovery = find_discovery("firds-index"),
                        .format = find_format("firds"),
                        .mapping = "firds"};
    int runs = 0;

    SourceReport run() {
        options.run_id = "run-" + std::to_string(++runs);
        const Config config{.state_dir = directory.path()};
        return run_job(config, {&source}, options, environment).sources.front();
    }

    std::vector<std::string> served() const {
        std::vector<std::string> isins;
        for_each_listing(
            *own, {}, [&](const StoredListing& stored) { isins.push_back(stored.listing.isin()); });
        return isins;
    }

    std::int64_t count(const std::string& from) const {
        return query_integer(*own, "SELECT count(*) FROM " + from).value();
    }
};

}  // namespace isinfetch::test
