// Enabling a source in a configuration file that people wrote. Pure.
#pragma once

#include <string>

namespace isinfetch {

/// `text` with `sources.SOURCE.enabled` true and all else as it is, comments and blank lines
/// included; `file` is for messages. Whatever comes out is read again and compared, so that it says
/// nothing else than before. Throws Error{config} when the text is no configuration, or is laid out
/// so that only a person can put the key in: the message says what to write.
std::string with_source_enabled(const std::string& text,
                                const std::string& file,
                                const std::string& source);

}  // namespace isinfetch
