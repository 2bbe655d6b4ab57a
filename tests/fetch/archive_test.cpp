#include "fetch/archive.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/error.hpp"
#include "util/file.hpp"

#include <fstream>

using namespace isinfetch;
namespace fs = std::filesystem;

namespace {

const std::string kDigest = std::string(62, 'b') + "cd";

struct ArchiveFixture {
    test::TempDir directory;
    Archive archive{directory.path()};

    fs::path file(const std::string& name, const std::string& text) const {
        std::ofstream(directory / name) << text;
        return directory / name;
    }
};

}  // namespace

TEST_CASE_METHOD(ArchiveFixture, "an adopted file is found by its digest", "[archive]") {
    CHECK(!archive.find(kDigest));
    const fs::path adopted = archive.adopt(file("new", "list"), kDigest);
    CHECK(adopted == directory.path() / "archive" / "bb" / kDigest);
    CHECK(archive.find(kDigest) == adopted);
    CHECK(read_file(adopted) == "list");
    CHECK(!fs::exists(directory / "new"));
}

TEST_CASE_METHOD(ArchiveFixture,
                 "an adopted file is read by whom its folder lets in",
                 "[archive]") {
    const auto folder = GENERATE(fs::perms{0755}, fs::perms{0750}, fs::perms{0700});
    fs::permissions(directory.path(), folder);
    const fs::path adopted = archive.adopt(file("new", "list"), kDigest);
    CHECK(fs::status(adopted.parent_path()).permissions() == folder);
    CHECK(fs::status(adopted).permissions() == (folder & fs::perms{0644}));
}

TEST_CASE_METHOD(ArchiveFixture, "adopting the same bytes twice does no harm", "[archive]") {
    archive.adopt(file("one", "list"), kDigest);
    archive.adopt(file("two", "list"), kDigest);
    CHECK(read_file(archive.path(kDigest)) == "list");
}

TEST_CASE_METHOD(ArchiveFixture, "a quarantined file is aside, yet found", "[archive]") {
    archive.adopt(file("new", "list"), kDigest);
    const fs::path aside = archive.quarantine("source", kDigest);
    CHECK(aside == directory.path() / "quarantine" / "source" / kDigest);
    CHECK(!fs::exists(archive.path(kDigest)));
    CHECK(archive.find(kDigest) == aside);
    SECTION("also when it is told so again") {
        CHECK(archive.quarantine("source", kDigest) == aside);
    }
    SECTION("until it is released") {
        archive.release("source", kDigest);
        CHECK(archive.find(kDigest) == archive.path(kDigest));
        CHECK(!fs::exists(aside));
    }
}

TEST_CASE_METHOD(ArchiveFixture, "what is not there is not released", "[archive]") {
    archive.release("source", kDigest);
    CHECK(!archive.find(kDigest));
}

TEST_CASE_METHOD(ArchiveFixture, "what is not there cannot be quarantined", "[archive]") {
    try {
        archive.quarantine("source", kDigest);
        FAIL("quarantined nothing");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::gone);
    }
}

TEST_CASE_METHOD(ArchiveFixture, "an empty digest finds nothing", "[archive]") {
    archive.adopt(file("new", "list"), kDigest);
    CHECK(!archive.find(""));
}

TEST_CASE_METHOD(ArchiveFixture, "unfinished downloads of two URLs lie apart", "[archive]") {
    const fs::path one = archive.partial("source", "https://a.org/x?token=hunter2");
    CHECK(one.parent_path() == directory.path() / "partial" / "source");
    CHECK(one.filename().native().size() == 16 + 5);
    CHECK(one != archive.partial("source", "https://a.org/y"));
    CHECK(one != archive.partial("other", "https://a.org/x?token=hunter2"));
    CHECK_THAT(one.native(), !ContainsSubstring("hunter2"));
}
