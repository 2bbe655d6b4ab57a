#include "util/directory.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/atomic_file.hpp"
#include "util/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace isinfetch;
using isinfetch::test::TempDir;
namespace fs = std::filesystem;

namespace {

unsigned rights_of(const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
}

/// For a while, a umask that takes everything away or nothing.
class Umask {
public:
    explicit Umask(mode_t mask) : before_(umask(mask)) {}
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;
    ~Umask() { umask(before_); }

private:
    mode_t before_;
};

/// Whom a umask may shut out: who is not root could not even open a folder of their own that they
/// have no rights in.
mode_t everybody_else() {
    return geteuid() == 0 ? 0777 : 0077;
}

}  // namespace

TEST_CASE("folders have the rights of the one that they are in, whatever the umask", "[file]") {
    const TempDir root;
    const auto mode = GENERATE(0755U, 0750U, 0700U, 0777U);
    const auto mask = GENERATE(mode_t{0}, everybody_else());
    fs::permissions(root.path(), fs::perms{mode});
    const Umask masked(mask);
    const Directory folder = Directory::make(root / "a/b", 2);
    CHECK(rights_of(root / "a") == (mode & 0755U));
    CHECK(rights_of(root / "a/b") == (mode & 0755U));
    CHECK(folder.file_mode() == (mode & 0644U));
    CHECK(rights_of(root.path()) == mode);
}

TEST_CASE("what is above a program's own folders is made readable", "[file]") {
    const TempDir root;
    const Umask masked(everybody_else());
    Directory::make(root / "x/y/own", 1);
    CHECK(rights_of(root / "x") == 0755U);
    CHECK(rights_of(root / "x/y") == 0755U);
}

TEST_CASE("a file is not opened through a link, a folder only through one's own", "[file]") {
    const TempDir root;
    std::ofstream(root / "victim") << "precious";
    fs::create_symlink(root / "victim", root / "lock");
    const Directory folder(root.path());
    CHECK_THROWS_WITH(folder.open("lock", O_RDWR | O_CREAT, 0644),
                      ContainsSubstring("lock: a link, which is not followed"));
    fs::create_directory(root / "there");
    fs::create_directory_symlink(root / "there", root / "own");
    CHECK_NOTHROW(folder.below("own"));
    if (geteuid() == 0) {
        REQUIRE(lchown((root / "own").c_str(), 54'321, 54'321) == 0);
        CHECK_THROWS_WITH(folder.below("own"),
                          ContainsSubstring("a link that user 54321 has made"));
    }
    CHECK_THROWS_AS(folder.below("victim"), Error);
}

TEST_CASE("a state directory loses rights and is given none", "[file]") {
    struct Row {
        unsigned before;
        std::size_t mode;  ///< index into file_modes()
        unsigned after;
    };
    const auto row = GENERATE(values<Row>({{0755, 0, 0755},
                                           {0755, 1, 0750},
                                           {0755, 2, 0700},
                                           {0700, 0, 0700},
                                           {0775, 0, 0775},
                                           {0777, 2, 0700},
                                           {0777, 1, 0770}}));
    const TempDir root;
    fs::permissions(root.path(), fs::perms{row.before});
    prepare_state_directory(root.path(), file_modes()[row.mode]);
    CHECK(rights_of(root.path()) == row.after);
}

TEST_CASE("a file that must be new replaces nothing", "[file]") {
    const TempDir root;
    AtomicFile first(root / "file");
    AtomicFile second(root / "file");
    CHECK(first.commit_new(0640));
    CHECK_FALSE(second.commit_new(0600));
    CHECK(rights_of(root / "file") == 0640U);
    second.commit(0600);
    CHECK(rights_of(root / "file") == 0600U);
}

TEST_CASE("a name as long as names can be", "[file]") {
    const TempDir root;
    const std::string name(255, 'n');
    for (int i = 0; i < 2; ++i) {
        AtomicFile file(root / name);
        file.commit();
    }
    CHECK(fs::exists(root / name));
    CHECK(std::distance(fs::directory_iterator(root.path()), fs::directory_iterator()) == 1);
}
