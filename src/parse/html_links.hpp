// The links of a web page, found by gumbo, Debian's HTML5 parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

struct PageLinks {
    std::string base{};                ///< of <base href>, as written; empty without one
    std::vector<std::string> links{};  ///< of <a href> and <area href>, as written but for entities
};

/// In the order of the page, whatever state its HTML is in: a browser would find them, too. Text
/// that is no HTML has no links. Throws Error{data} for a page of more than 50,000 tags: gumbo
/// takes a time that grows with the square of how deep they nest. The values of further
/// `attributes` are links as well, whatever element they are of.
PageLinks html_links(std::string_view page, const std::vector<std::string>& attributes = {});

}  // namespace isinfetch
