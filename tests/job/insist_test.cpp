#include "job/insist.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;

namespace {

/// An action that fails so often, and what came of insisting on it.
struct Insisted {
    int tries = 0;
    int naps = 0;
    std::optional<ErrorKind> failure{};

    Insisted(bool is_shared, int failures, ErrorKind kind) {
        try {
            insist(
                is_shared,
                [this](std::chrono::milliseconds) { ++naps; },
                [&] {
                    if (++tries <= failures) {
                        fail(kind, "no");
                    }
                });
        } catch (const Error& error) {
            failure = error.kind();
        }
    }
};

}  // namespace

TEST_CASE("a server on its way up is asked again", "[job]") {
    const Insisted late(true, 3, ErrorKind::temporary);
    CHECK(late.tries == 4);
    CHECK(late.naps == 3);
    CHECK_FALSE(late.failure);
    const Insisted never(true, 1000, ErrorKind::temporary);
    CHECK(never.tries == 10);
    CHECK(never.failure == ErrorKind::temporary);
}

TEST_CASE("what does not heal by itself is not tried again", "[job]") {
    for (const ErrorKind kind : {ErrorKind::busy, ErrorKind::config, ErrorKind::interrupted}) {
        const Insisted refused(true, 1000, kind);
        CHECK(refused.tries == 1);
        CHECK(refused.failure == kind);
    }
    const Insisted own(false, 1000, ErrorKind::temporary);
    CHECK(own.tries == 1);
    CHECK(own.failure == ErrorKind::temporary);
}
