// One published file, from its URL into the archive: conditional, resumed, retried, bounded,
// verified before it counts.
#pragma once

#include "core/freshness.hpp"
#include "fetch/archive.hpp"
#include "fetch/http.hpp"
#include "fetch/retry.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// What a source says about fetching its files.
struct FetchOptions {
    Headers headers{};  ///< not sent to other hosts
    Secret post{};      ///< body with which the list is asked for; empty: it is a GET
    std::string user_agent{};
    /// Beside the host itself on its port: "*.example.org" too, "example.org:8443".
    std::vector<std::string> redirect_hosts{};
    AddressPolicy addresses{};
    int max_redirects = 5;
    bool allow_http = false;  ///< loopback hosts are always allowed
    std::uint64_t max_bytes = 4'000'000'000;
    std::chrono::seconds connect_timeout{30};
    std::chrono::seconds stall_timeout{60};
    std::chrono::seconds total_timeout{1200};  ///< for one request
    std::uint64_t max_header = 0x40000;        ///< of all headers and trailers of an answer
    std::string proxy{};
    std::string ca_file{};
    RetryPolicy retry{};
    bool accept_html = false;  ///< else a file that begins like HTML is Error{protocol}
};

/// What a file says: what has changed since the publication before, all that is listed, or which
/// keys should never have been published. In this order those of one day are applied: a full list
/// of a day knows what changed on it.
enum class Role { delta, snapshot, cancellations };

/// A published file, as discovery found it.
struct RemoteFile {
    std::string name{};
    std::string url{};
    std::string checksum{};   ///< announced: "md5:HEX", "sha256:HEX", or empty
    std::string published{};  ///< RFC 3339; empty when only the server's Last-Modified will tell
    Role role = Role::snapshot;
    std::string group{};  ///< of a publication in several sets, which: a CFI letter
    unsigned part = 1;    ///< of `parts` that make a set
    unsigned parts = 1;
    bool is_fixed = false;    ///< what the URL leads to never changes
    std::string sha256{};     ///< of a file that discovery had to read and put into the archive
    std::uint64_t bytes = 0;  ///< of such a file
};

/// What is known from the last time, for a conditional request. Only set when the archive still
/// has the file.
struct Validators {
    std::string etag{};
    std::string last_modified{};
};

struct Download {
    bool unchanged = false;  ///< 304: nothing below but http_status and attempts
    std::string sha256{};
    std::filesystem::path path{};  ///< in the archive
    std::uint64_t bytes = 0;
    std::string etag{};
    std::string last_modified{};
};

/// Clock, sleep, dice and limits of the run; tests replace them.
struct FetchEnvironment {
    HttpClient& http;
    const Archive& archive;
    std::function<void(std::chrono::milliseconds)> sleep;  ///< may throw Error{interrupted}
    std::function<double()> dice;                          ///< 0 to 1
    std::function<Timestamp()> now;
    std::optional<Timestamp> deadline{};  ///< of the whole run
    /// Called when a file is whole and checked, before it is in the archive: whoever notes down
    /// here that it was received needs never ask for it again, wherever the program is ended.
    std::function<void(const Download&)> on_verified{};
};

/// What happened, also when download() throws: filled as it goes.
struct FetchTrace {
    int attempts = 0;     ///< requests sent, redirects included
    int http_status = 0;  ///< of the last answer
    std::optional<Timestamp> cooldown_until{};
    Waiting waiting{};  ///< a newer publication that discovery found, but not complete
};

/// Throws Error; nothing in the archive has then changed, and bytes worth resuming stay aside.
Download download(const RemoteFile& file,
                  const std::string& source,
                  const FetchOptions& options,
                  const Validators& validators,
                  const FetchEnvironment& environment,
                  FetchTrace& trace);

/// Is `url` one that may be asked: https, file, or http where `options` or loopback allow it?
/// Throws Error{config} that says what to change.
void check_url(const std::string& url, const FetchOptions& options);

/// `url` without password and without the values of query keys that look secret, for messages.
std::string redacted(const std::string& url);

/// The same in full, for places that others may read: the store. A URL without secrets stays as it
/// is.
std::string without_credentials(const std::string& url);

}  // namespace isinfetch
