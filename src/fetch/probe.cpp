#include "fetch/probe.hpp"

#include "fetch/exchange.hpp"
#include "fetch/partial_file.hpp"
#include "util/error.hpp"

namespace isinfetch {

namespace {

class NoSink final : public ByteSink {
public:
    void write(std::string_view /*bytes*/) override {}
};

bool is_refusal_of_head(int status) {
    return status == 403 || status == 405 || status == 501;
}

HttpResponse ask(const std::string& url, const FetchContext& context, Wanted wanted) {
    NoSink sink;
    HttpRequest request = make_request(url, context);
    request.wanted = wanted;
    request.question = wanted == Wanted::nothing ? "" : context.options.post.reveal();
    return send(std::move(request), context, sink, [](const HttpResponse&) {});
}

/// Of a piece, the range says how long the whole is.
std::optional<std::uint64_t> whole_length(const HttpResponse& response) {
    if (response.status != 206) {
        return response.content_length;
    }
    const auto range = ContentRange::parse(response.content_range);
    return range ? range->total : std::nullopt;
}

}  // namespace

Probe probe(const std::string& url,
            const FetchOptions& options,
            const FetchEnvironment& environment,
            FetchTrace& trace) {
    check_url(url, options);
    const FetchContext context{options, environment, trace};
    const HttpResponse response = persist(url, context, [&] {
        if (!options.post.empty()) {
            return ask(url, context, Wanted::first_byte);  // HEAD is the question of another GET
        }
        HttpResponse answer = ask(url, context, Wanted::nothing);
        return is_refusal_of_head(answer.status) ? ask(url, context, Wanted::first_byte) : answer;
    });
    return {.url = response.url,
            .bytes = whole_length(response),
            .content_type = response.content_type,
            .last_modified = response.last_modified,
            .etag = response.etag};
}

}  // namespace isinfetch
