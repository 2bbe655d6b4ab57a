#include "util/digest.hpp"

#include "util/error.hpp"
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

}  // namespace isinfetch
