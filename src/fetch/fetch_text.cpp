#include "fetch/fetch_text.hpp"

#include "fetch/exchange.hpp"
#include "util/error.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::uint64_t kMostBytes = 0x100000;

class LimitedSink final : public ByteSink {
public:
    explicit LimitedSink(std::string url) : url_(std::move(url)) {}

    void write(std::string_view bytes) override {
        if (text_.size() + bytes.size() > kMostBytes) {
            fail(ErrorKind::data, "{}: larger than {}", url_, format_size(kMostBytes));
        }
        text_ += bytes;
    }

    std::string take() { return std::move(text_); }

private:
    std::string url_;  ///< redacted
    std::string text_{};
};

}  // namespace

std::string fetch_text(const std::string& url,
                       const FetchOptions& options,
                       const FetchEnvironment& environment,
                       FetchTrace& trace,
                       const std::string& question) {
    check_url(url, options);
    const FetchContext context{options, environment, trace};
    std::string text;
    const HttpResponse response = persist(url, context, [&] {
        LimitedSink sink(redacted(url));
        HttpRequest request = make_request(url, context);
        request.question = question;
        request.max_bytes = std::min(request.max_bytes, kMostBytes);
        HttpResponse answer = send(std::move(request), context, sink, [](const HttpResponse&) {});
        text = sink.take();
        return answer;
    });
    if (response.status != 200) {
        fail(ErrorKind::protocol,
             "{}: HTTP {} without having asked for it",
             redacted(url),
             response.status);
    }
    return text;
}

}  // namespace isinfetch
