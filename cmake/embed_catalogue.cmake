# Writes the catalogue's YAML files into one C++ file.
# cmake -D OUT=FILE -D "ENTRIES=a.yaml;b.yaml" -P embed_catalogue.cmake
set(text "#include \"config/catalogue.hpp\"\n\n#include <array>\n\nnamespace isinfetch {\n\nnamespace {\n\n")
list(LENGTH ENTRIES count)
string(APPEND text "constexpr std::array<CatalogueFile, ${count}> kCatalogue{{\n")
foreach(entry IN LISTS ENTRIES)
    get_filename_component(name ${entry} NAME)
    file(READ ${entry} content)
    string(APPEND text "    {\"${name}\", R\"yaml(${content})yaml\"},\n")
endforeach()
string(APPEND text "}};\n\n}  // namespace\n\n")
string(APPEND text "std::span<const CatalogueFile> builtin_catalogue() noexcept {\n    return kCatalogue;\n}\n\n")
string(APPEND text "}  // namespace isinfetch\n")
file(WRITE ${OUT} "${text}")
