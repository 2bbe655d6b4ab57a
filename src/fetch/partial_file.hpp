// The unfinished download of one file: bytes on disk that a later attempt or run goes on with.
#pragma once

#include "fetch/checksum.hpp"
#include "fetch/http.hpp"
#include "util/bytes.hpp"
#include "util/digest.hpp"
#include "util/file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

/// Beside the bytes lies PATH.meta, which says what they are the beginning of. It never describes
/// other bytes than these, whatever instant the process is killed at. One process at a time.
class PartialFile final : public ByteSink {
public:
    /// Takes up what an earlier run left for `url`, if it can be resumed. Makes no file yet.
    /// `announced` says which digest is needed beside SHA-256.
    PartialFile(std::filesystem::path path,
                std::string url,
                const std::optional<Checksum>& announced);

    std::uint64_t size() const noexcept { return size_; }

    /// For If-Range: a strong ETag, else Last-Modified; empty when the bytes cannot be resumed.
    const std::string& resume_if() const noexcept;

    /// Why this 206 does not go on exactly where the bytes end, with the same version of the file;
    /// empty when it does. It must repeat the validator that it was asked under, and must not
    /// contradict anything that was said of the bytes before: ETag, Last-Modified, length.
    std::string why_not(const HttpResponse& response) const;

    /// Takes note of what a 206 says of the whole. REQUIRES that why_not() is empty.
    void resume(const HttpResponse& response);

    /// Bytes of the whole file, as the replies said; none when they did not.
    std::optional<std::uint64_t> length() const noexcept { return length_; }

    /// Are all bytes there that the replies announced? Then only the end of it is missing.
    bool is_complete() const noexcept { return size_ > 0 && length_ == size_; }

    /// Begins anew with the body of `response`.
    void restart(const HttpResponse& response);

    /// Appends. Throws Error{io}; the file is then gone, so that a full disk is relieved.
    void write(std::string_view bytes) override;

    /// Drops bytes and description.
    void remove();

    const std::filesystem::path& path() const noexcept { return path_; }
    const std::string& etag() const noexcept { return etag_; }
    const std::string& last_modified() const noexcept { return last_modified_; }
    std::string_view beginning() const noexcept { return beginning_; }  ///< at most 4 KiB

    /// Digests of all the bytes, each to be asked for once; only restart() or remove() may follow.
    std::string sha256() { return sha256_.hex(); }
    std::string md5() { return md5_ ? md5_->hex() : std::string{}; }

private:
    std::filesystem::path meta_path() const;
    bool read_meta();
    void write_meta() const;
    void take_up();
    void open();
    void forget();
    void note(std::string_view bytes);

    std::filesystem::path path_;
    std::string url_;
    std::string etag_{};
    std::string last_modified_{};
    std::optional<std::uint64_t> length_{};
    Descriptor descriptor_{};
    std::uint64_t size_ = 0;
    std::string beginning_{};
    bool wants_md5_;
    Digest sha256_{Digest::Algorithm::sha256};
    std::optional<Digest> md5_{};
};

/// What was received is in the archive: what is left beside it of its download is of no use.
void remove_partial(const std::filesystem::path& path) noexcept;

/// The first and the last byte and the size of the whole in "bytes 100-199/200" (RFC 9110 §14.4).
struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::optional<std::uint64_t> total{};  ///< none for "*"

    static std::optional<ContentRange> parse(std::string_view text);
};

}  // namespace isinfetch
