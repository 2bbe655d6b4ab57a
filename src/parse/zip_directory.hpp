// The files of a zip archive, in any order. For packages of several files; see plain_zip.hpp.
#pragma once

#include "util/bytes.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace isinfetch {

struct ZipEntry {
    std::string name{};
    std::uint64_t header = 0;  ///< place of its local header
    std::uint64_t packed = 0;
    std::uint64_t unpacked = 0;
    std::uint32_t checksum = 0;  ///< CRC-32
    std::uint64_t method = 0;
    bool is_encrypted = false;
};

/// What the directory at the end of the archive lists. Throws Error{data}, which begins with
/// `name`, when there is none, and for one that no list has use for: over several disks, or larger
/// than 16 MiB. Source: PKWARE's APPNOTE.TXT 6.3.10, §4.3.12 and §4.3.16.
std::vector<ZipEntry> read_zip_directory(const std::filesystem::path& path,
                                         const std::string& name);

/// Is there a directory at all? Without one the archive was cut, whatever can be read of it.
bool has_zip_directory(const std::filesystem::path& path);

/// The bytes of one file. Throws Error{data}, which begins with `name`, for encryption and for
/// other methods than deflate; reading throws it when the bytes are not what the archive says.
std::unique_ptr<ByteSource> open_zip_entry(const std::filesystem::path& path,
                                           const ZipEntry& entry,
                                           const std::string& name);

}  // namespace isinfetch
