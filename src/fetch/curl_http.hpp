// HttpClient over libcurl. Home of libcurl's transfers.
#pragma once

#include "fetch/http.hpp"

namespace isinfetch {

/// Keeps one connection per thread open for the next request of that thread. Proxy and
/// certificates come from the request, else from http_proxy, https_proxy, no_proxy (libcurl's) and
/// SSL_CERT_FILE.
class CurlHttp final : public HttpClient {
public:
    /// Throws Error{os} when libcurl cannot be set up.
    CurlHttp();

    HttpResponse get(const HttpRequest& request,
                     ByteSink& body,
                     const std::function<void(const HttpResponse&)>& answered) override;
};

}  // namespace isinfetch
