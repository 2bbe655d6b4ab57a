#include "fetch/checksum.hpp"

#include "util/text.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::size_t kMd5Digits = 32;
constexpr std::size_t kSha256Digits = 64;
constexpr std::string_view kDigitsAndLetters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool is_hex(std::string_view text) noexcept {
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::optional<Checksum> from_digits(std::string_view digits) {
    if (!is_hex(digits)) {
        return std::nullopt;
    }
    if (digits.size() == kMd5Digits) {
        return Checksum{Digest::Algorithm::md5, lower(digits)};
    }
    if (digits.size() == kSha256Digits) {
        return Checksum{Digest::Algorithm::sha256, lower(digits)};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Checksum> Checksum::parse(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    auto result = from_digits(text.substr(colon + 1));
    const bool md5 = result && result->algorithm == Digest::Algorithm::md5;
    if (lower(text.substr(0, colon)) != (md5 ? "md5" : "sha256")) {
        return std::nullopt;
    }
    return result;
}

std::optional<Checksum> Checksum::find(std::string_view text) {
    while (!text.empty()) {
        const std::size_t start = std::min(text.find_first_of(kDigitsAndLetters), text.size());
        text.remove_prefix(start);
        const std::size_t end = std::min(text.find_first_not_of(kDigitsAndLetters), text.size());
        if (auto result = from_digits(text.substr(0, end))) {
            return result;
        }
        text.remove_prefix(end);
    }
    return std::nullopt;
}

std::string Checksum::text() const {
    return (algorithm == Digest::Algorithm::md5 ? "md5:" : "sha256:") + hex;
}

}  // namespace isinfetch
