// Downloaded bytes, kept by SHA-256, so that any run can be replayed offline.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

/// A folder `archive/ab/abcdef…`; nothing half-made is ever visible in it.
class Archive {
public:
    /// `state_dir` holds archive/, partial/ and quarantine/; they are made when first needed.
    explicit Archive(std::filesystem::path state_dir) : root_(std::move(state_dir)) {}

    /// Where a file of that digest lies or would lie.
    std::filesystem::path path(std::string_view sha256) const;

    /// The archived or quarantined file; none when it is not there.
    std::optional<std::filesystem::path> find(std::string_view sha256) const;

    /// Takes a whole file over: fsync, rename, fsync of the folder. Gives its new path.
    std::filesystem::path adopt(const std::filesystem::path& file, std::string_view sha256) const;

    /// Moves an archived file aside, to quarantine/SOURCE/SHA256, where a person can look at it.
    std::filesystem::path quarantine(std::string_view source, std::string_view sha256) const;

    /// Back from quarantine/ into the archive: it was accepted after all. Not there: nothing.
    void release(std::string_view source, std::string_view sha256) const;

    /// Where the unfinished download of `url` for `source` lies between attempts and runs.
    std::filesystem::path partial(std::string_view source, std::string_view url) const;

private:
    std::filesystem::path root_;
};

}  // namespace isinfetch
