#include "util/error.hpp"

#include "support/catch.hpp"

#include <cerrno>

using namespace isinfetch;

TEST_CASE("each kind of error has the exit status of the manual", "[error]") {
    struct Case {
        ErrorKind kind;
        int status;
        const char* name;
    };
    const auto row = GENERATE(values<Case>({
        {ErrorKind::usage, 64, "usage"},
        {ErrorKind::data, 65, "data"},
        {ErrorKind::gone, 66, "gone"},
        {ErrorKind::unavailable, 69, "unavailable"},
        {ErrorKind::internal, 70, "internal"},
        {ErrorKind::os, 71, "os"},
        {ErrorKind::cannot_create, 73, "cannot_create"},
        {ErrorKind::io, 74, "io"},
        {ErrorKind::temporary, 75, "temporary"},
        {ErrorKind::busy, 75, "busy"},
        {ErrorKind::protocol, 76, "protocol"},
        {ErrorKind::permission, 77, "permission"},
        {ErrorKind::config, 78, "config"},
        {ErrorKind::interrupted, 143, "interrupted"},
    }));
    CAPTURE(row.name);
    CHECK(static_cast<int>(exit_code(row.kind)) == row.status);
    CHECK(name(row.kind) == row.name);
}

TEST_CASE("permanent beats temporary beats fine", "[error]") {
    CHECK(worse(ExitCode::ok, ExitCode::temp_fail) == ExitCode::temp_fail);
    CHECK(worse(ExitCode::temp_fail, ExitCode::data) == ExitCode::data);
    CHECK(worse(ExitCode::data, ExitCode::temp_fail) == ExitCode::data);
    CHECK(worse(ExitCode::data, ExitCode::config) == ExitCode::config);
    CHECK(worse(ExitCode::protocol, ExitCode::io_error) == ExitCode::io_error);
    CHECK(worse(ExitCode::terminated, ExitCode::config) == ExitCode::terminated);
    CHECK(worse(ExitCode::ok, ExitCode::ok) == ExitCode::ok);
}

TEST_CASE("errno tells a full disk from missing rights", "[error]") {
    struct Case {
        int number;
        ErrorKind kind;
    };
    const auto row = GENERATE(values<Case>({
        {ENOSPC, ErrorKind::io},
        {EDQUOT, ErrorKind::io},
        {EIO, ErrorKind::io},
        {EACCES, ErrorKind::permission},
        {EPERM, ErrorKind::permission},
        {EROFS, ErrorKind::cannot_create},
        {ENOENT, ErrorKind::gone},
    }));
    try {
        fail_errno(row.number, "thing", ErrorKind::gone);
    } catch (const Error& error) {
        CHECK(error.kind() == row.kind);
        CHECK_THAT(error.what(), StartsWith("thing: "));
    }
}
