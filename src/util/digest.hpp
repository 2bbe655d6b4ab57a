// SHA-256 and MD5 over a stream, and base64. Home of OpenSSL.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace isinfetch {

class Digest {
public:
    enum class Algorithm { md5, sha256 };

    explicit Digest(Algorithm algorithm);
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;
    ~Digest();

    void update(std::string_view bytes);

    /// Lower-case hexadecimal, 32 or 64 digits. Ends the digest.
    std::string hex();

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string hex_digest(Digest::Algorithm algorithm, std::string_view text);

/// SHA-256 of all of a file; `check` is called now and then, and may throw.
std::string file_digest(const std::filesystem::path& path, const std::function<void()>& check);

/// RFC 4648 §4, padded.
std::string base64(std::string_view bytes);

}  // namespace isinfetch
