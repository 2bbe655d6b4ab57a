// A file that is whole or not there, and of which nothing stays when its writer is killed.
#pragma once

#include "util/directory.hpp"

#include <filesystem>
#include <string>

namespace isinfetch {

/// A file that takes its name only by commit(): fsync, mode 0644 (or another one) whatever the
/// umask, its name, fsync of the directory. Until then it has no name at all, where the file system
/// knows such files; elsewhere a hidden one, `.NAME.isinfetch-XXXXXX`, which the next AtomicFile of
/// the same target removes if nobody is at it. Without commit() nothing stays.
class AtomicFile final : public ByteSink {
public:
    explicit AtomicFile(const std::filesystem::path& target);
    AtomicFile(Directory folder, std::string name);
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile() override;

    void write(std::string_view bytes) override;

    const Directory& folder() const noexcept { return folder_; }

    /// For who writes it otherwise; to be read too.
    int get() const noexcept { return descriptor_.get(); }

    static constexpr mode_t kEverybody = 0644;
    static constexpr mode_t kOwner = 0600;

    /// Replaces what has the name. Throws Error{io}.
    void commit(mode_t mode = kEverybody);

    /// Takes the name if nothing has it; false when something has. File systems that cannot promise
    /// that are trusted to be nobody else's. Throws Error{io}.
    bool commit_new(mode_t mode);

    enum class Owner { stays, may_change };

    /// As commit(), but with the mode and the owner of the file that it replaces, if there is one:
    /// it may hold secrets. Throws Error{permission} where the owner cannot stay and must.
    void commit_as_before(Owner owner = Owner::stays);

private:
    void make_unnamed();
    void make_named();
    void remove_leftovers() const;
    void finish(mode_t mode);
    bool link_to(const std::string& name) const;
    void give_hidden_name();
    void rename_to_target();
    void done();

    Directory folder_;
    std::string name_;
    std::string hidden_{};  ///< its name for now; empty: none
    Descriptor descriptor_{};
};

}  // namespace isinfetch
