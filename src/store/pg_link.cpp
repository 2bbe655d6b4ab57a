#include "store/pg_link.hpp"

#include "store/copy_text.hpp"
#include "store/pg_location.hpp"
#include "store/sql_state.hpp"

#include <endian.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <vector>

namespace isinfetch {

namespace {

// Types of parameters, from the server's pg_type.dat.
constexpr Oid kUnknownType = 0;
constexpr Oid kInteger = 20;
constexpr Oid kText = 25;

constexpr int kBinary = 1;

/// Parameters as the library takes them: views of the caller's texts, not copied.
class Parameters {
public:
    explicit Parameters(std::span<const Parameter> parameters) {
        for (const Parameter& parameter : parameters) {
            if (const auto* number = std::get_if<std::int64_t>(&parameter)) {
                const std::uint64_t swapped = htobe64(static_cast<std::uint64_t>(*number));
                auto& bytes = numbers_.emplace_back();
                std::memcpy(bytes.data(), &swapped, sizeof swapped);
                add(kInteger, bytes.data(), bytes.size());
            } else if (const auto* text = std::get_if<std::string_view>(&parameter)) {
                add_text(*text);
            } else {
                add(kUnknownType, nullptr, 0);
            }
        }
    }

    int send(PGconn* link, const std::string& sql) const {
        return PQsendQueryParams(link,
                                 sql.c_str(),
                                 static_cast<int>(values_.size()),
                                 types_.data(),
                                 values_.data(),
                                 lengths_.data(),
                                 formats_.data(),
                                 0);
    }

private:
    void add_text(std::string_view text) {
        std::string mended;
        if (mend_text(text, mended)) {
            text = texts_.emplace_back(std::move(mended));
        }
        add(kText, text.data() != nullptr ? text.data() : "", text.size());
    }

    void add(Oid type, const char* value, std::size_t length) {
        types_.push_back(type);
        values_.push_back(value);
        lengths_.push_back(static_cast<int>(length));
        formats_.push_back(kBinary);
    }

    std::vector<Oid> types_{};
    std::vector<const char*> values_{};
    std::vector<int> lengths_{};
    std::vector<int> formats_{};
    std::deque<std::array<char, 8>> numbers_{};  // addresses in deques do not change
    std::deque<std::string> texts_{};
};

/// Waits for the socket as the library wants it; false when `end` is there first.
bool wait_for(PGconn* link, PostgresPollingStatusType wanted, PgDeadline end) {
    pollfd socket{.fd = PQsocket(link),
                  .events = static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                  .revents = 0};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
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

}  // namespace

void PgCloser::operator()(pg_conn* link) const noexcept {
    PQfinish(link);
}

void PgCloser::operator()(pg_result* result) const noexcept {
    PQclear(result);
}

PgLink::PgLink(const StoreOptions& options)
    : location_(connection_text(options.location)),
      password_(options.password),
      where_(shown_location(location_)) {
    reconnect();
}

void PgLink::reconnect() {
    const PgSettings settings(location_, password_);
    link_.reset(PQconnectStartParams(settings.names(), settings.values(), 1));
    const std::string trouble = connect(link_.get(), settings.deadline());
    if (!trouble.empty()) {
        fail(kind_of_failed_connection(trouble), "{}: {}", where_, plain_message(trouble));
    }
    const char* encoding = PQparameterStatus(link_.get(), "server_encoding");
    if (encoding != nullptr && std::string_view(encoding) != "UTF8") {
        fail(ErrorKind::config,
             "{}: its encoding is {}: make the database with ENCODING 'UTF8'",
             where_,
             encoding);
    }
    PQsetErrorVerbosity(link_.get(), PQERRORS_TERSE);
}

bool PgLink::is_lost() const {
    if (PQstatus(link_.get()) != CONNECTION_OK) {
        return true;
    }
    // What a server says unasked is mostly its last word: then the end comes right behind it.
    constexpr int kBehind = 50;  // ms
    pollfd socket{.fd = PQsocket(link_.get()), .events = POLLIN, .revents = 0};
    for (int patience = 0; poll(&socket, 1, patience) != 0; patience = kBehind) {
        if (PQconsumeInput(link_.get()) == 0 || PQstatus(link_.get()) != CONNECTION_OK) {
            return true;
        }
    }
    return false;
}

void PgLink::send(std::string_view sql, std::span<const Parameter> parameters) {
    if (Parameters(parameters).send(link_.get(), std::string(sql)) == 0) {
        fail_lost();
    }
}

PgResult PgLink::receive() {
    PgResult result(PQgetResult(link_.get()));
    while (result != nullptr && PQstatus(link_.get()) == CONNECTION_OK) {
        const PgResult rest(PQgetResult(link_.get()));
        if (rest == nullptr) {
            break;
        }
    }
    check(result.get());
    return result;
}

std::string PgLink::script(const std::string& sql) {
    const PgResult result(PQexec(link_.get(), sql.c_str()));
    check(result.get());
    return PQcmdStatus(result.get());
}

void PgLink::copy(const std::string& sql, const std::string& text) {
    const PgResult begun(PQexec(link_.get(), sql.c_str()));
    check(begun.get());
    // The library takes lengths as int.
    constexpr std::size_t kPiece = std::size_t{1024} * 1024;
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
        const std::size_t size = std::min(kPiece, text.size() - at);
        if (PQputCopyData(link_.get(), text.data() + at, static_cast<int>(size)) != 1) {
            fail_lost();
        }
    }
    if (PQputCopyEnd(link_.get(), nullptr) != 1) {
        fail_lost();
    }
    receive();
}

void PgLink::check(const pg_result* result) const {
    switch (PQresultStatus(result)) {
        case PGRES_EMPTY_QUERY:
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_COPY_IN:
            return;
        default:
            break;
    }
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == nullptr || message == nullptr) {
        fail_lost();
    }
    fail(kind_of_sql_state(state), "{}: {} (SQLSTATE {})", where_, message, state);
}

void PgLink::fail_lost() const {
    const std::string text = PQerrorMessage(link_.get());
    fail(ErrorKind::temporary,
         "{}: connection lost{}{}",
         where_,
         text.empty() ? "" : ": ",
         plain_message(text));
}

}  // namespace isinfetch
