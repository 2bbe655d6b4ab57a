// A publisher on the loopback interface that answers as well, or as badly, as it is told to.
#pragma once

#include "util/file.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace isinfetch::test {

enum class Fault {
    none,
    no_answer,  ///< closes the connection instead of answering
    stall,      ///< sends nothing more after Page::fault_after bytes of body, but stays connected
    slow,       ///< sends the body byte by byte, Page::pause apart
    reset,      ///< TCP reset after Page::fault_after bytes of body
    cut,        ///< closes after Page::fault_after bytes of the body that Content-Length promised
    endless,    ///< chunked body without end
};

/// One answer. With status 200 and without a fault, If-None-Match and If-Modified-Since give 304,
/// Range and If-Range 206 or 416, as RFC 9110 §13.2.2 says.
struct Page {
    int status = 200;
    int head_status = 0;  ///< of an answer to HEAD; 0: the same as to GET
    bool ranges = true;   ///< else Range is ignored
    std::string body{};
    std::string etag{};           ///< with its quotes
    std::string last_modified{};  ///< HTTP date
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string raw{};  ///< instead of all that: the bytes to send
    Fault fault = Fault::none;
    std::size_t fault_after = 0;
    std::chrono::milliseconds pause{10};
};

/// A request as it came. Header names are lower case.
struct SeenRequest {
    std::string method{};
    std::string path{};
    std::map<std::string, std::string> headers{};
};

/// Listens from construction to destruction; each connection has its own thread and carries one
/// request. All member functions may be called while it serves.
class FaultServer {
public:
    FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;
    ~FaultServer();

    /// "http://127.0.0.1:PORT" and `path`, which begins with a slash.
    std::string url(const std::string& path) const;

    /// Answers for one path are given in the order they were added; the last one is repeated.
    /// A path without any gives 404.
    void add(const std::string& path, Page page);

    /// Forgets the answers for `path`: what is added now comes next.
    void clear(const std::string& path);

    std::vector<SeenRequest> requests() const;

private:
    void accept_all();
    void serve(const Descriptor& connection);
    Page next_page(const SeenRequest& request);

    Descriptor listener_{};
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_{};
    std::map<std::string, std::deque<Page>> pages_{};
    std::vector<SeenRequest> requests_{};
    std::vector<std::thread> connections_{};  ///< of the acceptor thread only
    std::thread acceptor_{};
};

/// A URL on the loopback interface where nobody listens.
std::string refused_url();

}  // namespace isinfetch::test
