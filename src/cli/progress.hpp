// What a run is doing, on the last line of a terminal.
#pragma once

#include "fetch/http.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace isinfetch::cli {

/// How far a file has come.
struct Transfer {
    std::uint64_t have = 0;                ///< bytes, those of an earlier run included
    std::uint64_t resumed = 0;             ///< of them, those of an earlier run
    std::optional<std::uint64_t> total{};  ///< bytes, if the server said so
    std::chrono::milliseconds spent{};
};

/// "downloading 1.1 of 1.3 MiB, 148 KiB/s, 2 s left"; without speed and rest in the first second,
/// which says nothing of them.
std::string transfer_text(const Transfer& transfer);

/// "looking for its files" of "discover": a stage of the report in the words of a sentence.
std::string_view stage_text(std::string_view stage) noexcept;

/// The line. May be told by several threads at once: it shows what was told last.
class Progress {
public:
    /// Not `shown`: nothing is ever written.
    explicit Progress(bool shown) : shown_(shown) {}
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    /// What the calling thread works on from now on.
    void begin(const std::string& source, std::string_view stage);
    /// Shown a few times a second only.
    void transferred(const Transfer& transfer);

private:
    void show(std::string_view text) const;

    bool shown_;
    std::mutex mutex_{};
    std::chrono::steady_clock::time_point last_{};
};

/// Is standard error a terminal that can rewrite a line?
bool can_show_progress() noexcept;

/// Passes requests on and tells how their answers come in.
class WatchedHttp final : public HttpClient {
public:
    WatchedHttp(HttpClient& client, Progress& progress) : client_(client), progress_(progress) {}

    HttpResponse get(const HttpRequest& request,
                     ByteSink& body,
                     const std::function<void(const HttpResponse&)>& answered) override;

private:
    HttpClient& client_;
    Progress& progress_;
};

}  // namespace isinfetch::cli
