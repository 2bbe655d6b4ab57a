#include "store/sql_state.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::size_t kLength = 5;

struct Meaning {
    std::string_view prefix;
    ErrorKind kind;
};

// The first row that a state begins with counts.
constexpr std::array kMeanings{
    Meaning{"08", ErrorKind::temporary},      // connection lost
    Meaning{"25P", ErrorKind::temporary},     // idle in a transaction for too long
    Meaning{"25006", ErrorKind::permission},  // read-only: a standby, or so set
    Meaning{"28", ErrorKind::permission},     // log-in
    Meaning{"3D000", ErrorKind::config},      // no such database
    Meaning{"3F000", ErrorKind::config},      // no such schema
    Meaning{"40", ErrorKind::temporary},      // serialization, deadlock
    Meaning{"42501", ErrorKind::permission},  // rights
    Meaning{"53100", ErrorKind::io},          // disk full
    Meaning{"53", ErrorKind::temporary},      // memory, connections
    Meaning{"55", ErrorKind::temporary},      // lock not available
    Meaning{"57", ErrorKind::temporary},      // shutdown, timeout, cancelled by an administrator
    Meaning{"58", ErrorKind::io},             // I/O
    Meaning{"XX001", ErrorKind::io},          // damaged
    Meaning{"XX002", ErrorKind::io},
};

// Texts of libpq and of OpenSSL, which are not translated where no code comes with them either.
constexpr std::array kTexts{
    Meaning{"certificate", ErrorKind::protocol},
    Meaning{"SSL", ErrorKind::protocol},
    Meaning{"no password supplied", ErrorKind::permission},
    Meaning{"password authentication failed", ErrorKind::permission},
    Meaning{"definition of service", ErrorKind::config},
    Meaning{"invalid ", ErrorKind::config},
};

bool is_code(std::string_view text) noexcept {
    return text.size() == kLength && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

/// "FATAL:  28P01: password …": where the code begins, npos without one.
std::size_t find_code(std::string_view text) noexcept {
    constexpr std::string_view kBefore = ":  ";
    for (std::size_t at = text.find(kBefore); at != std::string_view::npos;
         at = text.find(kBefore, at + 1)) {
        const std::size_t begin = at + kBefore.size();
        if (is_code(text.substr(begin, kLength)) && text.substr(begin + kLength, 2) == ": ") {
            return begin;
        }
    }
    return std::string_view::npos;
}

std::string_view last_attempt(std::string_view text) noexcept {
    const std::size_t last = text.rfind("connection to server");
    return last == std::string_view::npos ? text : text.substr(last);
}

}  // namespace

ErrorKind kind_of_sql_state(std::string_view state) noexcept {
    const auto* const found = std::ranges::find_if(
        kMeanings, [state](const Meaning& row) { return state.starts_with(row.prefix); });
    return found == kMeanings.end() ? ErrorKind::internal : found->kind;
}

ErrorKind kind_of_failed_connection(std::string_view text) noexcept {
    text = last_attempt(text);
    if (const std::size_t code = find_code(text); code != std::string_view::npos) {
        const ErrorKind kind = kind_of_sql_state(text.substr(code, kLength));
        const bool is_unclear = kind == ErrorKind::temporary || kind == ErrorKind::internal;
        if (!is_unclear) {
            return kind;
        }
    }
    const auto* const found = std::ranges::find_if(kTexts, [text](const Meaning& row) {
        return text.find(row.prefix) != std::string_view::npos;
    });
    return found == kTexts.end() ? ErrorKind::temporary : found->kind;
}

std::string_view plain_message(std::string_view text) noexcept {
    text = last_attempt(text);
    if (const std::size_t code = find_code(text); code != std::string_view::npos) {
        text.remove_prefix(code + kLength + 2);
    }
    return text.substr(0, text.find('\n'));
}

}  // namespace isinfetch
