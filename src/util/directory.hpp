// A folder held open, and what is opened in it: never through a link that somebody else has put
// there.
#pragma once

#include "util/file.hpp"

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace isinfetch {

/// Which rights the files and folders of a store have. `name` is what a configuration calls it.
struct FileModes {
    std::string_view name;
    mode_t files;
    mode_t folders;
    std::string_view readers;  ///< for people
};

/// All that there are, the widest first; that is the default.
std::span<const FileModes> file_modes() noexcept;

class Directory {
public:
    /// Links in `path` are followed: a person has named it. Throws Error{cannot_create} or
    /// Error{permission} that names it, or else what it is `for_what`.
    explicit Directory(const std::filesystem::path& path, const std::string& for_what = {});

    /// The folder `path`, whose last `own` parts are this program's: each is made if need be, with
    /// the rights of the folder that it is in, and looked at. What is above is as a person made it.
    /// Throws as below() does.
    static Directory make(const std::filesystem::path& path, int own);

    /// The folder `name` in this one, made if need be. A link is followed only if it belongs to the
    /// user, to root, or to whom the first folder belongs; the folder has to belong to one of them
    /// too. Throws Error{permission} that names what is in the way, or Error{cannot_create}.
    Directory below(const std::string& name) const;

    /// A regular file in this folder; `flags` as open(2) has them. Links are not followed, and the
    /// file has to belong as below() says. Throws likewise.
    Descriptor open(const std::string& name, int flags, mode_t mode) const;

    /// Throws Error{permission} for a link of that name which may not be followed; see below().
    void refuse_foreign_link(const std::string& name) const;

    int get() const noexcept { return descriptor_->get(); }
    const std::filesystem::path& path() const noexcept { return path_; }

    /// For a new file: read by whom the folder lets in, written by its owner.
    mode_t file_mode() const;

private:
    Directory(std::filesystem::path path, Descriptor descriptor, uid_t owner);

    void check(int descriptor, const std::filesystem::path& path) const;
    bool is_trusted(uid_t user) const noexcept;

    std::filesystem::path path_;
    std::shared_ptr<const Descriptor> descriptor_;
    uid_t owner_ = 0;  ///< of the folder that a person has named
};

/// Makes the state directory and its parents, if need be; one that is there and this user's loses
/// the rights of whom `modes` does not let in. Throws as make_directories().
void prepare_state_directory(const std::filesystem::path& directory, const FileModes& modes);

}  // namespace isinfetch
