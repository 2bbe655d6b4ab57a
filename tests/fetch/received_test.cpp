#include "fetch/received.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/digest.hpp"

#include <fstream>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

struct ReceivedFixture {
    TempDir directory{};
    Archive archive{directory.path()};
    std::string sha256 = hex_digest(Digest::Algorithm::sha256, "bytes");
    RemoteFile file{.name = "list.csv", .url = "https://a.example/1/list.csv"};

    ReceivedFixture() {
        const auto path = directory / "file";
        std::ofstream(path) << "bytes";
        archive.adopt(path, sha256);
    }

    ReceivedFiles notes(KnownBy known_by) const {
        return {directory.path(), "list", archive, known_by};
    }
};

}  // namespace

TEST_CASE_METHOD(ReceivedFixture, "a note says all that a next request needs", "[received]") {
    const ReceivedFiles notes = this->notes(KnownBy::url);
    CHECK_FALSE(notes.find(file));
    const auto when = parse_time("2026-11-23T12:00:00Z");
    notes.add(file, {sha256, 5, "\"one two\"", "Mon, 23 Nov 2026 06:00:00 GMT", when});
    const auto found = notes.find(file);
    REQUIRE(found);
    CHECK(found->sha256 == sha256);
    CHECK(found->bytes == 5);
    CHECK(found->etag == "\"one two\"");
    CHECK(found->last_modified == "Mon, 23 Nov 2026 06:00:00 GMT");
    CHECK(found->when == when);
    CHECK(received_digests(directory.path()) == std::vector{sha256});
    notes.forget_all();
    CHECK_FALSE(notes.find(file));
    CHECK(received_digests(directory.path()).empty());
}

TEST_CASE_METHOD(ReceivedFixture, "a file is known again by its URL or its name", "[received]") {
    const auto known_by = GENERATE(KnownBy::url, KnownBy::name);
    const ReceivedFiles notes = this->notes(known_by);
    notes.add(file, {.sha256 = sha256, .bytes = 5});
    RemoteFile moved = file;
    moved.url = "https://a.example/2/list.csv";
    CHECK(notes.find(moved).has_value() == (known_by == KnownBy::name));
    RemoteFile corrected = file;
    corrected.checksum = "md5:0123";
    CHECK_FALSE(notes.find(corrected));
}

TEST_CASE_METHOD(ReceivedFixture, "a note without its file, or of an older program", "[received]") {
    const ReceivedFiles notes = this->notes(KnownBy::url);
    notes.add(file, {.sha256 = std::string(64, '0'), .bytes = 5});
    CHECK_FALSE(notes.find(file));
    notes.add(file, {.sha256 = sha256, .bytes = 5});
    for (const auto& entry : std::filesystem::directory_iterator(directory / "received" / "list")) {
        std::ofstream(entry.path()) << sha256 + " 5 list.csv\n";
    }
    const auto found = notes.find(file);
    REQUIRE(found);
    CHECK(found->sha256 == sha256);
    CHECK(found->etag.empty());
    CHECK_FALSE(found->when);
}
