// Root's way to become an ordinary user, and whose a place in the file system is.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <span>

namespace isinfetch {

struct Identity {
    uid_t user = 0;
    gid_t group = 0;

    bool operator==(const Identity&) const = default;
};

/// To whom `path` belongs, links followed; what is not there yet, to whom the nearest folder above
/// it belongs. None when that cannot be found out.
std::optional<Identity> owner_of_place(const std::filesystem::path& path);

/// Whom root is to become before it writes into places that belong to these: the one user among
/// them that is not root; none when all are root's. Throws Error{permission} for two such users:
/// whatever root became, it would leave files in the way of one of them.
std::optional<Identity> identity_for(std::span<const Identity> owners);

/// Becomes that user for good: supplementary groups, group, user, in this order, and HOME, USER and
/// LOGNAME where the system knows the user. To be called by root, while there is one thread. Throws
/// Error{permission} when the system refuses, as it does in a container without CAP_SETUID.
void become(const Identity& identity);

}  // namespace isinfetch
