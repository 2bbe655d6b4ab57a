// Characters that are taken for one another: by the eye, by a scanner, by a finger.
#pragma once

#include <string>
#include <string_view>

namespace isinfetch {

/// The characters of [A-Z0-9] that look like `character`, in print or to a scanner: for 0 O, Q and
/// D. Symmetric.
std::string_view look_alikes(char character) noexcept;

/// The keys beside that of `character` on a QWERTY keyboard, in [A-Z0-9].
std::string_view keys_beside(char character) noexcept;

/// `text` as it looks: letters and digits of other scripts and widths in their ASCII shape, what
/// nobody sees dropped, every other character kept. For suggestions only: what looks like an ISIN
/// is none.
std::string ascii_shape(std::string_view text);

}  // namespace isinfetch
