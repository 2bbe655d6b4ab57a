#include "util/privilege.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/error.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

using namespace isinfetch;

namespace {

constexpr Identity kRoot{0, 0};
constexpr Identity kService{990, 980};
constexpr Identity kPerson{1000, 1000};

}  // namespace

TEST_CASE("root becomes the one other user to whom what it writes belongs", "[privilege]") {
    struct Row {
        const char* why;
        std::vector<Identity> owners;
        std::optional<Identity> expected;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing is written", {}, std::nullopt},
        {"all is root's", {kRoot, kRoot}, std::nullopt},
        {"the service's", {kService}, kService},
        {"one of root's, one of the service's", {kRoot, kService}, kService},
        {"twice the service's, of two groups", {kService, Identity{990, 5}}, kService},
    }));
    INFO(row.why);
    CHECK(identity_for(row.owners) == row.expected);
}

TEST_CASE("places of two users are refused", "[privilege]") {
    try {
        identity_for(std::array{kService, kRoot, kPerson});
        FAIL("not refused");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::permission);
        CHECK_THAT(error.what(), ContainsSubstring("user 990") && ContainsSubstring("user 1000"));
    }
}

TEST_CASE("what is not there belongs to whom the folder above it belongs", "[privilege]") {
    const test::TempDir directory;
    const Identity me{geteuid(), getegid()};
    CHECK(owner_of_place(directory.path() / "a/b/c") == me);
    std::filesystem::create_symlink("/", directory.path() / "link");
    CHECK(owner_of_place(directory.path() / "link/nothing/there") == kRoot);
    CHECK(owner_of_place(directory.path() / "link").value().user == 0);
}

TEST_CASE("who has become another user has nothing left of root", "[privilege]") {
    if (geteuid() != 0) {
        return;
    }
    constexpr uid_t kUser = 54'321;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        become({kUser, kUser});
        std::array<gid_t, 8> groups{};
        const int count = getgroups(groups.size(), groups.data());
        const bool alone = count == 1 && groups[0] == kUser;
        const bool done = getuid() == kUser && geteuid() == kUser && getgid() == kUser &&
                          getegid() == kUser && setuid(0) != 0;
        _exit(alone && done ? 0 : 1);
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}
