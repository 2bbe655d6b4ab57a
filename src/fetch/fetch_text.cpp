#include "fetch/fetch_text.hpp"

#include "fetch/coding.hpp"
#include "fetch/exchange.hpp"
#include "util/error.hpp"
#include "util/html.hpp"

#include <algorithm>
#include <type_traits>

namespace isinfetch {

namespace {

constexpr std::uint64_t kLongestText = 0x100000;
constexpr std::uint64_t kLongestPage = 0x400000;

constexpr std::size_t kTelling = 4096;  // bytes that tell a page from a list

class LimitedSink : public ByteSink {
public:
    LimitedSink(std::string url, std::uint64_t limit) : url_(std::move(url)), limit_(limit) {}

    void write(std::string_view bytes) override {
        if (text_.size() + bytes.size() > limit_) {
            fail(ErrorKind::data, "{}: larger than {}", url_, format_size(limit_));
        }
        text_ += bytes;
    }

    const std::string& text() const noexcept { return text_; }
    std::string take() { return std::move(text_); }

private:
    std::string url_;  ///< redacted
    std::uint64_t limit_;
    std::string text_{};
};

/// Thrown by PageSink, to be caught in this file.
struct NoPage {};

/// Lets nothing by that does not begin like a page: it may be a list of any size.
class PageSink final : public LimitedSink {
public:
    using LimitedSink::LimitedSink;

    void write(std::string_view bytes) override {
        const std::size_t before = text().size();
        const std::size_t telling = std::min(bytes.size(), kTelling - std::min(before, kTelling));
        LimitedSink::write(bytes.substr(0, telling));
        if (before < kTelling && text().size() >= kTelling && !html_title(text())) {
            throw NoPage{};
        }
        LimitedSink::write(bytes.substr(telling));
    }
};

template <class Sink>
FetchedPage fetch(const std::string& url,
                  const FetchContext& context,
                  const std::string& question,
                  std::uint64_t limit) {
    check_url(url, context.options);
    FetchedPage page;
    const HttpResponse response = persist(url, context, [&] {
        Sink sink(redacted(url), limit);
        HttpRequest request = make_request(url, context);
        request.question = question;
        if constexpr (!std::is_same_v<Sink, PageSink>) {
            request.max_bytes = std::min(request.max_bytes, limit);
        }
        HttpResponse answer =
            send(std::move(request), context, sink, [&](const HttpResponse& begun) {
                check_coding(redacted(url), begun, Gzip::is_foreign);
            });
        page.text = sink.take();
        return answer;
    });
    if (response.status != 200) {
        fail(ErrorKind::protocol,
             "{}: HTTP {} without having asked for it",
             redacted(url),
             response.status);
    }
    page.url = response.url;
    return page;
}

}  // namespace

std::string fetch_text(const std::string& url,
                       const FetchOptions& options,
                       const FetchEnvironment& environment,
                       FetchTrace& trace,
                       const std::string& question) {
    return fetch<LimitedSink>(url, {options, environment, trace}, question, kLongestText).text;
}

FetchedPage fetch_page(const std::string& url,
                       const FetchOptions& options,
                       const FetchEnvironment& environment,
                       FetchTrace& trace) {
    try {
        FetchedPage page = fetch<PageSink>(url, {options, environment, trace}, {}, kLongestPage);
        page.is_html = html_title(page.text).has_value();
        return page;
    } catch (const NoPage&) {
        return {.url = url};
    }
}

}  // namespace isinfetch
