#include "fetch/received.hpp"

#include "fetch/found_files.hpp"
#include "util/atomic_file.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

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
                             const Archive& archive)
    : directory_(state_dir / "received" / source), archive_(archive) {}

// A name is the publisher's: only its digest can be trusted to be a file's.
std::filesystem::path ReceivedFiles::path(const RemoteFile& file) const {
    const std::string key = file.name + '\n' + file.checksum;
    return directory_ / hex_digest(Digest::Algorithm::sha256, key).substr(0, 32);
}

std::optional<ReceivedFile> ReceivedFiles::find(const RemoteFile& file) const {
    std::string text;
    try {
        text = read_file(path(file));
    } catch (const Error&) {
        return std::nullopt;
    }
    std::istringstream words(text);
    ReceivedFile received;
    constexpr std::size_t kDigest = 64;
    if (!(words >> received.sha256 >> received.bytes) || received.sha256.size() != kDigest ||
        !archive_.find(received.sha256)) {
        return std::nullopt;
    }
    return received;
}

void ReceivedFiles::add(const RemoteFile& file, const ReceivedFile& received) const {
    AtomicFile note(Directory::make(directory_, 2), path(file).filename());
    note.write(fmt::format("{} {} {}\n", received.sha256, received.bytes, file.name));
    note.commit(note.folder().file_mode());
}

void ReceivedFiles::forget(const RemoteFile& file) const noexcept {
    std::error_code none;
    std::filesystem::remove(path(file), none);
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
