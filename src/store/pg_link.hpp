// One connection to a PostgreSQL server, as its client library has it, with errors as Error.
#pragma once

#include "store/store.hpp"

#include <memory>
#include <string>
#include <string_view>

struct pg_conn;
struct pg_result;

namespace isinfetch {

struct PgCloser {
    void operator()(pg_conn* link) const noexcept;
    void operator()(pg_result* result) const noexcept;
};
using PgResult = std::unique_ptr<pg_result, PgCloser>;

/// What is done between two calls leaves nothing behind in the session: a pooler may give every
/// transaction to another one. All calls throw the Error that fits the server's complaint, and
/// Error{temporary} when the connection is lost.
class PgLink {
public:
    /// Connects. Throws Error{permission} for a wrong password, Error{protocol} for what is wrong
    /// with TLS, Error{config} for a location or database that is none, else Error{temporary}.
    explicit PgLink(const StoreOptions& options);

    /// Has the server closed the connection, as far as can be known without asking it?
    bool is_lost() const;
    void reconnect();

    /// Asks; the answer is to be received before anything else is asked.
    void send(std::string_view sql, std::span<const Parameter> parameters);
    PgResult receive();

    /// Several statements without parameters. Gives the last one's command tag: "COMMIT".
    std::string script(const std::string& sql);

    /// Runs "COPY … FROM STDIN" with `text` as its input.
    void copy(const std::string& sql, const std::string& text);

    /// For messages: host and database, no password.
    const std::string& where() const noexcept { return where_; }

private:
    void check(const pg_result* result) const;
    [[noreturn]] void fail_lost() const;

    std::string location_;
    std::string password_;
    std::string where_;
    std::unique_ptr<pg_conn, PgCloser> link_{};
};

}  // namespace isinfetch
