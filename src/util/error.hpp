// The one exception type of isinfetch, and how it becomes an exit status.
#pragma once

#include "util/secret.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace isinfetch {

/// What went wrong, as coarsely as the person on call needs it: each kind has its own remedy.
enum class ErrorKind {
    usage,          ///< the command line is wrong: read the manual
    config,         ///< the configuration is wrong: edit the file
    permission,     ///< credentials or rights are missing: 401, 403, a directory of somebody else
    cannot_create,  ///< a lock, state or output file cannot be made
    io,             ///< disk full, I/O error, damaged store
    os,             ///< the operating system refused: memory, threads, processes
    protocol,       ///< TLS, redirect off-list, HTML where data was expected
    data,           ///< the publisher sent something unusable, or a guard refused it
    gone,           ///< the source is no longer there: 404, 410, a missing local file
    unavailable,    ///< the service says permanently no: 451
    temporary,      ///< trying again helps: network, 5xx, cool-down, a server on its way up
    busy,           ///< another run or host does it: nothing is to be done
    internal,       ///< a bug
    interrupted,    ///< SIGINT, SIGTERM or SIGHUP
};

/// The exit statuses of isinfetch, as documented in isinfetch(1).
/// Source: sysexits.h, whose names systemd prints beside the number (systemd.exec(5)).
enum class ExitCode : int {
    ok = 0,
    usage = 64,
    data = 65,
    no_input = 66,
    unavailable = 69,
    software = 70,
    os_error = 71,
    cannot_create = 73,
    io_error = 74,
    temp_fail = 75,
    protocol = 76,
    no_permission = 77,
    config = 78,
    unchanged = 80,  ///< only with --exit-unchanged
    hung_up = 129,   ///< these three: 128 and the number of the signal
    interrupted = 130,
    terminated = 143,
};

/// The only exception isinfetch throws on purpose. Anything else that escapes is a bug. Its text
/// holds no secret: libraries and servers that write a part of it repeat what they were given.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message)
        : std::runtime_error(hide_secrets(message)), kind_(kind) {}

    ErrorKind kind() const noexcept { return kind_; }

private:
    ErrorKind kind_;
};

/// Throws Error. `text` names the thing at fault first: fail(k, "{}: HTTP status {}", url, status).
template <class... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> text, Args&&... args) {
    throw Error(kind, fmt::format(text, std::forward<Args>(args)...));
}

/// Throws the Error that fits `error_number` (errno): ENOSPC, EDQUOT, EFBIG and EIO are io, EACCES
/// and EPERM permission, EROFS cannot_create, no more descriptors or memory (EMFILE, ENFILE,
/// ENOMEM) os, the rest `otherwise`. The text is "<what>: <strerror>".
[[noreturn]] void fail_errno(int error_number, std::string_view what, ErrorKind otherwise);

/// Of `interrupted`: that of the signal that came, SIGTERM's before one came.
ExitCode exit_code(ErrorKind kind) noexcept;

/// "config", "temporary", …: as in the JSON report and the column run_source.error_kind.
std::string_view name(ErrorKind kind) noexcept;

/// The one of two statuses that a run of several sources reports: what needs a human beats what
/// heals by waiting (75), which beats 80, which beats 0. Signals beat all.
ExitCode worse(ExitCode left, ExitCode right) noexcept;

}  // namespace isinfetch
