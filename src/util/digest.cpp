#include "util/digest.hpp"

#include "util/error.hpp"
#include "util/file.hpp"
#include "util/handle.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace isinfetch {

struct Digest::State {
    Handle<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
};

Digest::Digest(Algorithm algorithm) : state_(std::make_unique<State>()) {
    const EVP_MD* method = algorithm == Algorithm::md5 ? EVP_md5() : EVP_sha256();
    if (!state_->context || EVP_DigestInit_ex(state_->context.get(), method, nullptr) != 1) {
        fail(ErrorKind::os,
             "libcrypto: {} is not available",
             algorithm == Algorithm::md5 ? "MD5" : "SHA-256");
    }
}

Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::update(std::string_view bytes) {
    if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) {
        fail(ErrorKind::os, "libcrypto: cannot go on with a digest");
    }
}

std::string Digest::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned length = 0;
    if (EVP_DigestFinal_ex(state_->context.get(), bytes.data(), &length) != 1) {
        fail(ErrorKind::os, "libcrypto: cannot end a digest");
    }
    return fmt::format("{:02x}", fmt::join(bytes.begin(), bytes.begin() + length, ""));
}

std::string hex_digest(Digest::Algorithm algorithm, std::string_view text) {
    Digest digest(algorithm);
    digest.update(text);
    return digest.hex();
}

std::string file_digest(const std::filesystem::path& path, const std::function<void()>& check) {
    constexpr std::size_t kBlock = 0x40000;
    FileSource source(path);
    Digest digest(Digest::Algorithm::sha256);
    std::string block(kBlock, '\0');
    while (const std::size_t count = source.read(block)) {
        check();
        digest.update(std::string_view(block).substr(0, count));
    }
    return digest.hex();
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // with the NUL that is written
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

}  // namespace isinfetch
