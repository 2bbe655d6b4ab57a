#include "cli/secret_filter.hpp"

#include "support/catch.hpp"
#include "util/secret.hpp"

#include <sstream>

using namespace isinfetch;
using isinfetch::cli::SecretFilter;

TEST_CASE("what a command prints is filtered line by line", "[cli][secret]") {
    forget_secrets();
    remember_secret("hunter2");
    std::ostringstream out;
    {
        SecretFilter filter(out);
        out << "pass";
        CHECK(out.str().empty());
        out << "word hunter" << '2' << "\nnext";
        CHECK(out.str() == "password ***\n");
        out << std::flush;
        CHECK(out.str() == "password ***\nnext");
        out << " hunter2";
    }
    CHECK(out.str() == "password ***\nnext ***");
    out << " hunter2";
    CHECK(out.str() == "password ***\nnext *** hunter2");
    forget_secrets();
}

TEST_CASE("a stream that takes no more says so through the filter", "[cli][secret]") {
    struct Full : std::streambuf {};  // whose overflow() always fails
    Full full;
    std::ostream out(&full);
    {
        SecretFilter filter(out);
        out << "a line\n" << std::flush;
        CHECK(out.bad());
    }
    CHECK(out.bad());
}
