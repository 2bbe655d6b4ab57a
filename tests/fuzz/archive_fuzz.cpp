// Any bytes as a packed file, or as one whose structure is right but for what the bytes say:
// nothing comes of it but what is packed, within its limits, or an Error. For libFuzzer.
#include "parse/open.hpp"
#include "require.hpp"
#include "support/memory_file.hpp"
#include "support/zip_bytes.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

constexpr std::uint64_t kMost = 100'000;
constexpr std::size_t kEnd = 22;  // bytes of the record at the end of a zip file

/// Takes bytes off the front, as a program of the fuzzer's.
class Script {
public:
    explicit Script(std::string_view bytes) : rest_(bytes) {}

    std::uint8_t byte() {
        const std::uint8_t first = rest_.empty() ? 0 : static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(rest_.empty() ? 0 : 1);
        return first;
    }

    std::string text(std::size_t length) {
        const std::string taken(rest_.substr(0, length));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    bool is_over() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

/// A zip file with some files, names and habits as told, and some bytes of its headers changed: the
/// sizes, offsets and checksums that byte after byte are hard to hit.
std::string told_zip(Script& script) {
    ZipParts parts;
    const int count = script.byte() % 4;
    for (int i = 0; i < count; ++i) {
        const std::string name = script.text(script.byte() % 16);
        const std::string text = script.text(script.byte());
        std::string body;
        for (int times = 1 + script.byte() * 4; times > 0 && body.size() < kMost * 2; --times) {
            body += text;
        }
        parts.emplace_back(name, body);
    }
    const std::uint8_t habits = script.byte();
    std::string archive = zip_bytes(parts,
                                    {.flags = habits & 0x0FU,
                                     .method = (habits & 0x10U) != 0 ? 0U : 8U,
                                     .large_sizes = (habits & 0x20U) != 0});
    while (!script.is_over()) {
        // From the end, where the directory is, or from the front, where the first header is.
        const std::uint8_t place = script.byte();
        const std::size_t at =
            place < 0x80 ? place : archive.size() - std::min(archive.size(), kEnd + 0xFFU - place);
        if (at < archive.size()) {
            archive[at] = static_cast<char>(script.byte());
        }
    }
    return archive;
}

/// A member of gzip, whose fields the bytes tell.
std::string told_gzip(Script& script) {
    const std::uint8_t flags = script.byte();
    const std::string text = script.text(script.byte());
    std::string packed = "\x1F\x8B\x08" + std::string(1, static_cast<char>(flags)) + script.text(6);
    packed.resize(10);
    packed += deflated(text);
    const auto checksum =
        crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<unsigned>(text.size()));
    packed += little(checksum ^ script.byte(), 4) + little(text.size() ^ script.byte(), 4);
    return packed + script.text(0x1000);
}

std::string made(std::string_view bytes) {
    Script script(bytes);
    switch (script.byte() % 3) {
        case 0:
            return std::string(bytes.substr(std::min<std::size_t>(1, bytes.size())));
        case 1:
            return told_zip(script);
        default:
            return told_gzip(script);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes = made({reinterpret_cast<const char*>(data), size});
    const MemoryFile file(bytes);
    try {
        const auto source = open_file(file.path(), {.max_bytes = kMost}, {.format = "csv"});
        std::string buffer(1 + size % 5000, '\0');
        std::uint64_t total = 0;
        while (const std::size_t count = source->read(buffer)) {
            require(count <= buffer.size());
            total += count;
        }
        require(total <=
                std::max<std::uint64_t>(kMost, bytes.size()));  // what is not packed is as it is
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::data || error.kind() == ErrorKind::protocol);
        require(is_utf8(error.what()));
    }
    return 0;
}
