// From the markup of a table's row to the texts of its cells. Home of gumbo.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

struct HtmlCell {
    std::string text{};    ///< entities decoded, blanks as a browser shows them
    std::size_t span = 1;  ///< columns that it goes over, 1 to 1000
};

/// The cells of a row that HtmlRows cut out, as UTF-8.
std::vector<HtmlCell> html_cells(std::string_view markup);

}  // namespace isinfetch
