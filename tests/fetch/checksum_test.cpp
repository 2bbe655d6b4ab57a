#include "fetch/checksum.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

const std::string kMd5 = "d41d8cd98f00b204e9800998ecf8427e";
const std::string kSha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct ChecksumCase {
    std::string text;
    std::string expected;  // "" for none
    const char* why;
};

std::string text_of(const std::optional<Checksum>& checksum) {
    return checksum ? checksum->text() : "";
}

}  // namespace

TEST_CASE("an announced checksum names its algorithm", "[checksum]") {
    // clang-format off
    const auto row = GENERATE(values<ChecksumCase>({
        {"md5:" + kMd5,           "md5:" + kMd5,       "MD5"},
        {"sha256:" + kSha256,     "sha256:" + kSha256, "SHA-256"},
        {"MD5:D41D8CD98F00B204E9800998ECF8427E", "md5:" + kMd5, "case does not matter"},
        {"md5:" + kSha256,        "",                  "too long for MD5"},
        {"sha256:" + kMd5,        "",                  "too short for SHA-256"},
        {"sha1:" + kMd5,          "",                  "not supported"},
        {kMd5,                    "",                  "which algorithm?"},
        {"md5:",                  "",                  "no digits"},
        {"md5:g41d8cd98f00b204e9800998ecf8427e", "",   "no hexadecimal digit"},
        {"",                      "",                  "nothing"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(text_of(Checksum::parse(row.text)) == row.expected);
}

TEST_CASE("a checksum file gives its first checksum", "[checksum]") {
    // clang-format off
    const auto row = GENERATE_COPY(values<ChecksumCase>({
        {kMd5 + "  list.zip\n",               "md5:" + kMd5,       "md5sum"},
        {kSha256 + " *list.zip\n",            "sha256:" + kSha256, "sha256sum, binary"},
        {"SHA256 (list.zip) = " + kSha256,    "sha256:" + kSha256, "BSD"},
        {kMd5,                                "md5:" + kMd5,       "no line end"},
        {"{\"md5\":\"" + kMd5 + "\"}",        "md5:" + kMd5,       "in JSON"},
        {kMd5 + "0  list.zip",                "",                  "33 digits are none"},
        {"x" + kMd5,                          "",                  "part of a word"},
        {"d41d8cd98f00b204-e9800998ecf8427e", "",                  "two halves"},
        {"",                                  "",                  "nothing"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(text_of(Checksum::find(row.text)) == row.expected);
}
