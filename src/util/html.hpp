// Does a file begin like a web page? Portals, captchas and maintenance pages come with status 200.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

/// The title of the page that `beginning`, the first few kB of a file, is the start of ("" when it
/// has none); none when it is no HTML. A byte-order mark, blanks, comments and an XML declaration
/// may come first. Fit for a message.
std::optional<std::string> html_title(std::string_view beginning);

}  // namespace isinfetch
