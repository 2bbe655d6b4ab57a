#include "store/sql_state.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::size_t kLength = 5;

constexpr std::string_view kProtocolViolation = "08P01";
constexpr std::string_view kReadOnly = "25006";

struct Meaning {
    std::string_view prefix;
    ErrorKind kind;
};

// The first row that a state begins with counts.
constexpr std::array kMeanings{
    Meaning{"08", ErrorKind::temporary},       // connection lost
    Meaning{"25P", ErrorKind::temporary},      // idle in a transaction for too long
    Meaning{kReadOnly, ErrorKind::temporary},  // a standby: after a failover another one is right
    Meaning{"28", ErrorKind::permission},      // log-in
    Meaning{"3D000", ErrorKind::config},       // no such database
    Meaning{"3F000", ErrorKind::config},       // no such schema
    Meaning{"40", ErrorKind::temporary},       // serialization, deadlock
    Meaning{"42501", ErrorKind::permission},   // rights
    Meaning{"53100", ErrorKind::io},           // disk full
    Meaning{"53", ErrorKind::temporary},       // memory, connections
    Meaning{"55", ErrorKind::temporary},       // lock not available
    Meaning{"57", ErrorKind::temporary},       // shutdown, timeout, cancelled by an administrator
    Meaning{"58", ErrorKind::io},              // I/O
    Meaning{"XX001", ErrorKind::io},           // damaged
    Meaning{"XX002", ErrorKind::io},
};

/// What PgBouncer says with kProtocolViolation as its code, or with none.
struct PoolerText {
    std::string_view text;
    std::string_view remedy;
};

constexpr std::array kPoolerTexts{
    PoolerText{"unsupported startup parameter",
               ": the pooler refuses it: leave it out of 'store' (and PGOPTIONS), or add it to"
               " ignore_startup_parameters in pgbouncer.ini"},
    PoolerText{"statement pooling mode",
               ": a store needs transactions: set pool_mode = transaction in pgbouncer.ini, or name"
               " the server itself in 'store'"},
    PoolerText{"no such database",
               ": the pooler does not know it: add it to [databases] in pgbouncer.ini, or mend"
               " 'store'"},
    PoolerText{"bouncer config error", ": the log of the pooler says more"},
};

constexpr std::string_view kReadOnlyRemedy =
    ": the server only reads, as a standby does after a failover: name all servers and"
    " target_session_attrs=read-write in 'store'";

const PoolerText* find_pooler_text(std::string_view message) noexcept {
    const auto* const found = std::ranges::find_if(kPoolerTexts, [&](const PoolerText& row) {
        return message.find(row.text) != std::string_view::npos;
    });
    return found == kPoolerTexts.end() ? nullptr : found;
}

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

ErrorKind kind_of_complaint(std::string_view state, std::string_view message) noexcept {
    const bool is_unwanted = state == kProtocolViolation && find_pooler_text(message) != nullptr;
    return is_unwanted ? ErrorKind::config : kind_of_sql_state(state);
}

bool is_read_only(std::string_view state) noexcept {
    return state == kReadOnly;
}

std::string_view remedy_for(std::string_view state, std::string_view message) noexcept {
    if (is_read_only(state)) {
        return kReadOnlyRemedy;
    }
    const PoolerText* const found = find_pooler_text(message);
    return found == nullptr ? "" : found->remedy;
}

ErrorKind kind_of_failed_connection(std::string_view text) noexcept {
    text = last_attempt(text);
    if (find_pooler_text(text) != nullptr) {
        return ErrorKind::config;
    }
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
