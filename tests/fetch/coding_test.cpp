#include "fetch/coding.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;

TEST_CASE("a coding that nobody asked for is named", "[coding]") {
    struct Case {
        int status;
        const char* coding;
        Gzip gzip;
        const char* named;  ///< empty: it is read
    };
    const auto row = GENERATE(values<Case>({{200, "", Gzip::is_foreign, ""},
                                            {200, "br", Gzip::is_known, "'br'"},
                                            {206, "ZSTD", Gzip::is_known, "'zstd'"},
                                            {200, "gzip, deflate", Gzip::is_known, "'deflate'"},
                                            {200, "gzip", Gzip::is_known, ""},
                                            {200, "x-gzip", Gzip::is_foreign, "'x-gzip'"},
                                            {200, "utf-8", Gzip::is_foreign, ""},
                                            {404, "br", Gzip::is_foreign, ""}}));
    CAPTURE(row.status, row.coding);
    std::string message;
    try {
        check_coding(
            "https://a.org/x", {.status = row.status, .content_coding = row.coding}, row.gzip);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::protocol);
        message = error.what();
    }
    CHECK(message.empty() == std::string(row.named).empty());
    CHECK_THAT(message, ContainsSubstring(row.named));
}
