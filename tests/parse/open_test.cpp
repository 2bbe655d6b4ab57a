#include "parse/open.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/atomic_file.hpp"
#include "util/error.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <array>
#include <utility>
#include <vector>

using namespace isinfetch;
using isinfetch::test::TempDir;

namespace {

std::string read_all(const std::filesystem::path& path, const OpenLimits& limits = {}) {
    const auto source = open_file(path, limits);
    std::string text;
    std::array<char, 1000> buffer{};
    while (const std::size_t count = source->read(buffer)) {
        text.append(buffer.data(), count);
    }
    return text;
}

std::string read_member(const std::filesystem::path& path, const Member& wanted) {
    const auto source = open_file(path, {}, wanted);
    std::array<char, 1000> buffer{};
    return {buffer.data(), source->read(buffer)};
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

using Entries = std::vector<std::pair<std::string, std::string>>;

/// A zip file of entries (name, text); a name that ends in / is a folder.
void pack_zip(const std::filesystem::path& path, const Entries& entries) {
    archive* out = archive_write_new();
    archive_write_set_format_zip(out);
    archive_write_open_filename(out, path.c_str());
    for (const auto& [name, text] : entries) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
        archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
        archive_write_header(out, entry);
        archive_write_data(out, text.data(), text.size());
        archive_entry_free(entry);
    }
    archive_write_close(out);
    archive_write_free(out);
}

void pack_gzip(const std::filesystem::path& path, std::string_view text) {
    gzFile out = gzopen(path.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
}

void pack(const std::filesystem::path& path, bool zip, const std::string& text) {
    if (zip) {
        pack_zip(path, {{"folder/", ""}, {"list.csv", text}});
    } else {
        pack_gzip(path, text);
    }
}

/// What reading `bytes` as a file gives, or the kind of its failure.
std::string read_or_fail(const std::filesystem::path& path, std::string_view bytes) {
    write_file(path, bytes);
    try {
        return read_all(path);
    } catch (const Error& error) {
        return "<" + std::string(name(error.kind())) + ">";
    }
}

std::string sample() {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += std::to_string(i * 7919) + ",row\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a file is read whatever it is packed in and however it is named", "[open]") {
    const TempDir directory;
    const std::string text = sample();
    write_file(directory / "plain", text);
    pack(directory / "zipped", true, text);
    pack(directory / "gzipped", false, text);
    CHECK(read_all(directory / "plain") == text);
    CHECK(read_all(directory / "zipped") == text);
    CHECK(read_all(directory / "gzipped") == text);
}

TEST_CASE("packed files that are cut or damaged are bad data", "[open]") {
    const TempDir directory;
    for (const bool zip : {true, false}) {
        CAPTURE(zip);
        pack(directory / "packed", zip, sample());
        const std::string bytes = read_file(directory / "packed");
        write_file(directory / "cut", bytes.substr(0, bytes.size() / 2));
        CHECK_THROWS_AS(read_all(directory / "cut"), Error);
        std::string damaged = bytes;
        damaged[bytes.size() / 2] = static_cast<char>(damaged[bytes.size() / 2] ^ 0x55);
        write_file(directory / "damaged", damaged);
        CHECK_THROWS_AS(read_all(directory / "damaged"), Error);
    }
}

TEST_CASE("a packed file cut at any byte is whole or bad data", "[slow][open]") {
    const TempDir directory;
    const std::string text = sample();
    for (const bool zip : {true, false}) {
        pack(directory / "packed", zip, text);
        const std::string bytes = read_file(directory / "packed");
        for (std::size_t length = 4; length < bytes.size(); length += length < 200 ? 1 : 997) {
            CAPTURE(zip, length);
            const std::string result = read_or_fail(directory / "cut", bytes.substr(0, length));
            CHECK((result == "<data>" || (zip && result == text)));
        }
        for (std::size_t missing = 1; missing < 30; ++missing) {
            CAPTURE(zip, missing);
            const auto cut = std::string_view(bytes).substr(0, bytes.size() - missing);
            const std::string result = read_or_fail(directory / "cut", cut);
            CHECK((result == "<data>" || (zip && result == text)));
        }
    }
}

TEST_CASE("a gzip file is held to its checksum and its length", "[open]") {
    const TempDir directory;
    pack_gzip(directory / "packed", "A\n");
    const std::string bytes = read_file(directory / "packed");
    for (std::size_t from_end = 1; from_end <= 8; ++from_end) {
        CAPTURE(from_end);
        std::string damaged = bytes;
        damaged[bytes.size() - from_end] ^= 0x10;
        CHECK(read_or_fail(directory / "damaged", damaged) == "<data>");
    }
}

TEST_CASE("what follows a gzip file", "[open]") {
    const TempDir directory;
    pack_gzip(directory / "packed", "A\n");
    const std::string bytes = read_file(directory / "packed");
    const std::string zeros(1000, '\0');
    CHECK(read_or_fail(directory / "two", bytes + bytes) == "A\nA\n");
    CHECK(read_or_fail(directory / "padded", bytes + zeros) == "A\n");
    CHECK(read_or_fail(directory / "garbage", bytes + "garbage") == "<data>");
    CHECK(read_or_fail(directory / "one byte", bytes + "\x1F") == "<data>");
    CHECK(read_or_fail(directory / "late", bytes + zeros + "x") == "<data>");
    CHECK(read_or_fail(directory / "cut", bytes + bytes.substr(0, 9)) == "<data>");
    CHECK_THROWS_WITH(
        read_all(directory / "garbage"),
        ContainsSubstring("the gzip file: damaged: something that is no gzip follows"));
}

TEST_CASE("a zip file without its directory was cut", "[open]") {
    const TempDir directory;
    pack_zip(directory / "zip", {{"a.csv", "A\n"}});
    const std::string bytes = read_file(directory / "zip");
    write_file(directory / "cut", bytes.substr(0, bytes.find("PK\1\2")));
    CHECK_THROWS_WITH(read_all(directory / "cut"),
                      ContainsSubstring("the directory at its end is missing: was it cut?"));
}

TEST_CASE("a zip file holds one list, not parts of one", "[open]") {
    const TempDir directory;
    pack_zip(directory / "two", {{"a.csv", "A\n"}, {"b.csv", "B\n"}});
    CHECK_THROWS_WITH(read_all(directory / "two"),
                      ContainsSubstring("2 files that may be the list, 'a.csv', 'b.csv'"));
    CHECK(read_or_fail(directory / "two", read_file(directory / "two")) == "<protocol>");
    CHECK(read_member(directory / "two", {.pattern = "B.*"}) == "B\n");
    pack_zip(directory / "readme", {{"README.txt", "Terms"}, {"list/a.csv", "A\n"}});
    CHECK(read_all(directory / "readme") == "A\n");
    pack_zip(directory / "mac", {{"d/", ""}, {"d/a.csv", "A\n"}, {"__MACOSX/d/._a.csv", "x"}});
    CHECK(read_all(directory / "mac") == "A\n");
    pack_zip(directory / "mac", {{"__MACOSX/._a.csv", "x"}, {"a.csv", "A\n"}});
    CHECK(read_all(directory / "mac") == "A\n");
}

TEST_CASE("a packed file is unpacked once", "[open]") {
    const TempDir directory;
    pack_gzip(directory / "inner", "A\n");
    const std::string inner = read_file(directory / "inner");
    pack(directory / "outer", true, inner);
    CHECK(read_all(directory / "outer") == inner);
    pack(directory / "outer", false, inner);
    CHECK(read_all(directory / "outer") == inner);
}

TEST_CASE("packed nothing", "[open]") {
    const TempDir directory;
    pack_zip(directory / "empty", {});
    CHECK_THROWS_WITH(read_all(directory / "empty"), ContainsSubstring("nothing is packed in it"));
    CHECK(read_or_fail(directory / "empty", read_file(directory / "empty")) == "<data>");
    pack_zip(directory / "folder", {{"folder/", ""}});
    CHECK_THROWS_WITH(read_all(directory / "folder"), ContainsSubstring("nothing is packed"));
    pack_zip(directory / "blank", {{"a.csv", ""}});
    CHECK(read_all(directory / "blank").empty());
    pack_gzip(directory / "blank", "");
    CHECK(read_all(directory / "blank").empty());
    CHECK(read_or_fail(directory / "nothing", "").empty());
    CHECK(read_or_fail(directory / "magic", "\x1F\x8B") == "<data>");
    CHECK(read_or_fail(directory / "magic", "PK\x03\x04") == "<data>");
}

TEST_CASE("what unpacks to too much is refused", "[slow][open]") {
    const TempDir directory;
    pack(directory / "bomb", false, std::string(100'000'000, 'x'));
    CHECK_THROWS_WITH(read_all(directory / "bomb"), ContainsSubstring("200 times its size"));
    CHECK_THROWS_WITH(read_all(directory / "bomb", {.max_bytes = 1000}),
                      ContainsSubstring("more than 1000 bytes"));
}

TEST_CASE("a missing file is gone", "[open]") {
    const TempDir directory;
    CHECK_THROWS_WITH(open_file(directory / "nothing", {}), ContainsSubstring("nothing"));
}
