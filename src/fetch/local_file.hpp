// Lists that lie on this host: the URLs of file:.
#pragma once

#include "fetch/http.hpp"

#include <functional>
#include <string_view>

namespace isinfetch {

bool is_local(std::string_view url);

/// As HttpClient::get(), with 200 for a file that is there: headers, validators and pieces mean
/// nothing to it. It may be a FIFO, which is waited for.
HttpResponse get_local(const HttpRequest& request,
                       ByteSink& body,
                       const std::function<void(const HttpResponse&)>& answered);

}  // namespace isinfetch
