#include "util/publish_file.hpp"

#include "util/atomic_file.hpp"
#include "util/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

/// What a download has left may have been replaced by a link of somebody else.
Descriptor open_itself(const fs::path& file) {
    Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (descriptor.get() < 0) {
        fail_errno(errno, file.native(), ErrorKind::gone);
    }
    return descriptor;
}

void publish_copy(const fs::path& file,
                  const Directory& folder,
                  const std::string& name,
                  mode_t mode) {
    constexpr std::size_t kBlock = std::size_t{256} * 1024;
    AtomicFile copy(folder, name);
    FileSource source(file);
    std::string buffer(kBlock, '\0');
    while (const std::size_t count = source.read(buffer)) {
        copy.write(std::string_view(buffer).substr(0, count));
    }
    copy.commit(mode);
    std::error_code ignored;  // a copy too many is no harm
    fs::remove(file, ignored);
}

}  // namespace

void publish_file(const fs::path& file,
                  const Directory& folder,
                  const std::string& name,
                  mode_t mode) {
    {
        const Descriptor descriptor = open_itself(file);
        sync_file(descriptor.get(), file);
        if (::fchmod(descriptor.get(), mode) != 0) {
            fail_errno(errno, file.native(), ErrorKind::io);
        }
    }
    if (::renameat(AT_FDCWD, file.c_str(), folder.get(), name.c_str()) == 0) {
        sync_file(folder.get(), folder.path());
    } else if (errno == EXDEV) {
        publish_copy(file, folder, name, mode);
    } else {
        fail_errno(errno,
                   fmt::format("{}: rename to {}", file.native(), (folder.path() / name).native()),
                   ErrorKind::io);
    }
}

}  // namespace isinfetch
