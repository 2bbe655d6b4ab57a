#include "parse/open.hpp"

#include "parse/meter.hpp"
#include "parse/plain_zip.hpp"
#include "parse/read_ahead.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/handle.hpp"
#include "util/text.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::size_t kBlockSize = std::size_t{256} * 1024;

std::string first_bytes(const std::filesystem::path& path) {
    std::array<char, 4> buffer{};
    FileSource source(path);
    return {buffer.data(), source.read(buffer)};
}

void end_inflate(z_stream* stream) {
    inflateEnd(stream);
}

/// By zlib itself: libarchive 3.6 does not check the CRC at the end of a gzip file, and gzread()
/// ignores what follows one, which may be what is left of the other half of a list.
class GzipSource final : public ByteSource {
public:
    GzipSource(const std::filesystem::path& path, const OpenLimits& limits)
        : meter_(path, limits), file_(path), open_(&stream_) {
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        if (inflateInit2(&stream_, kGzipOnly) != Z_OK) {
            fail(ErrorKind::os, "zlib: {}", stream_.msg == nullptr ? "no memory" : stream_.msg);
        }
    }

    std::size_t read(std::span<char> buffer) override {
        const std::size_t room = std::min(buffer.size(), kBlockSize);
        stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream_.avail_out = static_cast<unsigned>(room);
        while (stream_.avail_out == room && !ended_) {
            if (at_member_end_) {
                next_member();
            } else {
                inflate_more();
            }
        }
        return meter_.count(room - stream_.avail_out);
    }

private:
    /// False at the end of the file.
    bool refill() {
        if (stream_.avail_in == 0) {
            const std::size_t count = file_.read(packed_);
            stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
            stream_.avail_in = static_cast<unsigned>(count);
        }
        return stream_.avail_in > 0;
    }

    void inflate_more() {
        if (!refill()) {
            meter_.damaged("it ends too early");
        }
        const int result = inflate(&stream_, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END) {
            meter_.damaged(stream_.msg);
        }
        at_member_end_ = result == Z_STREAM_END;
    }

    /// A gzip file may be several in a row, and padded with zeros (gzip(1)).
    void next_member() {
        bool padded = false;
        while (refill() && *stream_.next_in == 0) {
            padded = true;
            ++stream_.next_in;
            --stream_.avail_in;
        }
        ended_ = stream_.avail_in == 0;
        at_member_end_ = false;
        if (!ended_ && (padded || *stream_.next_in != 0x1F)) {
            meter_.damaged("something that is no gzip follows its end");
        }
        inflateReset(&stream_);
    }

    Meter meter_;
    FileSource file_;
    z_stream stream_{};
    Handle<z_stream, end_inflate> open_;
    std::vector<char> packed_ = std::vector<char>(kBlockSize);
    bool at_member_end_ = false;
    bool ended_ = false;
};

class ZipSource final : public ByteSource {
public:
    ZipSource(const std::filesystem::path& path, const OpenLimits& limits)
        : meter_(path, limits), archive_(archive_read_new()) {
        archive_read_support_format_zip(archive_.get());
        check(archive_read_open_filename(archive_.get(), path.c_str(), kBlockSize));
        name_ = next_file();
        if (name_.empty()) {
            meter_.damaged("nothing is packed in it");
        }
    }

    std::size_t read(std::span<char> buffer) override {
        if (name_.empty()) {
            return 0;
        }
        const la_ssize_t count = archive_read_data(archive_.get(), buffer.data(), buffer.size());
        if (count < 0) {
            fail_with_reason();
        }
        if (count == 0) {
            refuse_second_file();
        }
        return meter_.count(static_cast<std::size_t>(count));
    }

private:
    void check(int result) const {
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            fail_with_reason();
        }
    }

    /// Of the codes that libarchive gives, these are the system's own.
    [[noreturn]] void fail_with_reason() const {
        const int code = archive_errno(archive_.get());
        if (code == EIO || code == EMFILE || code == ENFILE || code == ENOMEM || code == EACCES) {
            fail_errno(code, meter_.name(), ErrorKind::io);
        }
        meter_.damaged(archive_error_string(archive_.get()));
    }

    /// Goes to the next entry that may be a list; gives its name, "" at the end. What macOS packs
    /// beside every file is none.
    std::string next_file() {
        archive_entry* entry = nullptr;
        while (true) {
            const int result = archive_read_next_header(archive_.get(), &entry);
            if (result == ARCHIVE_EOF) {
                return {};
            }
            check(result);
            const char* path = archive_entry_pathname(entry);
            std::string name = path == nullptr ? "a file without name" : path;
            if (archive_entry_filetype(entry) != AE_IFDIR && !name.starts_with("__MACOSX/")) {
                return name;
            }
        }
    }

    /// Which of two files is the list, or whether both are its parts, nobody can know.
    void refuse_second_file() {
        const std::string second = next_file();
        if (!second.empty()) {
            fail(ErrorKind::data,
                 "{}: holds '{}' beside '{}': one file was expected",
                 meter_.name(),
                 printable(second),
                 printable(name_));
        }
        name_.clear();
    }

    Meter meter_;
    Handle<archive, archive_read_free> archive_;
    std::string name_{};  ///< of the file; empty behind its end
};

class Metered final : public ByteSource {
public:
    Metered(const std::filesystem::path& path, const OpenLimits& limits, const PlainZip& zip)
        : meter_(path, limits), source_(open_plain_zip(path, zip, path.native())) {}

    std::size_t read(std::span<char> buffer) override {
        return meter_.count(source_->read(buffer));
    }

private:
    Meter meter_;
    std::unique_ptr<ByteSource> source_;
};

/// Unpacking ahead is only worth a thread for what takes longer than to start one.
std::unique_ptr<ByteSource> ahead_if_large(std::unique_ptr<ByteSource> source,
                                           const std::filesystem::path& path) {
    constexpr std::uintmax_t kLarge = std::uintmax_t{256} * 1024;
    if (std::filesystem::file_size(path) < kLarge) {
        return source;
    }
    return std::make_unique<ReadAhead>(std::move(source));
}

}  // namespace

std::unique_ptr<ByteSource> open_file(const std::filesystem::path& path, const OpenLimits& limits) {
    const std::string magic = first_bytes(path);
    constexpr std::string_view kEmptyZip = "PK\x05\x06";
    if (magic == "PK\x03\x04" || magic == kEmptyZip) {
        if (const auto plain = find_plain_zip(path)) {
            return ahead_if_large(std::make_unique<Metered>(path, limits, *plain), path);
        }
        return ahead_if_large(std::make_unique<ZipSource>(path, limits), path);
    }
    if (magic.starts_with("\x1F\x8B")) {
        return ahead_if_large(std::make_unique<GzipSource>(path, limits), path);
    }
    return std::make_unique<FileSource>(path);
}

}  // namespace isinfetch
