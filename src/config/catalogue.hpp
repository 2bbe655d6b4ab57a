// The shipped catalogue as it was when the program was built (see cmake/embed_catalogue.cmake).
#pragma once

#include <span>
#include <string_view>

namespace isinfetch {

struct CatalogueFile {
    std::string_view name;  ///< "nse.yaml"
    std::string_view text;
};

std::span<const CatalogueFile> builtin_catalogue() noexcept;

}  // namespace isinfetch
