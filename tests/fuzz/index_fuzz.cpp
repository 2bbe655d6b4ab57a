// Any bytes as the answer of an index: Solr's, the FCA's or GLEIF's, by the first byte. What comes
// of it are files that a link may lead to, or an Error that blames the publisher. For libFuzzer.
#include "discover/discovery.hpp"
#include "discover/sets.hpp"
#include "fetch/redirect.hpp"
#include "require.hpp"
#include "support/fetch_fixture.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

/// Gives the same page again and again.
class SamePage final : public HttpClient {
public:
    explicit SamePage(std::string_view page) : page_(page) {}

    HttpResponse get(const HttpRequest&,
                     ByteSink& body,
                     const std::function<void(const HttpResponse&)>& answered) override {
        const HttpResponse response{.status = 200};
        answered(response);
        body.write(page_);
        return response;
    }

private:
    std::string_view page_;
};

struct Asking : FetchFixture {
    Asking() {
        options.redirect_hosts = {"b.example", "*.c.example"};
        options.retry.attempts = 1;
    }
};

constexpr std::array<std::string_view, 4> kMethods{
    "firds-index", "fca-index", "gleif", "fitrs-index"};

void check_files(const std::vector<RemoteFile>& files, const FetchOptions& options) {
    for (const RemoteFile& file : files) {
        check_link("https://a.example/select", file.url, options);
        require(file.part >= 1 && file.part <= file.parts);
        require(file.published.empty() || parse_time(file.published).has_value());
    }
    const Sets sets = sort_into_sets(files);
    for (const Publication& publication : sets.complete) {
        require(!publication.files.empty());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Asking asking;
    if (size < 1) {
        return 0;
    }
    SamePage http({reinterpret_cast<const char*>(data) + 1, size - 1});
    asking.trace = {};
    asking.slept = {};
    asking.naps.clear();
    const DiscoverRequest request{.source = "x",
                                  .url = "https://a.example/select",
                                  .first_day = "2026-11-14",
                                  .last_day = "2026-11-20",
                                  .options = asking.options};
    try {
        const auto* method = find_discovery(kMethods[data[0] % kMethods.size()]);
        check_files(method->discover(request, asking.environment(http), asking.trace),
                    asking.options);
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::protocol || error.kind() == ErrorKind::data ||
                error.kind() == ErrorKind::temporary);
        require(is_utf8(error.what()));
    }
    return 0;
}
