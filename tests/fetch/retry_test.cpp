#include "fetch/retry.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds kDay = std::chrono::days{1};

struct StatusCase {
    int status;
    Advice advice;
    ErrorKind kind;  // means nothing for what is accepted
    const char* why;
};

struct DelayCase {
    int attempt;
    std::optional<seconds> retry_after;
    double dice;
    milliseconds expected;
    const char* why;
};

struct CooldownCase {
    int status;
    std::optional<seconds> retry_after;
    std::optional<seconds> expected;
    const char* why;
};

}  // namespace

TEST_CASE("a status is accepted, tried again or given up", "[retry]") {
    // clang-format off
    const auto row = GENERATE(values<StatusCase>({
        {200, Advice::accept,  ErrorKind::protocol,    "the file"},
        {206, Advice::accept,  ErrorKind::protocol,    "the rest of the file"},
        {304, Advice::accept,  ErrorKind::protocol,    "nothing new"},
        {204, Advice::give_up, ErrorKind::protocol,    "no content where a file was expected"},
        {302, Advice::give_up, ErrorKind::protocol,    "a redirect without a location"},
        {400, Advice::give_up, ErrorKind::protocol,    "our request is wrong"},
        {401, Advice::give_up, ErrorKind::permission,  "credentials"},
        {403, Advice::give_up, ErrorKind::permission,  "shut out"},
        {407, Advice::give_up, ErrorKind::permission,  "credentials for the proxy"},
        {404, Advice::give_up, ErrorKind::gone,        "moved or deleted"},
        {410, Advice::give_up, ErrorKind::gone,        "deleted for good"},
        {451, Advice::give_up, ErrorKind::unavailable, "forbidden by law"},
        {408, Advice::retry,   ErrorKind::temporary,   "request timeout"},
        {425, Advice::retry,   ErrorKind::temporary,   "too early"},
        {429, Advice::retry,   ErrorKind::temporary,   "too many requests"},
        {499, Advice::give_up, ErrorKind::protocol,    "our side, whatever it means"},
        {500, Advice::retry,   ErrorKind::temporary,   "may be over in a moment"},
        {503, Advice::retry,   ErrorKind::temporary,   "overload"},
        {599, Advice::retry,   ErrorKind::temporary,   "unknown, but 5xx"},
        {501, Advice::give_up, ErrorKind::protocol,    "will not learn GET by tomorrow"},
        {505, Advice::give_up, ErrorKind::protocol,    "nor our version of HTTP"},
        {600, Advice::give_up, ErrorKind::protocol,    "no HTTP status"},
        {0,   Advice::give_up, ErrorKind::protocol,    "no status at all"},
    }));
    // clang-format on
    CAPTURE(row.status, row.why);
    CHECK(judge(row.status) == row.advice);
    if (row.advice != Advice::accept) {
        CHECK(error_kind(row.status) == row.kind);
    }
}

TEST_CASE("the wait doubles, is capped, and never shorter than Retry-After", "[retry]") {
    // clang-format off
    const auto row = GENERATE(values<DelayCase>({
        {1,     {},           1.0,  milliseconds{1000},    "the first delay"},
        {2,     {},           1.0,  milliseconds{2000},    "doubled"},
        {4,     {},           0.5,  milliseconds{4000},    "full jitter: a share of eight seconds"},
        {3,     {},           0.0,  milliseconds{0},       "which may be nothing"},
        {7,     {},           1.0,  milliseconds{60'000},  "capped"},
        {10000, {},           1.0,  milliseconds{60'000},  "no overflow"},
        {1,     seconds{5},   1.0,  milliseconds{5000},    "as asked"},
        {4,     seconds{5},   1.0,  milliseconds{8000},    "our own delay is longer"},
        {1,     seconds{900}, 0.0,  milliseconds{900'000}, "the cap is not for Retry-After"},
        {1,     seconds{0},   0.25, milliseconds{250},     "at once, they say: still jitter"},
    }));
    // clang-format on
    CAPTURE(row.attempt, row.why);
    CHECK(retry_delay({}, row.attempt, row.retry_after, row.dice) == row.expected);
}

TEST_CASE("a publisher who says stop is left alone for a while", "[retry]") {
    // clang-format off
    const auto row = GENERATE(values<CooldownCase>({
        {403, {},             kDay,                   "shut out: a day"},
        {403, seconds{60},    kDay,                   "whatever else it says"},
        {429, {},             seconds{4 * 3600},      "four hours"},
        {429, seconds{60},    seconds{60},            "as asked"},
        {429, kDay * 30,      kDay * 7,               "a month is a mistake"},
        {429, seconds{0},     std::nullopt,           "now already"},
        {429, seconds{1},     seconds{1},             "as asked"},
        {503, {},             std::nullopt,           "the next run may ask at once"},
        {503, seconds{7200},  seconds{7200},          "as asked"},
        {503, seconds::max(), kDay * 7,               "no overflow"},
        {500, seconds{7200},  std::nullopt,           "Retry-After is not defined there"},
        {404, {},             std::nullopt,           "gone, not offended"},
        {200, {},             std::nullopt,           "all well"},
    }));
    // clang-format on
    CAPTURE(row.status, row.why);
    const Timestamp now{seconds{1'800'000'000}};
    const auto until = cooldown_until({}, row.status, row.retry_after, now);
    CHECK(until.has_value() == row.expected.has_value());
    if (until && row.expected) {
        CHECK(*until - now == *row.expected);
    }
}
