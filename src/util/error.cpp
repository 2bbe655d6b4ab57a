#include "util/error.hpp"

#include "util/interrupt.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace isinfetch {

namespace {

ExitCode code_of_signal(int number) noexcept {
    switch (number) {
        case SIGINT:
            return ExitCode::interrupted;
        case SIGHUP:
            return ExitCode::hung_up;
        default:
            return ExitCode::terminated;
    }
}

}  // namespace

// No default label: the compiler then names any kind that has no exit status.
ExitCode exit_code(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::usage:
            return ExitCode::usage;
        case ErrorKind::config:
            return ExitCode::config;
        case ErrorKind::permission:
            return ExitCode::no_permission;
        case ErrorKind::cannot_create:
            return ExitCode::cannot_create;
        case ErrorKind::io:
            return ExitCode::io_error;
        case ErrorKind::os:
            return ExitCode::os_error;
        case ErrorKind::protocol:
            return ExitCode::protocol;
        case ErrorKind::data:
            return ExitCode::data;
        case ErrorKind::gone:
            return ExitCode::no_input;
        case ErrorKind::unavailable:
            return ExitCode::unavailable;
        case ErrorKind::temporary:
        case ErrorKind::busy:
            return ExitCode::temp_fail;
        case ErrorKind::internal:
            return ExitCode::software;
        case ErrorKind::interrupted:
            return code_of_signal(interrupting_signal());
    }
    return ExitCode::software;
}

std::string_view name(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::usage:
            return "usage";
        case ErrorKind::config:
            return "config";
        case ErrorKind::permission:
            return "permission";
        case ErrorKind::cannot_create:
            return "cannot_create";
        case ErrorKind::io:
            return "io";
        case ErrorKind::os:
            return "os";
        case ErrorKind::protocol:
            return "protocol";
        case ErrorKind::data:
            return "data";
        case ErrorKind::gone:
            return "gone";
        case ErrorKind::unavailable:
            return "unavailable";
        case ErrorKind::temporary:
            return "temporary";
        case ErrorKind::busy:
            return "busy";
        case ErrorKind::internal:
            return "internal";
        case ErrorKind::interrupted:
            return "interrupted";
    }
    return "internal";
}

ExitCode worse(ExitCode left, ExitCode right) noexcept {
    // From worst to best.
    constexpr std::array kOrder{
        ExitCode::interrupted,
        ExitCode::terminated,
        ExitCode::hung_up,
        ExitCode::usage,
        ExitCode::config,
        ExitCode::no_permission,
        ExitCode::io_error,
        ExitCode::cannot_create,
        ExitCode::os_error,
        ExitCode::software,
        ExitCode::protocol,
        ExitCode::data,
        ExitCode::no_input,
        ExitCode::unavailable,
        ExitCode::temp_fail,
        ExitCode::unchanged,
        ExitCode::ok,
    };
    return std::min(left, right, [&](ExitCode a, ExitCode b) {
        return std::find(kOrder.begin(), kOrder.end(), a) <
               std::find(kOrder.begin(), kOrder.end(), b);
    });
}

void fail_errno(int error_number, std::string_view what, ErrorKind otherwise) {
    const auto kind = [&] {
        switch (error_number) {
            case ENOSPC:
            case EDQUOT:
            case EFBIG:
            case EIO:
                return ErrorKind::io;
            case EMFILE:
            case ENFILE:
            case ENOMEM:
                return ErrorKind::os;
            case EACCES:
            case EPERM:
                return ErrorKind::permission;
            case EROFS:
                return ErrorKind::cannot_create;
            default:
                return otherwise;
        }
    }();
    fail(kind, "{}: {}", what, std::generic_category().message(error_number));
}

}  // namespace isinfetch
