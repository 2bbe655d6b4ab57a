#include "parse/zip_directory.hpp"

#include "parse/plain_zip.hpp"
#include "parse/zip_header.hpp"
#include "util/error.hpp"
#include "util/file.hpp"

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::uint64_t kMaxDirectory = std::uint64_t{16} * 1024 * 1024;
constexpr std::uint64_t kMaxComment = 0xFFFF;
constexpr std::uint64_t kStored = 0;
constexpr std::uint64_t kIsEncrypted = 1;
constexpr std::uint64_t kLargeSizes = 1;  // an extra field: values of eight bytes

struct Directory {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};

[[noreturn]] void damaged(const std::string& name, std::string_view why) {
    fail(ErrorKind::data, "{}: damaged: {}", name, why);
}

/// The end of an archive, which has the record that tells where the directory is.
struct Tail {
    std::string bytes{};
    std::uint64_t begin = 0;             ///< place in the file
    std::size_t at = std::string::npos;  ///< of the record, in `bytes`; npos: none
};

Tail read_tail(const std::filesystem::path& path) {
    const std::uint64_t size = std::filesystem::file_size(path);
    const std::uint64_t length = std::min(size, kMaxComment + ZipHeader::kEnd);
    Tail tail{.bytes = read_piece(path, size - length, static_cast<std::size_t>(length)),
              .begin = size - length};
    tail.at = tail.bytes.rfind("PK\5\6");
    if (tail.at != std::string::npos && tail.at + ZipHeader::kEnd > tail.bytes.size()) {
        tail.at = std::string::npos;
    }
    return tail;
}

Directory find_directory(const std::filesystem::path& path, const std::string& name) {
    const Tail tail = read_tail(path);
    if (tail.at == std::string::npos) {
        damaged(name, "the directory at the end of the zip file is missing: was it cut?");
    }
    const ZipHeader end(std::string_view(tail.bytes).substr(tail.at));
    const Directory directory{.begin = end.four(16), .size = end.four(12)};
    if (end.two(4) != 0 || end.two(6) != 0 || directory.begin == ZipHeader::kElsewhere ||
        directory.size > kMaxDirectory) {
        damaged(name, "its directory is over several disks, or too large");
    }
    if (directory.begin + directory.size > tail.begin + tail.at) {
        damaged(name, "its directory lies behind its end");
    }
    return directory;
}

/// Takes the values that do not fit into four bytes from the field that is for them.
void take_large_sizes(const ZipHeader& field, ZipEntry& entry) {
    const std::uint64_t end = 4 + std::uint64_t{field.two(2)};
    std::size_t at = 4;
    for (std::uint64_t* value : {&entry.unpacked, &entry.packed, &entry.header}) {
        if (*value == ZipHeader::kElsewhere && at + 8 <= end) {
            *value = field.eight(at);
            at += 8;
        }
    }
}

/// Looks for that field among the extra ones.
void read_large_sizes(std::string_view extra, ZipEntry& entry) {
    while (extra.size() >= 4) {
        const ZipHeader field(extra);
        if (field.two(0) == kLargeSizes) {
            take_large_sizes(field, entry);
            return;
        }
        const std::uint64_t size = 4 + std::uint64_t{field.two(2)};
        extra.remove_prefix(static_cast<std::size_t>(std::min<std::uint64_t>(size, extra.size())));
    }
}

/// The next entry, which is taken from `rest`; none when there is no more.
std::optional<ZipEntry> next_entry(std::string_view& rest) {
    const ZipHeader header(rest);
    if (!header.begins_with("PK\1\2") || rest.size() < ZipHeader::kCentral) {
        return std::nullopt;
    }
    const std::uint64_t name = header.two(28);
    const std::uint64_t extra = header.two(30);
    ZipEntry entry{.name = std::string(header.text(ZipHeader::kCentral, name)),
                   .header = header.four(42),
                   .packed = header.four(20),
                   .unpacked = header.four(24),
                   .checksum = static_cast<std::uint32_t>(header.four(16)),
                   .method = header.two(10),
                   .is_encrypted = (header.two(8) & kIsEncrypted) != 0};
    read_large_sizes(header.text(ZipHeader::kCentral + name, extra), entry);
    const std::uint64_t size = ZipHeader::kCentral + name + extra + header.two(32);
    rest.remove_prefix(static_cast<std::size_t>(std::min<std::uint64_t>(size, rest.size())));
    return entry;
}

/// Bytes that are in the archive as they are.
class StoredSource final : public ByteSource {
public:
    StoredSource(const std::filesystem::path& path, const PlainZip& place, std::string name)
        : name_(std::move(name)),
          file_(path, place.begin),
          left_(place.packed),
          checksum_(place.checksum) {}

    std::size_t read(std::span<char> buffer) override {
        constexpr std::uint64_t kBlock = std::uint64_t{256} * 1024;
        const auto room = std::min<std::uint64_t>({buffer.size(), left_, kBlock});
        if (room == 0) {
            return 0;
        }
        const std::size_t count = file_.read(buffer.first(static_cast<std::size_t>(room)));
        if (count == 0) {
            damaged(name_, "it ends too early");
        }
        left_ -= count;
        found_ =
            crc32(found_, reinterpret_cast<const Bytef*>(buffer.data()), static_cast<uInt>(count));
        if (left_ == 0 && found_ != checksum_) {
            damaged(name_, "its checksum is wrong");
        }
        return count;
    }

private:
    std::string name_;
    FileSource file_;
    std::uint64_t left_;
    std::uint32_t checksum_;
    uLong found_ = 0;
};

}  // namespace

bool has_zip_directory(const std::filesystem::path& path) {
    return read_tail(path).at != std::string::npos;
}

std::vector<ZipEntry> read_zip_directory(const std::filesystem::path& path,
                                         const std::string& name) {
    const Directory directory = find_directory(path, name);
    const std::string bytes =
        read_piece(path, directory.begin, static_cast<std::size_t>(directory.size));
    std::string_view rest = bytes;
    std::vector<ZipEntry> entries;
    while (auto entry = next_entry(rest)) {
        entries.push_back(std::move(*entry));
    }
    return entries;
}

std::unique_ptr<ByteSource> open_zip_entry(const std::filesystem::path& path,
                                           const ZipEntry& entry,
                                           const std::string& name) {
    if (entry.is_encrypted) {
        fail(ErrorKind::data, "{}: it is encrypted", name);
    }
    if (entry.method != ZipHeader::kDeflate && entry.method != kStored) {
        fail(ErrorKind::data,
             "{}: packed by method {}, which is not known: deflate was expected",
             name,
             entry.method);
    }
    const std::string bytes = read_piece(path, entry.header, ZipHeader::kLocal);
    const ZipHeader local(bytes);
    if (!local.begins_with("PK\3\4")) {
        damaged(name, "the archive has nothing where its directory says that there is something");
    }
    const PlainZip place{.begin = entry.header + ZipHeader::kLocal + local.two(26) + local.two(28),
                         .packed = entry.packed,
                         .unpacked = entry.unpacked,
                         .checksum = entry.checksum};
    if (entry.method == kStored) {
        return std::make_unique<StoredSource>(path, place, name);
    }
    return open_plain_zip(path, place, name);
}

}  // namespace isinfetch
