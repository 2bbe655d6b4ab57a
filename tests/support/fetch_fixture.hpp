// What download() needs besides an HttpClient: an archive of the test's own, and a clock that only
// naps move.
#pragma once

#include "fetch/download.hpp"
#include "support/temp_dir.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace isinfetch::test {

struct FetchFixture {
    TempDir directory{};
    Archive archive{directory.path()};
    std::vector<std::chrono::milliseconds> naps{};
    std::chrono::milliseconds slept{0};
    std::optional<Timestamp> deadline{};
    std::function<void(const Download&)> on_verified{};
    double dice = 1.0;  ///< makes every nap as long as it can be
    FetchOptions options{};
    Validators validators{};
    FetchTrace trace{};

    static Timestamp start() {
        return Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
    }

    FetchEnvironment environment(HttpClient& http) {
        return {.http = http,
                .archive = archive,
                .sleep =
                    [this](std::chrono::milliseconds nap) {
                        naps.push_back(nap);
                        slept += nap;
                    },
                .dice = [this] { return dice; },
                .now =
                    [this] {
                        return start() + std::chrono::duration_cast<std::chrono::seconds>(slept);
                    },
                .deadline = deadline,
                .on_verified = on_verified};
    }

    Download fetch(HttpClient& http, const RemoteFile& file) {
        trace = {};
        return download(file, "test", options, validators, environment(http), trace);
    }
};

}  // namespace isinfetch::test
