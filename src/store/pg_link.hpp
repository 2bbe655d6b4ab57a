// One connection to a PostgreSQL server, as its client library has it, with errors as Error.
#pragma once

#include "store/pg_connect.hpp"
#include "store/store.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace isinfetch {

class Wait;

/// What is done between two calls leaves nothing behind in the session: a pooler may give every
/// transaction to another one. All calls throw the Error that fits the server's complaint, and
/// Error{temporary} when the connection is lost or the server says nothing for too long; they wait
/// as util/wait.hpp has it. A connection whose answer nobody waited for is closed, and lost.
class PgLink {
public:
    /// Connects: see connect_postgres().
    explicit PgLink(const StoreOptions& options);

    /// Has the server closed the connection, as far as can be known without asking it?
    bool is_lost() const;
    void reconnect();

    /// Asks; the answer is to be received before anything else is asked.
    void send(std::string_view sql, std::span<const Parameter> parameters);
    PgResult receive();

    /// Several statements without parameters. Gives the last one's command tag: "COMMIT".
    std::string script(const std::string& sql) { return script(sql, patience_); }
    std::string script(const std::string& sql, std::chrono::milliseconds patience);

    /// Runs "COPY … FROM STDIN" with `text` as its input.
    void copy(const std::string& sql, const std::string& text);

    /// For messages: host and database, no password.
    const std::string& where() const noexcept { return where_; }

private:
    Wait begin_wait(std::chrono::milliseconds patience) const;
    void await(Wait& wait, short events);
    void flush(Wait& wait);
    PgResult next_result(Wait& wait);
    PgResult last_result(Wait& wait);
    void put(std::string_view text);
    void check(const pg_result* result);
    [[noreturn]] void fail_lost() const;

    std::string location_;
    Secret password_;
    std::string where_;
    std::chrono::milliseconds patience_;
    std::function<void()> answered_;
    PgHandle link_{};
};

}  // namespace isinfetch
