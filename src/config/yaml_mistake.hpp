// What somebody who wrote a configuration most likely did wrong, where yaml-cpp only tells which
// token it did not expect. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace isinfetch {

/// Where yaml-cpp gave up, counting from 0, and its own words (yaml-cpp/exceptions.h, ErrorMsg).
struct YamlComplaint {
    std::size_t line = 0;
    std::size_t column = 0;  ///< in bytes
    std::string_view message{};
};

struct YamlMistake {
    std::size_t line = 0;  ///< of the mistake, which may be above the place where it was noticed
    std::string text{};    ///< what is wrong and how to write it
};

/// The usual cause of `complaint` about `text`. Words that are not known are passed on.
YamlMistake explain_yaml(std::string_view text, const YamlComplaint& complaint);

}  // namespace isinfetch
