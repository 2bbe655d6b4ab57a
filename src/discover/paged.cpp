// A list that comes in pages: all of them, or none. Only what is in a page tells whether another
// one follows, so that they are downloaded here, into the archive.
#include "discover/discovery.hpp"
#include "discover/url_pattern.hpp"
#include "fetch/url.hpp"
#include "parse/open.hpp"
#include "parse/read_list.hpp"
#include "util/error.hpp"
#include "util/json_number.hpp"

#include <fmt/format.h>

#include <optional>

namespace isinfetch {

namespace {

constexpr int kAttempts = 3;
constexpr std::uint64_t kLargestPage = std::uint64_t{256} * 1024 * 1024;  // unpacked

/// What a page says of itself.
struct PageContent {
    std::uint64_t rows = 0;
    std::optional<std::uint64_t> total{};  ///< announced rows of all pages
};

std::string read_all(ByteSource& source) {
    std::string text;
    std::string buffer(0x10000, '\0');
    while (const std::size_t count = source.read(buffer)) {
        text.append(buffer, 0, count);
    }
    return text;
}

class PagedList {
public:
    PagedList(const DiscoverRequest& request,
              const FetchEnvironment& environment,
              FetchTrace& trace)
        : request_(request), environment_(environment), trace_(trace) {}

    /// None when the announced total moved meanwhile.
    std::optional<std::vector<RemoteFile>> read();

private:
    RemoteFile fetch(std::uint64_t number);
    PageContent look_at(const RemoteFile& page) const;
    void check_total(std::uint64_t total) const;

    const DiscoverRequest& request_;
    const FetchEnvironment& environment_;
    FetchTrace& trace_;
    UrlPattern pattern_ = UrlPattern::parse(request_.url);
    std::vector<RemoteFile> pages_{};
    std::uint64_t rows_ = 0;
};

std::optional<std::vector<RemoteFile>> PagedList::read() {
    std::optional<std::uint64_t> total;
    while (true) {
        const RemoteFile page = fetch(request_.find.first + pages_.size());
        const PageContent content = look_at(page);
        if (total && content.total != total) {
            return std::nullopt;
        }
        total = content.total;
        const bool is_end = content.rows == 0;
        if (!is_end || pages_.empty()) {
            pages_.push_back(page);
            rows_ += content.rows;
        }
        if (is_end || !pattern_.has_page() || (total && rows_ >= *total)) {
            break;
        }
    }
    check_total(total.value_or(rows_));
    for (RemoteFile& page : pages_) {
        page.parts = static_cast<unsigned>(pages_.size());
    }
    return std::move(pages_);
}

RemoteFile PagedList::fetch(std::uint64_t number) {
    if (pages_.size() >= static_cast<std::size_t>(request_.find.limit)) {
        fail(ErrorKind::protocol,
             "{}: {} pages and no end: raise find.limit if that is right",
             redacted(request_.url),
             pages_.size());
    }
    RemoteFile page{.url = pattern_.fill({.number = number, .row = rows_})};
    page.part = static_cast<unsigned>(pages_.size()) + 1;
    page.name = parse_url(page.url).file_name;
    page.name += pattern_.has_page() ? fmt::format(", page {}", number) : "";
    const Download got =
        download(page, request_.source, request_.options, {}, environment_, trace_);
    page.sha256 = got.sha256;
    page.bytes = got.bytes;
    if (!pages_.empty() && pages_.back().sha256 == page.sha256) {
        fail(
            ErrorKind::protocol,
            "{}: the same as the page before: the server may not know this way of asking for pages",
            redacted(page.url));
    }
    return page;
}

/// How many rows the document says that there are.
std::optional<std::uint64_t> announced(ByteSource& input, const std::string& path) {
    auto total = json_number(read_all(input), path);
    if (!total) {
        fail(ErrorKind::protocol, "no number at '{}'", path);
    }
    return total;
}

PageContent PagedList::look_at(const RemoteFile& page) const {
    const auto path = environment_.archive.find(page.sha256);
    const auto open = [&] { return open_file(path.value(), {.max_bytes = kLargestPage}); };
    try {
        PageContent content;
        const ListFile file{.path = path.value(), .limits = {.max_bytes = kLargestPage}};
        const RecordSink nobody = [](const RawRecord&) {};
        content.rows = read_list(*request_.format, file, *request_.parse, nobody).rows;
        if (!request_.find.total.empty()) {
            content.total = announced(*open(), request_.find.total);
        }
        return content;
    } catch (const Error& error) {
        fail(error.kind(), "{}: {}", redacted(page.url), error.what());
    }
}

void PagedList::check_total(std::uint64_t total) const {
    if (rows_ != total) {
        fail(ErrorKind::temporary,
             "{}: announces {} rows and gives {}",
             redacted(request_.url),
             total,
             rows_);
    }
}

}  // namespace

void check_paged(const DiscoverRequest& request) {
    UrlPattern::parse(request.url);
}

std::vector<RemoteFile> discover_paged(const DiscoverRequest& request,
                                       const FetchEnvironment& environment,
                                       FetchTrace& trace) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (auto pages = PagedList(request, environment, trace).read()) {
            return *std::move(pages);
        }
    }
    fail(ErrorKind::temporary,
         "{}: the number of its rows changed {} times while it was read",
         redacted(request.url),
         kAttempts);
}

}  // namespace isinfetch
