#include "util/foreign_error.hpp"

#include <fmt/format.h>

#include <new>
#include <system_error>

namespace isinfetch {

namespace {

ErrorKind kind_of(const std::system_error& failure) {
    try {
        fail_errno(failure.code().value(), {}, ErrorKind::internal);
    } catch (const Error& error) {
        return error.kind();
    }
}

}  // namespace

Error error_of(const std::exception& failure, const std::string& what) {
    const std::string begin = what.empty() ? "" : what + ": ";
    if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr) {
        return {ErrorKind::os, begin + "out of memory"};
    }
    const auto* const refused = dynamic_cast<const std::system_error*>(&failure);
    return {refused != nullptr ? kind_of(*refused) : ErrorKind::internal, begin + failure.what()};
}

}  // namespace isinfetch
