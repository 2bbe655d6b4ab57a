// What a file is that is not what was expected: web pages, packed files, other formats.
#pragma once

#include <string_view>

namespace isinfetch {

struct Foreign {
    std::string_view what{};    ///< "HTML", "an Excel workbook" …; empty: it is not known
    std::string_view format{};  ///< the one of isinfetch that reads it; empty: none does
};

/// What a file that begins so is known to be. A byte order mark must be gone.
Foreign foreign_format(std::string_view beginning);

/// The same of zip archives that are one document, such as a workbook; of nothing else.
Foreign packed_document(std::string_view beginning);

/// The same, for what is only like something: "text", read as csv; "JSON".
Foreign likely_format(std::string_view beginning);

/// Is it so much else than text that nobody could have meant it as such?
bool is_binary(std::string_view beginning) noexcept;

/// Throws Error{protocol}, in words for people: what came, what was expected, and what to set.
[[noreturn]] void refuse_foreign(const Foreign& foreign,
                                 std::string_view expected,
                                 std::string_view beginning);

}  // namespace isinfetch
