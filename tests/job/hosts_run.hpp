// Runs of one small list on a store that hosts share, whose connection may be lost.
#pragma once

#include "job/job.hpp"
#include "store/query.hpp"
#include "support/fake_http.hpp"
#include "support/flaky_connection.hpp"
#include "support/test_store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace isinfetch::test {

struct HostsRun {
    TempDir directory{};
    FakeHttp http{};
    TestStore place{directory};
    std::unique_ptr<Connection> own = open_store({.location = place.location()});
    FlakyConnection flaky{*own};  ///< that of the runs
    Timestamp time = now();
    RunOptions options{.lock_wait = std::chrono::seconds{0}, .jobs = 1};
    std::function<void(const std::string&)> at_stage = [](const std::string&) {};
    Environment environment{
        .http = http,
        .store = flaky,
        .state_dir = directory.path(),
        .now = [this] { return time; },
        .sleep = [](std::chrono::milliseconds) {},
        .dice = [] { return 0.0; },
        .progress = [this](const std::string&, const std::string& stage) { at_stage(stage); },
        .lease = std::chrono::seconds{60},
        .connect = [this] { return open_store({.location = place.location()}); }};
    SourceConfig source{.name = "list",
                        .url = "https://list.example/list",
                        .discovery = find_discovery("direct"),
                        .format = find_format("lines"),
                        .mapping = "lines"};
    Config config{.state_dir = directory.path()};
    int runs = 0;

    explicit HostsRun(const std::string& list) { http.add(source.url, 200, list); }

    SourceReport run() {
        options.run_id = "run-" + std::to_string(++runs);
        return run_job(config, {&source}, options, environment).sources.front();
    }

    std::int64_t count(const std::string& from) const {
        return query_integer(*own, "SELECT count(*) FROM " + from).value();
    }
};

}  // namespace isinfetch::test
