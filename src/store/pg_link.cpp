#include "store/pg_link.hpp"

#include "store/copy_text.hpp"
#include "store/pg_location.hpp"
#include "store/sql_state.hpp"
#include "util/error.hpp"
#include "util/wait.hpp"

#include <endian.h>
#include <libpq-fe.h>
#include <poll.h>

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

}  // namespace

PgLink::PgLink(const StoreOptions& options)
    : location_(connection_text(options.location)),
      password_(options.password),
      where_(shown_location(location_)),
      patience_(options.answer_timeout),
      answered_(options.answered) {
    reconnect();
}

void PgLink::reconnect() {
    link_ = connect_postgres(location_, password_, where_);
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

// What does not go out at once goes when the answer is received.
void PgLink::send(std::string_view sql, std::span<const Parameter> parameters) {
    if (Parameters(parameters).send(link_.get(), std::string(sql)) == 0 ||
        PQflush(link_.get()) < 0) {
        fail_lost();
    }
}

PgResult PgLink::receive() {
    Wait wait = begin_wait(patience_);
    flush(wait);
    PgResult result = next_result(wait);
    while (result != nullptr && PQstatus(link_.get()) == CONNECTION_OK) {
        if (next_result(wait) == nullptr) {
            break;
        }
    }
    check(result.get());
    return result;
}

std::string PgLink::script(const std::string& sql, std::chrono::milliseconds patience) {
    if (PQsendQuery(link_.get(), sql.c_str()) == 0) {
        fail_lost();
    }
    Wait wait = begin_wait(patience);
    flush(wait);
    const PgResult result = last_result(wait);
    check(result.get());
    return PQcmdStatus(result.get());
}

void PgLink::copy(const std::string& sql, const std::string& text) {
    if (PQsendQuery(link_.get(), sql.c_str()) == 0) {
        fail_lost();
    }
    {
        Wait wait = begin_wait(patience_);
        flush(wait);
        const PgResult begun = last_result(wait);
        check(begun.get());
    }
    // In pieces: the library keeps what it was given until it is sent, and takes no more than an
    // int.
    constexpr std::size_t kPiece = std::size_t{1} << 18U;
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
        put(std::string_view(text).substr(at, kPiece));
    }
    if (PQputCopyEnd(link_.get(), nullptr) < 0) {
        fail_lost();
    }
    receive();
}

void PgLink::put(std::string_view text) {
    Wait wait = begin_wait(patience_);
    const auto size = static_cast<int>(text.size());
    int taken = 0;
    while ((taken = PQputCopyData(link_.get(), text.data(), size)) == 0) {
        await(wait, POLLOUT);
    }
    if (taken < 0) {
        fail_lost();
    }
    flush(wait);
}

Wait PgLink::begin_wait(std::chrono::milliseconds patience) const {
    return Wait(where_ + ": waiting for the server", patience, WaitPurpose::store);
}

// What the server may still say belongs to nobody: the connection ends with the wait.
void PgLink::await(Wait& wait, short events) {
    try {
        if (!wait.until_ready(PQsocket(link_.get()), events)) {
            fail(ErrorKind::temporary, "{}: the server does not answer", where_);
        }
    } catch (const Error&) {
        link_.reset();
        throw;
    }
    // What is wrong with the connection shows itself again in what comes next.
    PQconsumeInput(link_.get());
    if (answered_) {
        answered_();
    }
}

void PgLink::flush(Wait& wait) {
    int left = 0;
    while ((left = PQflush(link_.get())) > 0) {
        await(wait, POLLIN | POLLOUT);
    }
    if (left < 0) {
        fail_lost();
    }
}

PgResult PgLink::next_result(Wait& wait) {
    while (PQstatus(link_.get()) == CONNECTION_OK && PQisBusy(link_.get()) != 0) {
        await(wait, POLLIN);
    }
    return PgResult(PQgetResult(link_.get()));
}

/// Of several statements; one that begins COPY is the last one. The first complaint counts: behind
/// it comes at most that the connection is lost.
PgResult PgLink::last_result(Wait& wait) {
    PgResult result = next_result(wait);
    while (result != nullptr && PQresultStatus(result.get()) != PGRES_COPY_IN &&
           PQstatus(link_.get()) == CONNECTION_OK) {
        PgResult next = next_result(wait);
        if (next == nullptr) {
            break;
        }
        if (PQresultStatus(result.get()) != PGRES_FATAL_ERROR) {
            result = std::move(next);
        }
    }
    return result;
}

void PgLink::check(const pg_result* result) {
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
    const ErrorKind kind = kind_of_complaint(state, message);
    const std::string text =
        fmt::format("{}: {} (SQLSTATE {}){}", where_, message, state, remedy_for(state, message));
    if (is_read_only(state)) {
        link_.reset();  // another try may lead to another server
    }
    fail(kind, "{}", text);
}

void PgLink::fail_lost() const {
    const std::string text = link_ == nullptr ? "" : PQerrorMessage(link_.get());
    fail(ErrorKind::temporary,
         "{}: connection lost{}{}",
         where_,
         text.empty() ? "" : ": ",
         plain_message(text));
}

}  // namespace isinfetch
