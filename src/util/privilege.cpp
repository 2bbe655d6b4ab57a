#include "util/privilege.hpp"

#include "util/error.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace isinfetch {

namespace {

/// What of passwd(5) is needed here.
struct Account {
    std::string name{};
    std::string home{};
    gid_t group = 0;
};

std::optional<Account> account_of(uid_t user) {
    constexpr std::size_t kMostBytes = 16384;
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, kMostBytes> buffer{};
    if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) != 0 || !found) {
        return std::nullopt;
    }
    return Account{.name = entry.pw_name, .home = entry.pw_dir, .group = entry.pw_gid};
}

void insist(bool done, const char* step, uid_t user) {
    if (!done) {
        fail_errno(errno, fmt::format("{}: cannot become user {}", step, user), ErrorKind::os);
    }
}

/// Groups first: without root's rights they could not be changed any more.
void give_up_root(const Identity& identity, const std::optional<Account>& account) {
    const auto [user, fallback] = identity;
    const gid_t group = account ? account->group : fallback;
    const bool grouped =
        account ? ::initgroups(account->name.c_str(), group) == 0 : ::setgroups(1, &group) == 0;
    insist(grouped, "setgroups", user);
    insist(::setresgid(group, group, group) == 0, "setgid", user);
    insist(::setresuid(user, user, user) == 0, "setuid", user);
    if (::setuid(0) == 0 || ::geteuid() != user) {
        fail(ErrorKind::os, "setuid: user {} could become root again", user);
    }
}

}  // namespace

std::optional<Identity> owner_of_place(const std::filesystem::path& path) {
    std::filesystem::path place = std::filesystem::absolute(path).lexically_normal();
    struct stat status {};
    while (::stat(place.c_str(), &status) != 0) {
        if ((errno != ENOENT && errno != ENOTDIR) || place == place.parent_path()) {
            return std::nullopt;
        }
        place = place.parent_path();
    }
    return Identity{status.st_uid, status.st_gid};
}

std::optional<Identity> identity_for(std::span<const Identity> owners) {
    std::optional<Identity> only;
    for (const Identity& owner : owners) {
        if (owner.user == 0) {
            continue;
        }
        if (only && only->user != owner.user) {
            fail(ErrorKind::permission,
                 "what is to be written belongs to user {} here and to user {} there: do it as a "
                 "user who may write both",
                 only->user,
                 owner.user);
        }
        only = only.value_or(owner);
    }
    return only;
}

void become(const Identity& identity) {
    const auto account = account_of(identity.user);
    try {
        give_up_root(identity, account);
    } catch (const Error& error) {
        fail(ErrorKind::permission, "{}", error.what());
    }
    if (account) {
        ::setenv("HOME", account->home.c_str(), 1);
        ::setenv("USER", account->name.c_str(), 1);
        ::setenv("LOGNAME", account->name.c_str(), 1);
    }
}

}  // namespace isinfetch
