#include "parse/plain_zip.hpp"

#include "parse/zip_header.hpp"
#include "util/error.hpp"
#include "util/file.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::size_t kBlock = std::size_t{256} * 1024;
constexpr std::uint64_t kHasDescriptor = 1U << 3U;
constexpr std::uint64_t kHarmless = 3U << 1U | kHasDescriptor | 1U << 11U;  // level, UTF-8 name

/// The place of the central directory, when it has one entry and ends where it should.
std::optional<std::uint64_t> find_directory(const std::filesystem::path& path, std::uint64_t end) {
    const std::string bytes = read_piece(path, end, ZipHeader::kEnd);
    const ZipHeader record(bytes);
    const std::uint64_t begin = record.four(16);
    const bool is_plain = record.begins_with("PK\5\6") && record.four(4) == 0 &&
                          record.two(8) == 1 && record.two(10) == 1 && record.two(20) == 0 &&
                          begin + record.four(12) == end && begin + ZipHeader::kCentral <= end &&
                          record.four(12) < std::uint64_t{1024} * 1024;
    return is_plain ? std::optional(begin) : std::nullopt;
}

/// What the directory says; `begin` is not yet known.
std::optional<PlainZip> read_directory(const ZipHeader& entry, std::uint64_t size) {
    const std::uint64_t flags = entry.two(8);
    const PlainZip zip{.packed = entry.four(20),
                       .unpacked = entry.four(24),
                       .checksum = static_cast<std::uint32_t>(entry.four(16))};
    const std::uint64_t tail = entry.two(28) + entry.two(30) + entry.two(32);
    const bool is_plain = entry.begins_with("PK\1\2") && (flags & ~kHarmless) == 0 &&
                          entry.two(10) == ZipHeader::kDeflate &&
                          ZipHeader::kCentral + tail == size && entry.two(34) == 0 &&
                          entry.four(42) == 0 && zip.packed != ZipHeader::kElsewhere &&
                          zip.unpacked != ZipHeader::kElsewhere;
    return is_plain ? std::optional(zip) : std::nullopt;
}

bool is_list(std::string_view name) noexcept {
    return !name.empty() && !name.ends_with('/') && !name.starts_with("__MACOSX/");
}

/// How long what follows the packed bytes may be: a descriptor with or without its magic.
bool is_descriptor(std::uint64_t size, std::uint64_t flags) noexcept {
    return (flags & kHasDescriptor) == 0 ? size == 0 : size == 12 || size == 16;
}

}  // namespace

std::optional<PlainZip> find_plain_zip(const std::filesystem::path& path) {
    const std::uint64_t size = std::filesystem::file_size(path);
    const auto directory =
        size < ZipHeader::kEnd ? std::nullopt : find_directory(path, size - ZipHeader::kEnd);
    if (!directory) {
        return std::nullopt;
    }
    const std::string central = read_piece(path, *directory, size - ZipHeader::kEnd - *directory);
    const ZipHeader entry(central);
    auto zip = read_directory(entry, central.size());
    const std::string_view name = entry.text(ZipHeader::kCentral, entry.two(28));
    const std::string bytes = read_piece(path, 0, ZipHeader::kLocal + name.size());
    const ZipHeader local(bytes);
    if (!zip || !is_list(name) || !local.begins_with("PK\3\4") || local.two(6) != entry.two(8) ||
        local.two(8) != ZipHeader::kDeflate || local.two(26) != name.size() ||
        local.text(ZipHeader::kLocal, name.size()) != name) {
        return std::nullopt;
    }
    zip->begin = ZipHeader::kLocal + name.size() + local.two(28);
    const std::uint64_t end = zip->begin + zip->packed;
    const bool fits = end <= *directory && is_descriptor(*directory - end, entry.two(8));
    return fits ? zip : std::nullopt;
}

namespace {

class PlainZipSource final : public ByteSource {
public:
    PlainZipSource(const std::filesystem::path& path, const PlainZip& zip, std::string name)
        : name_(std::move(name)), zip_(zip), file_(path, zip.begin), left_(zip.packed) {
        isal_inflate_init(state_.get());
        state_->crc_flag = ISAL_GZIP_NO_HDR;
    }

    std::size_t read(std::span<char> buffer) override {
        const auto room = static_cast<std::uint32_t>(std::min(buffer.size(), kBlock));
        state_->next_out = reinterpret_cast<std::uint8_t*>(buffer.data());
        state_->avail_out = room;
        while (state_->avail_out == room && state_->block_state != ISAL_BLOCK_FINISH && room > 0) {
            unpack_more();
        }
        const std::size_t count = room - state_->avail_out;
        unpacked_ += count;
        if (state_->block_state == ISAL_BLOCK_FINISH) {
            check();
        }
        return count;
    }

private:
    [[noreturn]] void damaged(const char* why) const {
        fail(ErrorKind::data, "{}: damaged: {}", name_, why);
    }

    /// At least one of so many bytes.
    std::size_t read_packed(std::uint64_t most) {
        const std::size_t size =
            static_cast<std::size_t>(std::min<std::uint64_t>(most, packed_.size()));
        const std::size_t count = file_.read(std::span(packed_).first(size));
        if (count == 0) {
            damaged("it ends too early");
        }
        return count;
    }

    void unpack_more() {
        if (state_->avail_in == 0 && left_ > 0) {
            const std::size_t count = read_packed(left_);
            left_ -= count;
            state_->next_in = reinterpret_cast<std::uint8_t*>(packed_.data());
            state_->avail_in = static_cast<std::uint32_t>(count);
        }
        const std::uint32_t room = state_->avail_out;
        const bool is_last = left_ == 0 && state_->avail_in == 0;
        if (isal_inflate(state_.get()) < 0) {
            damaged("what is packed in it is no deflate stream");
        }
        const bool is_stuck = is_last && state_->avail_out == room;
        if (is_stuck && state_->block_state != ISAL_BLOCK_FINISH) {
            damaged("what is packed in it ends too early");
        }
    }

    void check() const {
        if (unpacked_ != zip_.unpacked) {
            damaged("its length is not the one that it says");
        }
        if (state_->crc != zip_.checksum) {
            damaged("its checksum is wrong");
        }
    }

    std::string name_;  ///< for messages
    PlainZip zip_;
    FileSource file_;
    std::uint64_t left_;  ///< packed bytes that were not yet read
    std::uint64_t unpacked_ = 0;
    std::vector<char> packed_ = std::vector<char>(kBlock);
    std::unique_ptr<inflate_state> state_ = std::make_unique<inflate_state>();
};

}  // namespace

std::unique_ptr<ByteSource> open_plain_zip(const std::filesystem::path& path,
                                           const PlainZip& zip,
                                           std::string name) {
    return std::make_unique<PlainZipSource>(path, zip, std::move(name));
}

}  // namespace isinfetch
