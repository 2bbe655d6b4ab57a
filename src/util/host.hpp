// What tells this host from others, and numbers that stay the same from call to call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace isinfetch {

/// The content of /etc/machine-id, else the host's name. To be hashed, never shown: machine-id(5).
std::string host_identity();

/// The host's name, for people.
std::string host_name();

/// Always the same number for the same text, evenly spread over texts.
std::uint64_t stable_number(std::string_view text);

}  // namespace isinfetch
