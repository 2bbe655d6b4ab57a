#include "util/output_file.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

using namespace isinfetch;
using isinfetch::test::TempDir;
using Kind = OutputPlace::Kind;

namespace {

void write_out(const std::filesystem::path& path, std::string_view text) {
    OutputFile file(find_output(path));
    file.write(text);
    file.commit();
}

}  // namespace

TEST_CASE("what a path for output leads to", "[file]") {
    const TempDir directory;
    const auto at = [&](const char* name) { return directory / name; };
    write_out(at("file"), "old");
    std::filesystem::create_symlink("file", at("to-file"));
    std::filesystem::create_symlink(at("to-file"), at("to-link"));
    std::filesystem::create_symlink("later", at("to-nothing"));
    std::filesystem::create_symlink("/dev/null", at("to-device"));
    std::filesystem::create_symlink("/dev/stdout", at("to-stdout"));
    REQUIRE(::mkfifo(at("fifo").c_str(), 0600) == 0);
    struct Row {
        std::filesystem::path named;
        Kind kind;
        std::filesystem::path path;
        std::optional<int> descriptor;
    };
    const std::array rows{
        Row{at("new"), Kind::absent, at("new"), {}},
        Row{at("file"), Kind::file, at("file"), {}},
        Row{at("to-file"), Kind::file, at("file"), {}},
        Row{at("to-link"), Kind::file, at("file"), {}},
        Row{at("to-nothing"), Kind::absent, at("later"), {}},
        Row{"/dev/null", Kind::stream, "/dev/null", {}},
        Row{at("to-device"), Kind::stream, at("to-device"), {}},
        Row{at("fifo"), Kind::stream, at("fifo"), {}},
        Row{"/dev/stdout", Kind::stream, "/dev/stdout", 1},
        Row{"/dev/fd/7", Kind::stream, "/dev/fd/7", 7},
        Row{"/proc/self/fd/7", Kind::stream, "/proc/self/fd/7", 7},
        Row{at("to-stdout"), Kind::stream, at("to-stdout"), 1},
    };
    for (const Row& row : rows) {
        const OutputPlace place = find_output(row.named);
        INFO(row.named);
        CHECK(place.kind == row.kind);
        CHECK(place.path == row.path);
        CHECK(place.descriptor == row.descriptor);
    }
}

TEST_CASE("what cannot be written is told before anything is made", "[file]") {
    const TempDir directory;
    std::filesystem::create_symlink("round", directory / "round");
    for (const auto& path : {directory.path(), directory / "round"}) {
        INFO(path);
        CHECK_THROWS_AS(find_output(path), Error);
    }
}

TEST_CASE("a file that a link leads to is replaced, and the link stays", "[file]") {
    const TempDir directory;
    write_out(directory / "file", "old");
    REQUIRE(::chmod((directory / "file").c_str(), 0640) == 0);
    std::filesystem::create_symlink("file", directory / "link");
    write_out(directory / "link", "new");
    CHECK(std::filesystem::is_symlink(directory / "link"));
    CHECK(read_file(directory / "file") == "new");
    struct stat status {};
    REQUIRE(::stat((directory / "file").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0640);
}

TEST_CASE("a descriptor is written where it stands", "[file]") {
    const TempDir directory;
    write_out(directory / "file", "before ");
    const Descriptor open(::open((directory / "file").c_str(), O_WRONLY | O_CLOEXEC));
    REQUIRE(::lseek(open.get(), 0, SEEK_END) == 7);
    write_out(fmt::format("/dev/fd/{}", open.get()), "between ");
    write_all(open.get(), "behind", directory / "file");
    CHECK(read_file(directory / "file") == "before between behind");
}

TEST_CASE("a FIFO gets what it is given, and stays one", "[file]") {
    const TempDir directory;
    const auto fifo = directory / "fifo";
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    std::string text;
    std::thread reader([&] { text = read_file(fifo); });
    {
        OutputFile file(find_output(fifo));
        file.write("through");
        file.commit();
    }
    reader.join();
    CHECK(text == "through");
    CHECK(std::filesystem::is_fifo(fifo));
}

TEST_CASE("a file for its owner alone is one from the beginning", "[file]") {
    const TempDir directory;
    OutputFile file(find_output(directory / "secret"));
    file.write("x");
    file.commit(AtomicFile::kOwner);
    struct stat status {};
    REQUIRE(::stat((directory / "secret").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600);
}
