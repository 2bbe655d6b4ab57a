#include "store/pg_connect.hpp"

#include "store/pg_location.hpp"
#include "store/sql_state.hpp"
#include "util/error.hpp"
#include "util/wait.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <chrono>
#include <future>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace isinfetch {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPollEvery{20};
constexpr milliseconds kLate{500};  // for one that ends by itself

/// A connection, or what became of it.
struct Attempt {
    PgHandle link{};
    std::string trouble{};
};

/// Waits for the socket as the library wants it; false when `end` is there first.
bool wait_for(PGconn* link, PostgresPollingStatusType wanted, PgDeadline end) {
    pollfd socket{.fd = PQsocket(link),
                  .events = static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                  .revents = 0};
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    return left.count() > 0 && poll(&socket, 1, static_cast<int>(left.count())) != 0;
}

// Step by step rather than at once: only so can the library be told to put the code of a refusal
// into its text, which is all that it gives of one.
std::string connect(PGconn* link, PgDeadline end) {
    if (link == nullptr) {
        return "out of memory";
    }
    PQsetErrorVerbosity(link, PQERRORS_VERBOSE);
    PQsetNoticeProcessor(
        link, [](void*, const char*) {}, nullptr);
    auto status = PGRES_POLLING_WRITING;
    while (PQstatus(link) != CONNECTION_BAD && status != PGRES_POLLING_OK &&
           status != PGRES_POLLING_FAILED) {
        if (!wait_for(link, status, end)) {
            return "no answer in time";
        }
        status = PQconnectPoll(link);
    }
    const bool is_open = status == PGRES_POLLING_OK && PQstatus(link) == CONNECTION_OK;
    return is_open ? "" : PQerrorMessage(link);
}

Attempt attempt(const std::string& location, const Secret& password) {
    const PgSettings settings(location, password);
    const PgDeadline end = settings.deadline();
    Attempt result;
    result.link.reset(PQconnectStartParams(settings.names(), settings.values(), 1));
    result.trouble = connect(result.link.get(), end);
    return result;
}

/// In a thread of its own: the library looks up each host's name on the way, and hears nothing
/// meanwhile. A thread that nobody waits for any longer is left to its end.
std::future<Attempt> begin_attempt(const std::string& location, const Secret& password) {
    std::packaged_task<Attempt()> task(
        [location, password] { return attempt(location, password); });
    std::future<Attempt> future = task.get_future();
    try {
        std::thread(std::move(task)).detach();
    } catch (const std::system_error&) {
        std::promise<Attempt> now;
        now.set_value(attempt(location, password));
        future = now.get_future();
    }
    return future;
}

Attempt await_attempt(const std::string& location,
                      const Secret& password,
                      const std::string& where) {
    const PgDeadline end = PgSettings(location, password).deadline();
    const auto patience =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now()) + kLate;
    std::future<Attempt> future = begin_attempt(location, password);
    Wait wait(where + ": waiting for the server", patience, WaitPurpose::store);
    while (future.wait_for(kPollEvery) != std::future_status::ready) {
        if (!wait.nap(milliseconds{0})) {
            return {.trouble = "no answer in time"};
        }
    }
    return future.get();
}

}  // namespace

void PgCloser::operator()(pg_conn* link) const noexcept {
    PQfinish(link);
}

void PgCloser::operator()(pg_result* result) const noexcept {
    PQclear(result);
}

PgHandle connect_postgres(const std::string& location,
                          const Secret& password,
                          const std::string& where) {
    Attempt made = await_attempt(location, password, where);
    if (!made.trouble.empty()) {
        fail(kind_of_failed_connection(made.trouble),
             "{}: {}{}",
             where,
             plain_message(made.trouble),
             remedy_for({}, plain_message(made.trouble)));
    }
    PGconn* const link = made.link.get();
    const char* encoding = PQparameterStatus(link, "server_encoding");
    if (encoding != nullptr && std::string_view(encoding) != "UTF8") {
        fail(ErrorKind::config,
             "{}: its encoding is {}: make the database with ENCODING 'UTF8'",
             where,
             encoding);
    }
    PQsetErrorVerbosity(link, PQERRORS_TERSE);
    PQsetnonblocking(link, 1);
    return std::move(made.link);
}

}  // namespace isinfetch
