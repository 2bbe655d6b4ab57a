// One connection per host at a time: publishers count them.
#pragma once

#include "fetch/http.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace isinfetch {

/// One gate per host, for all sources of a run.
class HostGates {
public:
    /// Waits until no other source talks to `host`; `source` is for the word about it.
    std::unique_lock<std::mutex> enter(const std::string& host, const std::string& source);

private:
    std::mutex guard_{};
    std::map<std::string, std::unique_ptr<std::mutex>> gates_{};
};

/// The client of one source while it talks to its publisher. Holds the gate of the host that it
/// asked last, also between two attempts: a host that asks for patience means all of them. Never
/// two at once, so that no two sources can wait for each other: an index and its files may be on
/// the hosts of another source's files and index. For one thread.
class PoliteHttp final : public HttpClient {
public:
    PoliteHttp(HttpClient& http, HostGates& gates, std::string source)
        : http_(http), gates_(gates), source_(std::move(source)) {}

    HttpResponse get(const HttpRequest& request,
                     ByteSink& body,
                     const std::function<void(const HttpResponse&)>& answered) override;

private:
    HttpClient& http_;
    HostGates& gates_;
    std::string source_;
    std::string host_{};  ///< whose gate is held; empty: none, or that of local files
    std::unique_lock<std::mutex> gate_{};
};

}  // namespace isinfetch
