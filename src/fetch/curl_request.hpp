// What a request says, in libcurl's options.
#pragma once

#include "fetch/http.hpp"

#include <memory>

namespace isinfetch {

/// libcurl's list of headers, which reads it until the transfer has ended.
using KeptHeaders = std::unique_ptr<void, void (*)(void*)>;

/// Sets method, headers, body and range of `request`, its limits of time and size, and whom it
/// trusts. `easy` is libcurl's handle; `request` must outlive the transfer. Throws Error{config}
/// for a header with a line end in it and for what libcurl does not take.
[[nodiscard]] KeptHeaders set_up_request(void* easy, const HttpRequest& request);

}  // namespace isinfetch
