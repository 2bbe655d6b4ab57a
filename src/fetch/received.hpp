// Files that were downloaded and not applied yet: what an interrupted run leaves for the next one.
#pragma once

#include "fetch/archive.hpp"
#include "fetch/download.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

struct ReceivedFile {
    std::string sha256{};
    std::uint64_t bytes = 0;
    std::string etag{};           ///< with which it can be asked for again
    std::string last_modified{};  ///< the same
    std::optional<Timestamp> when{};
    std::int64_t head = 0;  ///< which version of the source was served then; 0: none
};

/// By what a file is known again, beside its announced checksum.
enum class KnownBy {
    name,  ///< no two files of the source ever have the same
    url,
};

/// Notes beside the archive, one small file each. A note that cannot be read is as good as none.
class ReceivedFiles {
public:
    ReceivedFiles(const std::filesystem::path& state_dir,
                  const std::string& source,
                  const Archive& archive,
                  KnownBy known_by = KnownBy::name);

    /// What `file` was received as, if its name or URL and its announced checksum are still the
    /// same and the archive has it.
    std::optional<ReceivedFile> find(const RemoteFile& file) const;

    /// Throws Error when the note cannot be written.
    void add(const RemoteFile& file, const ReceivedFile& received) const;

    /// It was applied, or turned out to be damaged.
    void forget(const RemoteFile& file) const noexcept;
    void forget_all() const noexcept;

    /// A run that was ended after a commit has left notes of what it had applied.
    void forget_if(const std::function<bool(const std::string& sha256)>& is_applied) const;

private:
    std::filesystem::path path(const RemoteFile& file) const;

    std::filesystem::path directory_;
    const Archive& archive_;
    KnownBy known_by_;
};

/// The digests that all notes name, of whatever source: files that the archive must keep.
std::vector<std::string> received_digests(const std::filesystem::path& state_dir);

}  // namespace isinfetch
