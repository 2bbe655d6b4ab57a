// A digest that a publisher announces for a file.
#pragma once

#include "util/digest.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

struct Checksum {
    Digest::Algorithm algorithm = Digest::Algorithm::sha256;
    std::string hex{};  ///< lower case

    /// "md5:HEX" with 32 digits or "sha256:HEX" with 64; none when it is neither.
    static std::optional<Checksum> parse(std::string_view text);

    /// The first word of 32 or 64 hexadecimal digits in the text of a checksum file, as md5sum,
    /// sha256sum and their BSD kin write it.
    static std::optional<Checksum> find(std::string_view text);

    /// As parse() reads it.
    std::string text() const;
};

}  // namespace isinfetch
