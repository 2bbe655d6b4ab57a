#include "parse/plain_zip.hpp"

#include "parse/open.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/atomic_file.hpp"
#include "util/error.hpp"

#include <zlib.h>

#include <array>
#include <string>

using namespace isinfetch;
using isinfetch::test::TempDir;

namespace {

std::string deflated(std::string_view text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()), '\0');
    std::string input(text);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<unsigned>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<unsigned>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string number(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
        text += static_cast<char>(value >> 8 * i);
    }
    return text;
}

/// An archive of one file, with what may differ between archives.
struct Zip {
    std::string name = "list.xml";
    std::string text = "ISIN\nUS0378331005\n";
    std::uint64_t flags = 0;
    std::uint64_t method = 8;
    std::string descriptor{};  ///< behind the packed bytes
    std::string local_extra{};
    std::string comment{};
    std::string before{};  ///< the first header
    std::uint64_t entries = 1;
    std::string packed{};  ///< when it is not the text

    std::string bytes() const {
        const std::string content = packed.empty() ? deflated(text) : packed;
        const auto crc = crc32(
            0, reinterpret_cast<const Bytef*>(text.data()), static_cast<unsigned>(text.size()));
        const std::string common = number(20, 2) + number(flags, 2) + number(method, 2) +
                                   number(0, 4) + number(crc, 4) + number(content.size(), 4) +
                                   number(text.size(), 4) + number(name.size(), 2);
        const std::string local = before + "PK\3\4" + common + number(local_extra.size(), 2) +
                                  name + local_extra + content + descriptor;
        const std::string central = "PK\1\2" + number(20, 2) + common + number(0, 2) +
                                    number(comment.size(), 2) + number(0, 2) + number(0, 2) +
                                    number(0, 4) + number(before.size(), 4) + name + comment;
        return local + central + "PK\5\6" + number(0, 4) + number(entries, 2) + number(entries, 2) +
               number(central.size(), 4) + number(local.size(), 4) + number(0, 2);
    }
};

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

std::string read_all(ByteSource& source, std::size_t step = 1000) {
    std::string text;
    std::string buffer(step, '\0');
    while (const std::size_t count = source.read(buffer)) {
        text.append(buffer, 0, count);
    }
    return text;
}

std::string large_text() {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        text += "<RefData>" + std::to_string(i * 7919) + "</RefData>";
    }
    return text;
}

}  // namespace

TEST_CASE("a plain zip archive is known by its headers", "[zip]") {
    struct Row {
        Zip zip;
        bool is_plain;
        std::string why;
    };
    const std::vector<Row> rows{
        {{}, true, "as ESMA packs it"},
        {{.flags = 6}, true, "how hard the packer tried"},
        {{.flags = 0x800}, true, "a name in UTF-8"},
        {{.flags = 8, .descriptor = std::string(16, 'd')}, true, "a descriptor"},
        {{.flags = 8, .descriptor = std::string(12, 'd')}, true, "one without magic"},
        {{.local_extra = "extra"}, true, "an extra field"},
        {{.comment = "comment"}, true, "a comment of the file"},
        {{.text = ""}, true, "an empty file"},
        {{.flags = 8}, false, "no descriptor where one should be"},
        {{.descriptor = std::string(16, 'd')}, false, "one where none should be"},
        {{.flags = 8, .descriptor = std::string(24, 'd')}, false, "one of zip64"},
        {{.flags = 1}, false, "encrypted"},
        {{.flags = 0x40}, false, "encrypted well"},
        {{.method = 0}, false, "not packed"},
        {{.method = 9}, false, "packed otherwise"},
        {{.before = "#!"}, false, "something before it"},
        {{.entries = 2}, false, "two files"},
        {{.name = "folder/"}, false, "a folder"},
        {{.name = "__MACOSX/._list.xml"}, false, "what macOS adds"},
        {{.name = ""}, false, "without name"},
    };
    const TempDir directory;
    for (const Row& row : rows) {
        CAPTURE(row.why);
        write_file(directory / "zip", row.zip.bytes());
        const auto found = find_plain_zip(directory / "zip");
        REQUIRE(found.has_value() == row.is_plain);
        if (found) {
            CHECK(read_all(*open_plain_zip(directory / "zip", *found, "zip")) == row.zip.text);
            CHECK(read_all(*open_file(directory / "zip", {})) == row.zip.text);
        }
    }
    write_file(directory / "zip", Zip{}.bytes() + "\n");
    CHECK(!find_plain_zip(directory / "zip"));
    write_file(directory / "zip", "PK");
    CHECK(!find_plain_zip(directory / "zip"));
}

TEST_CASE("a plain zip archive is read in steps of any size", "[slow][zip]") {
    const TempDir directory;
    const Zip zip{.text = large_text()};
    write_file(directory / "zip", zip.bytes());
    for (const std::size_t step : {1U, 7U, 4096U, 1U << 20U}) {
        CAPTURE(step);
        const auto source = open_file(directory / "zip", {});
        CHECK((read_all(*source, step) == zip.text));
        std::array<char, 1> more{};
        CHECK(source->read(more) == 0);
    }
}

TEST_CASE("a plain zip archive with a wrong byte is bad data, or right all the same",
          "[slow][zip]") {
    const TempDir directory;
    const Zip zip{.text = large_text().substr(0, 2000)};
    const std::string bytes = zip.bytes();
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        CAPTURE(at);
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x11);
        write_file(directory / "zip", damaged);
        const auto found = find_plain_zip(directory / "zip");
        if (!found) {
            continue;
        }
        std::string result;
        try {
            result = read_all(*open_plain_zip(directory / "zip", *found, "zip"));
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::data);
            continue;
        }
        CHECK((result == zip.text));
    }
}

TEST_CASE("a plain zip archive is held to its length and its checksum", "[slow][zip]") {
    struct Row {
        Zip zip;
        std::string message;
    };
    const std::string text = "ISIN\n";
    const std::string whole = deflated(text);
    const std::vector<Row> rows{
        {{.text = text, .packed = deflated("ISIM\n")}, "its checksum is wrong"},
        {{.text = text, .packed = deflated("ISIN\n\n")}, "its length is not the one that it says"},
        {{.text = text, .packed = whole.substr(0, whole.size() - 3)}, "ends too early"},
        {{.text = text, .packed = "\x06"}, "no deflate stream"},
        {{.text = text, .packed = "\x03"}, "ends too early"},
    };
    const TempDir directory;
    for (const Row& row : rows) {
        CAPTURE(row.message);
        write_file(directory / "zip", row.zip.bytes());
        CHECK_THROWS_WITH(
            read_all(*open_file(directory / "zip", {})),
            ContainsSubstring("the zip file: damaged: ") && ContainsSubstring(row.message));
    }
    const Zip bomb{.text = std::string(100'000'000, 'x')};
    write_file(directory / "zip", bomb.bytes());
    CHECK_THROWS_WITH(read_all(*open_file(directory / "zip", {}), 1U << 20U),
                      ContainsSubstring("200 times its size"));
}
