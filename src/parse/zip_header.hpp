// The fixed records of a zip archive: numbers of two and four bytes at known places.
// Source: PKWARE's APPNOTE.TXT 6.3.10, §4.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace isinfetch {

/// The fields of a record. What lies behind the end of the bytes is 0, or empty.
class ZipHeader {
public:
    // How long the records are, without what varies.
    static constexpr std::size_t kEnd = 22;  ///< of the central directory
    static constexpr std::size_t kCentral = 46;
    static constexpr std::size_t kLocal = 30;

    static constexpr std::uint64_t kDeflate = 8;             ///< a method
    static constexpr std::uint64_t kElsewhere = 0xFFFFFFFF;  ///< the value is in an extra field

    explicit ZipHeader(std::string_view bytes) noexcept : bytes_(bytes) {}

    bool begins_with(std::string_view magic) const noexcept { return bytes_.starts_with(magic); }
    std::uint64_t two(std::size_t at) const noexcept { return byte(at) | byte(at + 1) << 8U; }
    std::uint64_t four(std::size_t at) const noexcept { return two(at) | two(at + 2) << 16U; }
    std::uint64_t eight(std::size_t at) const noexcept { return four(at) | four(at + 4) << 32U; }
    std::string_view text(std::size_t at, std::uint64_t size) const noexcept {
        return at <= bytes_.size() ? bytes_.substr(at, size) : std::string_view{};
    }

private:
    std::uint64_t byte(std::size_t at) const noexcept {
        return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0;
    }

    std::string_view bytes_;
};

}  // namespace isinfetch
