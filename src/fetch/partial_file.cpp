#include "fetch/partial_file.hpp"

#include "util/atomic_file.hpp"
#include "util/error.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

namespace isinfetch {

namespace {

constexpr std::string_view kUnit = "bytes ";
constexpr std::size_t kBeginning = 4096;
constexpr std::size_t kBlock = 0x40000;

bool is_strong(std::string_view etag) {
    return !etag.empty() && !etag.starts_with("W/");
}

/// What one reply said of a file and another one says. What was not said before may be new; what is
/// not said again is a difference where it `must_repeat`.
bool differ(const std::string& before, const std::string& now, bool must_repeat) {
    return now.empty() ? must_repeat && !before.empty() : !before.empty() && now != before;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    if (failure != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return value;
}

std::filesystem::path meta_of(const std::filesystem::path& path) {
    return path.native() + ".meta";
}

}  // namespace

// Bytes first: a description without bytes is harmless, and so is what cannot be removed.
void remove_partial(const std::filesystem::path& path) noexcept {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    std::filesystem::remove(meta_of(path), ignored);
}

PartialFile::PartialFile(std::filesystem::path path,
                         std::string url,
                         const std::optional<Checksum>& announced)
    : path_(std::move(path)),
      url_(std::move(url)),
      wants_md5_(announced && announced->algorithm == Digest::Algorithm::md5) {
    forget();
    std::error_code failure;
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path_, unknown);
    // What is no file has been put there by somebody else.
    const bool is_own = std::filesystem::symlink_status(path_, failure).type() ==
                        std::filesystem::file_type::regular;
    if (is_own && !unknown && size > 0 && read_meta() && !resume_if().empty()) {
        take_up();
    } else {
        remove();
    }
}

const std::string& PartialFile::resume_if() const noexcept {
    return is_strong(etag_) ? etag_ : last_modified_;
}

std::string PartialFile::why_not(const HttpResponse& response) const {
    const auto range = ContentRange::parse(response.content_range);
    if (size_ == 0 || !range || range->first != size_) {
        return fmt::format("Content-Range '{}' does not begin at byte {}",
                           printable(response.content_range),
                           size_);
    }
    if (differ(etag_, response.etag, is_strong(etag_))) {
        return fmt::format("ETag '{}', not '{}'", printable(response.etag), printable(etag_));
    }
    if (differ(last_modified_, response.last_modified, !is_strong(etag_))) {
        return fmt::format("Last-Modified '{}', not '{}'",
                           printable(response.last_modified),
                           printable(last_modified_));
    }
    const auto length = range->total ? range->total : length_;
    if (!length || (length_ && length != length_) || range->last >= *length) {
        return fmt::format("Content-Range '{}' of a file of {} bytes",
                           printable(response.content_range),
                           length_ ? std::to_string(*length_) : "unknown");
    }
    return {};
}

// What only a piece told of the whole must be the same in the next one.
void PartialFile::resume(const HttpResponse& response) {
    const auto range = ContentRange::parse(response.content_range);
    if (!length_ && range && range->total) {
        length_ = range->total;
        write_meta();
    }
}

// The old bytes are gone for good before the description of the new ones is there.
void PartialFile::restart(const HttpResponse& response) {
    forget();
    etag_ = response.etag;
    last_modified_ = response.last_modified;
    length_ = response.content_length;
    open();
    if (::ftruncate(descriptor_.get(), 0) != 0) {
        fail_errno(errno, path_.native(), ErrorKind::io);
    }
    sync_file(descriptor_.get(), path_);
    write_meta();
}

void PartialFile::write(std::string_view bytes) {
    try {
        write_all(descriptor_.get(), bytes, path_);
    } catch (const Error&) {
        remove();
        throw;
    }
    note(bytes);
}

void PartialFile::remove() {
    descriptor_ = {};
    remove_partial(path_);
    forget();
}

std::filesystem::path PartialFile::meta_path() const {
    return meta_of(path_);
}

/// False when there is no description, a damaged one, or one of another URL (16 digits of a digest
/// are not the URL itself).
bool PartialFile::read_meta() {
    std::vector<std::pair<std::string, std::string>> pairs;
    try {
        pairs = json_pairs(read_file(meta_path()));
    } catch (const Error&) {
        return false;
    }
    const auto value = [&](std::string_view key) {
        const auto found = std::find_if(
            pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == key; });
        return found == pairs.end() ? std::string{} : found->second;
    };
    etag_ = value("etag");
    last_modified_ = value("last_modified");
    length_ = parse_number(value("length"));
    return value("url_sha256") == hex_digest(Digest::Algorithm::sha256, url_);
}

void PartialFile::write_meta() const {
    AtomicFile meta(meta_path());
    meta.write(json_object({{"url_sha256", hex_digest(Digest::Algorithm::sha256, url_)},
                            {"etag", etag_},
                            {"last_modified", last_modified_},
                            {"length", length_ ? std::to_string(*length_) : ""}}));
    meta.commit();
}

/// The digests need every byte, so what is there is read once.
void PartialFile::take_up() {
    FileSource source(path_);
    std::string block(kBlock, '\0');
    while (const std::size_t count = source.read(block)) {
        note(std::string_view(block).substr(0, count));
    }
    open();
}

void PartialFile::open() {
    constexpr mode_t kOwner = 0600;
    const Directory folder = Directory::make(path_.parent_path(), 2);
    descriptor_ = folder.open(path_.filename(), O_RDWR | O_CREAT | O_APPEND, kOwner);
}

void PartialFile::forget() {
    etag_.clear();
    last_modified_.clear();
    length_.reset();
    size_ = 0;
    beginning_.clear();
    sha256_ = Digest(Digest::Algorithm::sha256);
    md5_.reset();
    if (wants_md5_) {
        md5_.emplace(Digest::Algorithm::md5);
    }
}

void PartialFile::note(std::string_view bytes) {
    const std::size_t wanted = kBeginning - std::min(kBeginning, beginning_.size());
    beginning_ += bytes.substr(0, wanted);
    size_ += bytes.size();
    sha256_.update(bytes);
    if (md5_) {
        md5_->update(bytes);
    }
}

std::optional<ContentRange> ContentRange::parse(std::string_view text) {
    const std::size_t dash = text.find('-');
    const std::size_t slash = text.find('/');
    if (!lower(text).starts_with(kUnit) || dash == std::string_view::npos ||
        slash == std::string_view::npos || slash < dash) {
        return std::nullopt;
    }
    const auto first = parse_number(trim(text.substr(kUnit.size(), dash - kUnit.size())));
    const auto last = parse_number(trim(text.substr(dash + 1, slash - dash - 1)));
    const std::string_view total_text = trim(text.substr(slash + 1));
    const auto total = parse_number(total_text);
    if (!first || !last || *first > *last || (!total && total_text != "*")) {
        return std::nullopt;
    }
    return ContentRange{*first, *last, total};
}

}  // namespace isinfetch
