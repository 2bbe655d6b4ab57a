#include "fetch/received.hpp"

#include "fetch/found_files.hpp"
#include "util/atomic_file.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>
#include <system_error>

namespace isinfetch {

namespace {

/// Empty when a run has forgotten it meanwhile.
std::string text_of_note(const std::filesystem::path& path) {
    try {
        return read_file(path);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::gone) {
            throw;
        }
        return {};
    }
}

}  // namespace

ReceivedFiles::ReceivedFiles(const std::filesystem::path& state_dir,
                             const std::string& source,
                             const Archive& archive,
                             KnownBy known_by)
    : directory_(state_dir / "received" / source), archive_(archive), known_by_(known_by) {}

// A name is the publisher's: only its digest can be trusted to be a file's.
std::filesystem::path ReceivedFiles::path(const RemoteFile& file) const {
    const std::string& known = known_by_ == KnownBy::name ? file.name : file.url;
    const std::string key = known + '\n' + file.checksum;
    return directory_ / hex_digest(Digest::Algorithm::sha256, key).substr(0, 32);
}

std::optional<ReceivedFile> ReceivedFiles::find(const RemoteFile& file) const {
    std::string text;
    try {
        text = read_file(path(file));
    } catch (const Error&) {
        return std::nullopt;
    }
    const std::vector<std::string_view> lines = split(text, '\n');
    std::istringstream words{std::string(lines.front())};
    ReceivedFile received;
    constexpr std::size_t kDigest = 64;
    if (!(words >> received.sha256 >> received.bytes) || received.sha256.size() != kDigest ||
        !archive_.find(received.sha256)) {
        return std::nullopt;
    }
    // Notes of older programs have one line.
    const auto line = [&](std::size_t number) {
        return number < lines.size() ? std::string(lines[number]) : std::string();
    };
    received.when = parse_time(line(1));
    received.etag = line(2);
    received.last_modified = line(3);
    const std::string head = line(4);
    std::from_chars(head.data(), head.data() + head.size(), received.head);
    return received;
}

void ReceivedFiles::add(const RemoteFile& file, const ReceivedFile& received) const {
    AtomicFile note(Directory::make(directory_, 2), path(file).filename());
    note.write(fmt::format("{} {} {}\n{}\n{}\n{}\n{}\n",
                           received.sha256,
                           received.bytes,
                           file.name,
                           received.when ? format_time(*received.when) : "",
                           received.etag,
                           received.last_modified,
                           received.head));
    note.commit(note.folder().file_mode());
}

void ReceivedFiles::forget(const RemoteFile& file) const noexcept {
    std::error_code none;
    std::filesystem::remove(path(file), none);
}

void ReceivedFiles::forget_all() const noexcept {
    std::error_code none;
    std::filesystem::remove_all(directory_, none);
}

void ReceivedFiles::forget_if(
    const std::function<bool(const std::string& sha256)>& is_applied) const {
    std::error_code none;
    for (const auto& note : std::filesystem::directory_iterator(directory_, none)) {
        std::istringstream words(text_of_note(note.path()));
        if (std::string digest; words >> digest && is_applied(digest)) {
            std::filesystem::remove(note.path(), none);
        }
    }
}

std::vector<std::string> received_digests(const std::filesystem::path& state_dir) {
    std::vector<std::string> digests;
    for_each_file(state_dir / "received", [&](const FoundFile& note) {
        std::istringstream words(text_of_note(note.path));
        if (std::string digest; words >> digest) {
            digests.push_back(std::move(digest));
        }
    });
    return digests;
}

}  // namespace isinfetch
