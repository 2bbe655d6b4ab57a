#include "store/sql_state.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("a server's code tells what to do", "[store]") {
    struct Row {
        const char* state;
        ErrorKind kind;
        const char* meaning;
    };
    const auto row = GENERATE(values<Row>({
        {"08006", ErrorKind::temporary, "connection failure"},
        {"25P03", ErrorKind::temporary, "idle in transaction for too long"},
        {"25006", ErrorKind::temporary, "read-only: a standby, after a failover"},
        {"28P01", ErrorKind::permission, "wrong password"},
        {"3D000", ErrorKind::config, "no such database"},
        {"3F000", ErrorKind::config, "no such schema"},
        {"40001", ErrorKind::temporary, "serialization failure"},
        {"40P01", ErrorKind::temporary, "deadlock"},
        {"42501", ErrorKind::permission, "insufficient privilege"},
        {"42601", ErrorKind::internal, "syntax error"},
        {"23505", ErrorKind::internal, "unique violation"},
        {"53100", ErrorKind::io, "disk full"},
        {"53300", ErrorKind::temporary, "too many connections"},
        {"55P03", ErrorKind::temporary, "lock not available"},
        {"57014", ErrorKind::temporary, "statement timeout"},
        {"57P01", ErrorKind::temporary, "terminated by an administrator"},
        {"57P03", ErrorKind::temporary, "starting up"},
        {"58030", ErrorKind::io, "input or output error"},
        {"XX001", ErrorKind::io, "data corrupted"},
        {"", ErrorKind::internal, "none"},
    }));
    CAPTURE(row.state, row.meaning);
    CHECK(kind_of_sql_state(row.state) == row.kind);
}

TEST_CASE("the text of a failed connection tells what to do", "[store]") {
    struct Row {
        const char* text;
        ErrorKind kind;
        const char* message;
    };
    // clang-format off
    const auto row = GENERATE(values<Row>({
        {"connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n\tIs the server running?",
         ErrorKind::temporary, "connection to server at \"127.0.0.1\", port 1 failed: Connection refused"},
        {"connection to server on socket \"/x\" failed: FATAL:  28P01: password authentication failed"
         " for user \"u\"\nLOCATION:  auth.c:300\n",
         ErrorKind::permission, "password authentication failed for user \"u\""},
        {"connection to server at \"h\" failed: FATAL:  3D000: database \"x\" does not exist\n",
         ErrorKind::config, "database \"x\" does not exist"},
        {"connection to server at \"h\" failed: FATAL:  57P03: the database system is starting up\n",
         ErrorKind::temporary, "the database system is starting up"},
        {"connection to server at \"h\" failed: FATAL:  08P01: password authentication failed\n",
         ErrorKind::permission, "password authentication failed"},
        {"connection to server at \"h\" failed: fe_sendauth: no password supplied\n",
         ErrorKind::permission, "connection to server at \"h\" failed: fe_sendauth: no password supplied"},
        {"connection to server at \"h\" failed: SSL error: certificate verify failed\n",
         ErrorKind::protocol, "connection to server at \"h\" failed: SSL error: certificate verify failed"},
        {"connection to server at \"a\" failed: FATAL:  28P01: no\nconnection to server at \"b\" failed: timeout\n",
         ErrorKind::temporary, "connection to server at \"b\" failed: timeout"},
        {"definition of service \"x\" not found\n", ErrorKind::config, "definition of service \"x\" not found"},
        {"invalid sslmode value: \"x\"\n", ErrorKind::config, "invalid sslmode value: \"x\""},
        {"no answer in time", ErrorKind::temporary, "no answer in time"},
        {"connection to server at \"h\", port 6432 failed: FATAL:  08P01: unsupported startup parameter: options\n",
         ErrorKind::config, "unsupported startup parameter: options"},
        {"connection to server at \"h\", port 6432 failed: FATAL:  no such database: x\n",
         ErrorKind::config, "connection to server at \"h\", port 6432 failed: FATAL:  no such database: x"},
    }));
    // clang-format on
    CAPTURE(row.text);
    CHECK(kind_of_failed_connection(row.text) == row.kind);
    CHECK(plain_message(row.text) == row.message);
}

TEST_CASE("a pooler's text tells what its code does not, and what to do", "[store]") {
    struct Row {
        const char* state;
        const char* message;
        ErrorKind kind;
        const char* remedy;  // a part of it
    };
    // clang-format off
    const auto row = GENERATE(values<Row>({
        {"08P01", "transaction blocks not allowed in statement pooling mode", ErrorKind::config,
         "pool_mode = transaction"},
        {"08P01", "unsupported startup parameter: options", ErrorKind::config,
         "ignore_startup_parameters"},
        {"08P01", "unsupported startup parameter in options: search_path", ErrorKind::config,
         "ignore_startup_parameters"},
        {"08P01", "query_wait_timeout", ErrorKind::temporary, ""},
        {"08P01", "no more connections allowed (max_client_conn)", ErrorKind::temporary, ""},
        {"25006", "cannot execute INSERT in a read-only transaction", ErrorKind::temporary,
         "target_session_attrs=read-write"},
        {"42501", "permission denied for table source", ErrorKind::permission, ""},
    }));
    // clang-format on
    CAPTURE(row.message);
    CHECK(kind_of_complaint(row.state, row.message) == row.kind);
    const std::string remedy(remedy_for(row.state, row.message));
    CHECK_THAT(remedy, ContainsSubstring(row.remedy));
    CHECK(remedy.empty() == (*row.remedy == '\0'));
}
