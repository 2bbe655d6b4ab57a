// Old Office files (compound files): a small file system of streams in one file.
#pragma once

#include "util/bytes.hpp"
#include "util/file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Source: MS-CFB.
class OfficeFile {
public:
    static constexpr std::string_view kMagic{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8};

    /// Throws Error{data} when it is damaged, and what FileSource throws when it cannot be read.
    /// Needs memory for a hundredth of the file's size.
    explicit OfficeFile(const std::filesystem::path& path);

    bool has(std::string_view stream) const noexcept { return find(stream) != nullptr; }

    /// One of the streams that has() knows, from its beginning; this object must outlive it.
    /// Reading throws Error{data} when a part of it is missing.
    std::unique_ptr<ByteSource> open(std::string_view stream);

private:
    class Chain;

    /// A stream, or the storage of all small ones.
    struct Entry {
        std::string name{};  ///< its ASCII letters; others are '?'
        std::uint8_t kind = 0;
        std::uint32_t first = 0;  ///< sector
        std::uint64_t size = 0;   ///< bytes
    };

    const Entry* find(std::string_view stream) const noexcept;
    void read_header();
    void read_sector_table(std::string_view header);
    void add_to_table(std::uint32_t sector, std::vector<std::uint32_t>& table);
    void read_directory(std::uint32_t first);
    void read_small_table(std::uint32_t first);
    std::string read_all(std::uint32_t first, std::uint64_t size);
    std::size_t read_at(std::uint64_t place, char* buffer, std::size_t size);
    std::uint64_t place_of(std::uint32_t sector) const noexcept {
        return (std::uint64_t{sector} + 1) << shift_;
    }

    FileSource file_;
    std::uint64_t size_ = 0;                   ///< of the file
    std::uint32_t shift_ = 9;                  ///< a sector has 1 << shift_ bytes
    std::uint32_t small_shift_ = 6;            ///< the same of small streams
    std::uint64_t small_below_ = 0;            ///< smaller streams are small
    std::vector<std::uint32_t> next_{};        ///< sector behind a sector
    std::vector<std::uint32_t> small_next_{};  ///< the same of small streams
    std::vector<Entry> entries_{};
    std::string small_{};  ///< the storage of small streams
};

}  // namespace isinfetch
