// Zip archives in memory, made by the tests themselves.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch::test {

/// In the order of the bytes of zip and of old Office files: the lowest first.
inline std::string little(std::uint64_t value, int bytes) {
    std::string text;
    for (; bytes > 0; --bytes) {
        text += static_cast<char>(value);
        value >>= 8U;
    }
    return text;
}

inline std::string deflated(std::string_view text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()), '\0');
    std::string input(text);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<unsigned>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<unsigned>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// What is the same for all files of an archive.
struct ZipHabits {
    std::uint64_t flags = 0;
    std::uint64_t method = 8;  ///< 0: stored
    bool large_sizes = false;  ///< in extra fields of eight bytes
    std::string local_extra{};
    std::string behind{};  ///< the last byte of the directory
};

using ZipParts = std::vector<std::pair<std::string, std::string>>;  ///< name, text

inline std::string zip_bytes(const ZipParts& parts, const ZipHabits& habits = {}) {
    std::string archive;
    std::string directory;
    for (const auto& [name, text] : parts) {
        const std::string packed = habits.method == 8 ? deflated(text) : text;
        const auto checksum = crc32(
            0, reinterpret_cast<const Bytef*>(text.data()), static_cast<unsigned>(text.size()));
        const std::string common = little(20, 2) + little(habits.flags, 2) +
                                   little(habits.method, 2) + little(0, 4) + little(checksum, 4);
        const std::string sizes = little(packed.size(), 4) + little(text.size(), 4);
        const std::string names = little(name.size(), 2);
        const std::string elsewhere = little(0xFFFFFFFF, 4);
        const std::string extra = habits.large_sizes
                                      ? little(0x5455, 2) + little(1, 2) + "x" + little(1, 2) +
                                            little(24, 2) + little(text.size(), 8) +
                                            little(packed.size(), 8) + little(archive.size(), 8)
                                      : "";
        directory += "PK\1\2" + little(20, 2) + common +
                     (habits.large_sizes ? elsewhere + elsewhere : sizes) + names +
                     little(extra.size(), 2) + little(0, 2 + 2 + 2 + 4) +
                     (habits.large_sizes ? elsewhere : little(archive.size(), 4)) + name + extra;
        archive += "PK\3\4" + common + sizes + names + little(habits.local_extra.size(), 2) + name +
                   habits.local_extra + packed;
    }
    const std::string end = "PK\5\6" + little(0, 4) + little(parts.size(), 2) +
                            little(parts.size(), 2) + little(directory.size(), 4) +
                            little(archive.size(), 4) + little(0, 2);
    return archive + directory + end + habits.behind;
}

}  // namespace isinfetch::test
