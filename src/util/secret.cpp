#include "util/secret.hpp"

#include "util/json.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::size_t kShortest = 2;
constexpr std::size_t kHiddenAnywhere = 8;  // letters; shorter ones only as words of their own
constexpr std::size_t kTellingBeginning = 8;
constexpr std::string_view kMask = "***";
constexpr std::string_view kCut = "…";  // as printable() ends what is too long

std::shared_mutex memory_mutex;
std::vector<std::string> memory;      // the longest first
std::atomic<bool> has_memory{false};  // most runs know no secret

bool is_alphanumeric(char letter) noexcept {
    return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= 'a' && letter <= 'z');
}

bool is_word_letter(char letter) noexcept {
    return is_alphanumeric(letter) || letter == '_' || static_cast<unsigned char>(letter) >= 0x80;
}

/// RFC 3986 §2.3: everything but the unreserved characters, with capitals or without.
std::string percent_encoded(std::string_view value, std::string_view digits) {
    std::string encoded;
    for (const char letter : value) {
        const auto byte = static_cast<unsigned char>(letter);
        if (is_alphanumeric(letter) ||
            std::string_view("-._~").find(letter) != std::string_view::npos) {
            encoded += letter;
        } else {
            encoded += '%';
            encoded += digits[byte >> 4U];
            encoded += digits[byte & 0xFU];
        }
    }
    return encoded;
}

void keep(std::string value) {
    if (value.size() < kShortest || value == "isinfetch" || value == kMask) {
        return;
    }
    if (std::find(memory.begin(), memory.end(), value) != memory.end()) {
        return;
    }
    const auto place = std::find_if(memory.begin(), memory.end(), [&](const std::string& other) {
        return other.size() < value.size();
    });
    memory.insert(place, std::move(value));
}

void keep_with_its_spellings(std::string_view value) {
    keep(std::string(value));
    keep(percent_encoded(value, "0123456789ABCDEF"));
    keep(percent_encoded(value, "0123456789abcdef"));
    const std::string quoted = json_quote(value);
    keep(quoted.substr(1, quoted.size() - 2));
    keep(printable(value, value.size() * 6));
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t size) noexcept {
    const bool joined_before = begin > 0 && is_word_letter(text[begin - 1]);
    const std::size_t end = begin + size;
    return !joined_before && (end == text.size() || !is_word_letter(text[end]));
}

void hide_one(std::string& text, const std::string& secret) {
    std::size_t place = text.find(secret);
    while (place != std::string::npos) {
        if (secret.size() >= kHiddenAnywhere || stands_alone(text, place, secret.size())) {
            text.replace(place, secret.size(), kMask);
            place = text.find(secret, place + kMask.size());
        } else {
            place = text.find(secret, place + 1);
        }
    }
}

/// The beginning of `secret` where a text was cut at `end`. Gives how many letters went.
std::size_t hide_beginning(std::string& text, std::size_t end, const std::string& secret) {
    for (std::size_t size = std::min(secret.size(), end); size >= kTellingBeginning; --size) {
        if (text.compare(end - size, size, secret, 0, size) == 0) {
            text.replace(end - size, size, kMask);
            return size - kMask.size();
        }
    }
    return 0;
}

void hide_beginnings(std::string& text, const std::string& secret) {
    std::size_t cut = text.find(kCut);
    while (cut != std::string::npos) {
        cut -= hide_beginning(text, cut, secret);
        cut = text.find(kCut, cut + kCut.size());
    }
    hide_beginning(text, text.size(), secret);
}

}  // namespace

void remember_secret(std::string_view value) {
    const std::unique_lock lock(memory_mutex);
    keep_with_its_spellings(trim(value));
    std::size_t begin = 0;
    for (std::size_t end = 0; end <= value.size(); ++end) {
        const bool cuts = end == value.size() || static_cast<unsigned char>(value[end]) < 0x20;
        if (cuts) {
            keep_with_its_spellings(trim(value.substr(begin, end - begin)));
            begin = end + 1;
        }
    }
    has_memory = !memory.empty();
}

std::string hide_secrets(std::string text) {
    if (!has_memory) {
        return text;
    }
    const std::shared_lock lock(memory_mutex);
    for (const std::string& secret : memory) {
        hide_one(text, secret);
        hide_beginnings(text, secret);
    }
    return text;
}

void forget_secrets() {
    const std::unique_lock lock(memory_mutex);
    memory.clear();
    has_memory = false;
}

}  // namespace isinfetch
