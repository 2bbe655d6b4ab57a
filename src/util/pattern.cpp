#include "util/pattern.hpp"

#include <cstddef>

namespace isinfetch {

namespace {

constexpr char lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

bool matches_pattern(std::string_view text, std::string_view pattern) noexcept {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = std::string_view::npos;  // the last one, and where its text began
    std::size_t star_at = 0;
    while (at < text.size()) {
        const bool is_more = in_pattern < pattern.size();
        if (is_more && pattern[in_pattern] == '*') {
            star = in_pattern++;
            star_at = at;
        } else if (is_more &&
                   (pattern[in_pattern] == '?' || lower(pattern[in_pattern]) == lower(text[at]))) {
            ++in_pattern;
            ++at;
        } else if (star != std::string_view::npos) {
            in_pattern = star + 1;
            at = ++star_at;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

}  // namespace isinfetch
