// Quotes and brackets of a YAML text, as far as its indicators tell without parsing it: enough to
// say which of them was left open. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// An indicator and the line of it, counting from 0.
struct YamlMark {
    char sign = 0;
    std::size_t line = 0;
};

/// A text in quotes that ended.
struct YamlQuoted {
    std::size_t begin_line = 0;
    std::size_t end_line = 0;
    std::size_t end_column = 0;  ///< behind the closing quote
};

/// A '#' inside brackets takes the rest of its line away.
struct YamlRemark {
    std::size_t line = 0;
    std::string word{};  ///< "#7"
};

struct YamlScan {
    std::optional<YamlMark> open_quote{};
    std::vector<YamlMark> open_brackets{};  ///< outermost first
    std::optional<YamlMark> wrong_end{};    ///< the bracket that another kind of bracket closes
    std::vector<YamlQuoted> quoted{};
    std::vector<YamlRemark> remarks{};
};

YamlScan scan_yaml(std::string_view text);

}  // namespace isinfetch
