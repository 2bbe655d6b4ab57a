// Is a file there? Not every server says 404 when it is not.
#pragma once

#include "discover/discovery.hpp"

#include <string>

namespace isinfetch {

/// Asks for one file after the other, with no more than find.limit requests in all, redirects and
/// retries included. What it is made from must outlive it.
class Presence {
public:
    Presence(const DiscoverRequest& request,
             const FetchEnvironment& environment,
             FetchTrace& trace);
    Presence(const Presence&) = delete;  // a part of it points to another one
    Presence& operator=(const Presence&) = delete;

    /// No: 404, 410, a status of find.missing, or a web page although the list is none. A page is
    /// one by its beginning, which is read where its type does not tell that it is something else.
    /// Throws Error as probe() does, and Error{protocol} when find.limit is used up.
    bool is_there(const std::string& url);

    /// How many of the URLs led to a web page instead.
    int pages() const noexcept { return pages_; }

private:
    /// Counts what goes through it.
    class LimitedHttp final : public HttpClient {
    public:
        LimitedHttp(HttpClient& http, const DiscoverRequest& request)
            : http_(http), request_(request) {}

        HttpResponse get(const HttpRequest& request,
                         ByteSink& body,
                         const std::function<void(const HttpResponse&)>& answered) override;

    private:
        HttpClient& http_;
        const DiscoverRequest& request_;
        int requests_ = 0;
    };

    bool is_missing(ErrorKind kind) const;
    bool is_page(const std::string& url, const std::string& content_type);

    const DiscoverRequest& request_;
    LimitedHttp http_;
    FetchEnvironment environment_;
    FetchTrace& trace_;
    int pages_ = 0;
};

}  // namespace isinfetch
