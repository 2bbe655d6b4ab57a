// Character references of HTML in texts that are no HTML otherwise: "M&amp;M".
#pragma once

#include <string>
#include <string_view>

namespace isinfetch {

/// With the references decoded that names of securities have: those of XML, of the letters of
/// ISO 8859-1, of a few marks, and all numbers. Others, and a "&" alone, stay as they are; what was
/// encoded twice is decoded once. Source: https://html.spec.whatwg.org/#named-character-references
std::string decode_entities(std::string_view text);

}  // namespace isinfetch
