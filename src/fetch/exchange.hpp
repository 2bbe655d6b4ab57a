// Requests that follow redirects and are repeated: what a whole file and a small text have in
// common on their way here.
#pragma once

#include "fetch/download.hpp"

#include <functional>
#include <string>

namespace isinfetch {

/// What every step of one download needs, from its beginning on. The things referred to must
/// outlive it.
struct FetchContext {
    const FetchOptions& options;
    const FetchEnvironment& environment;
    FetchTrace& trace;
    Timestamp end = environment.now() + options.retry.budget;  ///< of all attempts and delays
};

/// A request for `url` with everything that the options say. Caches on its way are asked to
/// revalidate, unless the options have a Cache-Control or Pragma of their own.
HttpRequest make_request(const std::string& url, const FetchContext& context);

/// Sends `request` and goes where redirects lead, as check_redirect() allows, each within
/// FetchOptions::total_timeout, all within FetchContext::end and the deadline. Headers from the
/// options stay behind when the host changes. Throws as HttpClient::get() does, and
/// Error{protocol}.
HttpResponse send(HttpRequest request,
                  const FetchContext& context,
                  ByteSink& body,
                  const std::function<void(const HttpResponse&)>& answered);

/// Repeats `attempt`, which asks for `url`, until its status is one that judge() accepts.
/// Throws the error of the last attempt, or the one that its status means: at once where trying
/// again cannot help, else when attempts, the time until FetchContext::end or the deadline are used
/// up. The trace then says until when to leave the publisher alone.
HttpResponse persist(const std::string& url,
                     const FetchContext& context,
                     const std::function<HttpResponse()>& attempt);

}  // namespace isinfetch
