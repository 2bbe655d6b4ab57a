#include "util/host.hpp"

#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/text.hpp"

#include <unistd.h>

#include <array>

namespace isinfetch {

std::string host_name() {
    std::array<char, 256> buffer{};
    const bool known = ::gethostname(buffer.data(), buffer.size() - 1) == 0;
    return known ? buffer.data() : "unknown";
}

std::string host_identity() {
    try {
        const std::string text = read_file("/etc/machine-id");
        const std::string_view id = trim(text);
        // Empty or a word while the machine boots for the first time: machine-id(5).
        return id.size() == 32 ? std::string(id) : host_name();
    } catch (const Error&) {
        return host_name();
    }
}

std::uint64_t stable_number(std::string_view text) {
    const std::string digits = hex_digest(Digest::Algorithm::sha256, text).substr(0, 16);
    return std::stoull(digits, nullptr, 16);
}

}  // namespace isinfetch
