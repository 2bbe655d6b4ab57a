#include "fetch/archive.hpp"

#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/publish_file.hpp"

#include <fmt/format.h>

#include <system_error>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

/// A link is none: this program makes no links.
bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::symlink_status(path, ignored).type() == fs::file_type::regular;
}

/// archive/ab or quarantine/SOURCE. A file synced into a folder is lost all the same when the
/// folder's own name is not.
Directory durable_directory(const fs::path& directory) {
    std::error_code ignored;
    const bool is_there = fs::is_directory(directory, ignored);
    Directory folder = Directory::make(directory, 2);
    if (!is_there) {
        sync_directory(directory.parent_path());
        sync_directory(directory.parent_path().parent_path());
    }
    return folder;
}

void move_to(const fs::path& target, const fs::path& file) {
    const Directory folder = durable_directory(target.parent_path());
    publish_file(file, folder, target.filename(), folder.file_mode());
}

fs::path quarantine_path(const fs::path& root, std::string_view source, std::string_view sha256) {
    return root / "quarantine" / source / sha256;
}

/// Digests have one length, so the name says which file it is whatever source it was kept for.
std::optional<fs::path> find_quarantined(const fs::path& root, std::string_view sha256) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(root / "quarantine", none)) {
        if (fs::path path = entry.path() / sha256; is_file(path)) {
            return path;
        }
    }
    return std::nullopt;
}

}  // namespace

fs::path Archive::path(std::string_view sha256) const {
    return root_ / "archive" / sha256.substr(0, 2) / sha256;
}

std::optional<fs::path> Archive::find(std::string_view sha256) const {
    if (fs::path archived = path(sha256); is_file(archived)) {
        return archived;
    }
    return find_quarantined(root_, sha256);
}

fs::path Archive::adopt(const fs::path& file, std::string_view sha256) const {
    fs::path target = path(sha256);
    move_to(target, file);
    return target;
}

fs::path Archive::quarantine(std::string_view source, std::string_view sha256) const {
    const fs::path archived = path(sha256);
    fs::path target = quarantine_path(root_, source, sha256);
    if (is_file(archived)) {
        move_to(target, archived);
    } else if (!is_file(target)) {
        fail(ErrorKind::gone, "{}: not in the archive", archived.native());
    }
    return target;
}

void Archive::release(std::string_view source, std::string_view sha256) const {
    if (const fs::path aside = quarantine_path(root_, source, sha256); is_file(aside)) {
        adopt(aside, sha256);
    }
}

fs::path Archive::partial(std::string_view source, std::string_view url) const {
    const std::string digest = hex_digest(Digest::Algorithm::sha256, url).substr(0, 16);
    return root_ / "partial" / source / (digest + ".part");
}

}  // namespace isinfetch
