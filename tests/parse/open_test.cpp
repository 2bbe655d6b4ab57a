#include "parse/open.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/error.hpp"
#include "util/file.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>

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

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

/// Packs `text` as `name` with libarchive; a name that ends in / is a folder before it.
void pack(const std::filesystem::path& path, bool zip, const std::string& text) {
    archive* out = archive_write_new();
    if (zip) {
        archive_write_set_format_zip(out);
    } else {
        archive_write_add_filter_gzip(out);
        archive_write_set_format_raw(out);
    }
    archive_write_open_filename(out, path.c_str());
    archive_entry* entry = archive_entry_new();
    if (zip) {
        archive_entry_set_pathname(entry, "folder/");
        archive_entry_set_filetype(entry, AE_IFDIR);
        archive_write_header(out, entry);
        archive_entry_clear(entry);
    }
    archive_entry_set_pathname(entry, "list.csv");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_write_header(out, entry);
    archive_write_data(out, text.data(), text.size());
    archive_entry_free(entry);
    archive_write_close(out);
    archive_write_free(out);
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

TEST_CASE("what unpacks to too much is refused", "[open]") {
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
