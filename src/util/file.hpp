// Files that are whole or not there: owned descriptors, durable replacement, directories.
#pragma once

#include "util/bytes.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace isinfetch {

/// Owns a file descriptor; -1 is none.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int value) noexcept : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    int get() const noexcept { return value_; }

private:
    int value_ = -1;
};

/// A file read from a place on. Throws Error{gone} when it is not there. What comes through a FIFO
/// is waited for, until a signal or the deadline of the run.
class FileSource final : public ByteSource {
public:
    explicit FileSource(const std::filesystem::path& path, std::uint64_t begin = 0);

    std::size_t read(std::span<char> buffer) override;

    /// The next read() begins at that byte, which may lie behind the end.
    void go_to(std::uint64_t place);

private:
    ssize_t read_some(std::span<char> buffer);

    std::filesystem::path path_;
    Descriptor descriptor_;
    bool has_to_wait_;  ///< it is no regular file
};

/// Reads what is there of a pipe, terminal or socket, or waits for more; `name` is for messages.
/// As read(2).
ssize_t read_when_there(int descriptor, std::span<char> buffer, const std::string& name);

/// A file without a name, for reading and writing: gone once it is closed, whatever happens.
/// Throws Error{cannot_create}.
Descriptor make_unnamed_file(const std::filesystem::path& directory);

/// Writes all of `bytes` to `descriptor`; `path` is for the message. Throws Error{io}.
void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path);

/// The whole file. Throws Error{gone} when it is not there, Error{permission} when unreadable.
std::string read_file(const std::filesystem::path& path);

/// So many bytes from a place on, or as many as there are. Throws like FileSource.
std::string read_piece(const std::filesystem::path& path, std::uint64_t begin, std::size_t size);

/// Makes the directory and its parents, mode 0755 whatever the umask. Throws Error{cannot_create}
/// or {permission}.
void make_directories(const std::filesystem::path& directory);

/// fsync of an open file; file systems without fsync (EINVAL, ENOTSUP) are accepted.
void sync_file(int descriptor, const std::filesystem::path& path);

/// Makes renames in `directory` durable.
void sync_directory(const std::filesystem::path& directory);

/// What was just made there has its name for good, unless the folder may be written but not read.
/// Throws as sync_directory().
void sync_name(const std::filesystem::path& path);

}  // namespace isinfetch
