// One number out of a JSON document of any size, without making a tree of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace isinfetch {

/// The whole number, written as a number or as a text, at a place such as "data.count": keys of
/// objects from the outermost on. None when there is none, or when the text is no JSON.
std::optional<std::uint64_t> json_number(std::string_view text, std::string_view place);

}  // namespace isinfetch
