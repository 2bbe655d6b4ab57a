// Zip archives of the simplest kind, unpacked three times as fast as others. Home of isa-l.
#pragma once

#include "util/bytes.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace isinfetch {

/// Where the packed bytes of the only file of an archive are, and what must come out.
struct PlainZip {
    std::uint64_t begin = 0;
    std::uint64_t packed = 0;
    std::uint64_t unpacked = 0;
    std::uint32_t checksum = 0;  ///< CRC-32
};

/// None when there is anything about the archive that has to be understood: several entries,
/// another method than deflate, encryption, sizes over 4 GB, bytes that nothing in it speaks of.
/// Source: PKWARE's APPNOTE.TXT 6.3.10, §4.3.
std::optional<PlainZip> find_plain_zip(const std::filesystem::path& path);

/// The file. Reading throws Error{data}, which begins with `name`, when it is not what the archive
/// says.
std::unique_ptr<ByteSource> open_plain_zip(const std::filesystem::path& path,
                                           const PlainZip& zip,
                                           std::string name);

}  // namespace isinfetch
