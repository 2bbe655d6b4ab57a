#include "util/foreign_error.hpp"

#include "support/catch.hpp"

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

using namespace isinfetch;

TEST_CASE("what libraries throw has the kind of what happened", "[foreign_error]") {
    const auto refused = [](int number) {
        return std::filesystem::filesystem_error("cannot advance",
                                                 std::error_code(number, std::generic_category()));
    };
    CHECK(error_of(refused(EIO), "mine").kind() == ErrorKind::io);
    CHECK(error_of(refused(EMFILE), "mine").kind() == ErrorKind::os);
    CHECK(error_of(refused(EACCES), "mine").kind() == ErrorKind::permission);
    CHECK(error_of(refused(EBADF), "mine").kind() == ErrorKind::internal);
    CHECK(error_of(std::bad_alloc(), "mine").kind() == ErrorKind::os);
    CHECK(error_of(std::out_of_range("at"), "mine").kind() == ErrorKind::internal);
    CHECK_THAT(error_of(refused(EIO), "mine").what(),
               StartsWith("mine: ") && ContainsSubstring("cannot advance"));
    CHECK(error_of(std::bad_alloc(), {}).what() == std::string("out of memory"));
}
