#include "parse/open.hpp"

#include "parse/meter.hpp"
#include "parse/plain_zip.hpp"
#include "parse/read_ahead.hpp"
#include "parse/zip_directory.hpp"
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

constexpr std::string_view kZip = "the zip file";

Meter meter_of(const std::filesystem::path& path, std::string_view name, const OpenLimits& limits) {
    return {std::string(name), std::filesystem::file_size(path), limits};
}

void end_inflate(z_stream* stream) {
    inflateEnd(stream);
}

/// By zlib itself: libarchive 3.6 does not check the CRC at the end of a gzip file, and gzread()
/// ignores what follows one, which may be what is left of the other half of a list.
class GzipSource final : public ByteSource {
public:
    GzipSource(const std::filesystem::path& path, const OpenLimits& limits)
        : meter_(meter_of(path, "the gzip file", limits)), file_(path), open_(&stream_) {
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
    ZipSource(const std::filesystem::path& path, const OpenLimits& limits, const Member& wanted)
        : path_(path), meter_(meter_of(path, kZip, limits)) {
        if (!has_zip_directory(path)) {
            meter_.damaged("the directory at its end is missing: was it cut?");
        }
        open_again();
        std::vector<std::string> names;
        while (next_entry()) {
            names.push_back(name_);
        }
        const std::size_t chosen = choose_member(names, wanted);
        open_again();
        for (std::size_t i = 0; i <= chosen; ++i) {
            next_entry();
        }
    }

    std::size_t read(std::span<char> buffer) override {
        const la_ssize_t count = archive_read_data(archive_.get(), buffer.data(), buffer.size());
        if (count < 0) {
            fail_with_reason();
        }
        return meter_.count(static_cast<std::size_t>(count));
    }

private:
    void open_again() {
        archive_.reset(archive_read_new());
        archive_read_support_format_zip(archive_.get());
        check(archive_read_open_filename(archive_.get(), path_.c_str(), kBlockSize));
    }

    void check(int result) const {
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            fail_with_reason();
        }
    }

    /// Of the codes that libarchive gives, these are the system's own.
    [[noreturn]] void fail_with_reason() const {
        const int code = archive_errno(archive_.get());
        if (code == EIO || code == EMFILE || code == ENFILE || code == ENOMEM || code == EACCES) {
            fail_errno(code, path_.native(), ErrorKind::io);
        }
        meter_.damaged(archive_error_string(archive_.get()));
    }

    /// Goes to the next entry, which gets its name; false at the end.
    bool next_entry() {
        archive_entry* entry = nullptr;
        const int result = archive_read_next_header(archive_.get(), &entry);
        if (result == ARCHIVE_EOF) {
            return false;
        }
        check(result);
        const char* path = archive_entry_pathname(entry);
        name_ = path == nullptr ? "a file without name" : path;
        if (archive_entry_filetype(entry) == AE_IFDIR && !name_.ends_with('/')) {
            name_ += '/';
        }
        return true;
    }

    std::filesystem::path path_;
    Meter meter_;
    Handle<archive, archive_read_free> archive_{};
    std::string name_{};
};

class Metered final : public ByteSource {
public:
    Metered(const std::filesystem::path& path, const OpenLimits& limits, const PlainZip& zip)
        : meter_(meter_of(path, kZip, limits)),
          source_(open_plain_zip(path, zip, std::string(kZip))) {}

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

std::unique_ptr<ByteSource> open_file(const std::filesystem::path& path,
                                      const OpenLimits& limits,
                                      const Member& wanted) {
    const std::string magic = first_bytes(path);
    constexpr std::string_view kEmptyZip = "PK\x05\x06";
    if (magic == "PK\x03\x04" || magic == kEmptyZip) {
        const auto plain = wanted.pattern.empty() ? find_plain_zip(path) : std::nullopt;
        if (plain) {
            return ahead_if_large(std::make_unique<Metered>(path, limits, *plain), path);
        }
        return ahead_if_large(std::make_unique<ZipSource>(path, limits, wanted), path);
    }
    if (magic.starts_with("\x1F\x8B")) {
        return ahead_if_large(std::make_unique<GzipSource>(path, limits), path);
    }
    return std::make_unique<FileSource>(path);
}

}  // namespace isinfetch
