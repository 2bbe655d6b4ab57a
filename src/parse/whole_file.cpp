#include "parse/whole_file.hpp"

#include "parse/open.hpp"
#include "parse/zip_directory.hpp"
#include "util/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::size_t kBlock = std::size_t{256} * 1024;

/// Source: ECMA-376-2, §10.1.2.3: the part that every package has.
bool is_package(const std::filesystem::path& path, const std::string& name) {
    const std::vector<ZipEntry> entries = read_zip_directory(path, name);
    return std::ranges::any_of(
        entries, [](const ZipEntry& entry) { return entry.name == "[Content_Types].xml"; });
}

}  // namespace

WholeFile::WholeFile(const std::filesystem::path& downloaded,
                     const OpenLimits& limits,
                     const Member& wanted)
    : name_("the file"), limits_(limits), path_(downloaded) {
    const std::string magic = read_piece(downloaded, 0, 4);
    const bool is_zip = magic.starts_with("PK\x03\x04") || magic.starts_with("PK\x05\x06");
    const bool is_packed = magic.starts_with("\x1F\x8B") || (is_zip && !is_package(path_, name_));
    if (!is_packed) {
        return;
    }
    make_file(downloaded.parent_path());
    const auto source = open_file(downloaded, limits, wanted);
    std::vector<char> buffer(kBlock);
    while (const std::size_t count = source->read(buffer)) {
        write_all(unpacked_.get(), {buffer.data(), count}, downloaded);
    }
}

WholeFile::Name::~Name() {
    if (!path.empty()) {
        ::unlink(path.c_str());
    }
}

/// Without a name, so that none stays behind; but where there is no /proc, only a name leads to it.
void WholeFile::make_file(const std::filesystem::path& directory) {
    unpacked_ = make_unnamed_file(directory);
    path_ = fmt::format("/proc/self/fd/{}", unpacked_.get());
    if (::access(path_.c_str(), F_OK) == 0) {
        return;
    }
    std::string name = (directory / ".unpacked-XXXXXX").string();
    unpacked_ = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (unpacked_.get() < 0) {
        fail_errno(errno, directory.string(), ErrorKind::cannot_create);
    }
    name_beside_.path = name;
    path_ = name;
}

}  // namespace isinfetch
