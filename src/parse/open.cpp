#include "parse/open.hpp"

#include "util/error.hpp"
#include "util/file.hpp"
#include "util/handle.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace isinfetch {

namespace {

constexpr std::size_t kBlockSize = std::size_t{256} * 1024;

/// Small files may be packed very well without being a bomb.
constexpr std::uint64_t kRatioFrom = std::uint64_t{64} * 1024 * 1024;

std::string first_bytes(const std::filesystem::path& path) {
    std::array<char, 4> buffer{};
    FileSource source(path);
    return {buffer.data(), source.read(buffer)};
}

/// Counts unpacked bytes against the limits.
class Meter {
public:
    Meter(const std::filesystem::path& path, const OpenLimits& limits)
        : path_(path.native()), limits_(limits), packed_(std::filesystem::file_size(path)) {}

    const std::string& path() const noexcept { return path_; }

    std::size_t count(std::size_t bytes) {
        taken_ += bytes;
        const double ratio = static_cast<double>(taken_) / static_cast<double>(packed_);
        if (taken_ > limits_.max_bytes || (taken_ > kRatioFrom && ratio > limits_.max_ratio)) {
            fail(ErrorKind::data,
                 "{}: unpacks to more than {} bytes or {:g} times its size",
                 path_,
                 limits_.max_bytes,
                 limits_.max_ratio);
        }
        return bytes;
    }

    [[noreturn]] void damaged(const char* why) const {
        fail(ErrorKind::data, "{}: damaged: {}", path_, why == nullptr ? "unknown" : why);
    }

private:
    std::string path_;
    OpenLimits limits_;
    std::uint64_t packed_;
    std::uint64_t taken_ = 0;
};

/// By zlib itself: libarchive 3.6 does not check the CRC at the end of a gzip file.
class GzipSource final : public ByteSource {
public:
    GzipSource(const std::filesystem::path& path, const OpenLimits& limits)
        : meter_(path, limits), file_(gzopen(path.c_str(), "rb")) {
        if (!file_) {
            fail_errno(errno, path.native(), ErrorKind::gone);
        }
        gzbuffer(file_.get(), kBlockSize);
    }

    std::size_t read(std::span<char> buffer) override {
        const auto wanted = static_cast<unsigned>(std::min(buffer.size(), kBlockSize));
        const int count = gzread(file_.get(), buffer.data(), wanted);
        int problem = Z_OK;
        const char* why = gzerror(file_.get(), &problem);
        if (count < 0 || (count == 0 && problem != Z_OK)) {
            meter_.damaged(why);
        }
        return meter_.count(static_cast<std::size_t>(count));
    }

private:
    Meter meter_;
    Handle<gzFile_s, gzclose> file_;
};

class ZipSource final : public ByteSource {
public:
    ZipSource(const std::filesystem::path& path, const OpenLimits& limits)
        : meter_(path, limits), archive_(archive_read_new()) {
        archive_read_support_format_zip(archive_.get());
        check(archive_read_open_filename(archive_.get(), path.c_str(), kBlockSize));
        to_first_file();
    }

    std::size_t read(std::span<char> buffer) override {
        const la_ssize_t count = archive_read_data(archive_.get(), buffer.data(), buffer.size());
        if (count < 0) {
            meter_.damaged(archive_error_string(archive_.get()));
        }
        return meter_.count(static_cast<std::size_t>(count));
    }

private:
    void check(int result) const {
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            meter_.damaged(archive_error_string(archive_.get()));
        }
    }

    void to_first_file() {
        archive_entry* entry = nullptr;
        do {
            const int result = archive_read_next_header(archive_.get(), &entry);
            if (result == ARCHIVE_EOF) {
                meter_.damaged("nothing is packed in it");
            }
            check(result);
        } while (archive_entry_filetype(entry) == AE_IFDIR);
    }

    Meter meter_;
    Handle<archive, archive_read_free> archive_;
};

}  // namespace

std::unique_ptr<ByteSource> open_file(const std::filesystem::path& path, const OpenLimits& limits) {
    const std::string magic = first_bytes(path);
    if (magic == "PK\x03\x04") {
        return std::make_unique<ZipSource>(path, limits);
    }
    if (magic.starts_with("\x1F\x8B")) {
        return std::make_unique<GzipSource>(path, limits);
    }
    return std::make_unique<FileSource>(path);
}

}  // namespace isinfetch
