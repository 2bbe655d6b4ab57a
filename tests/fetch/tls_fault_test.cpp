#include "fetch/tls_fault.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("a handshake that fails is told in words", "[fetch]") {
    const char* const kCut =
        "the connection ended while TLS was agreed on: the network failed, or the server does not"
        " speak TLS on port 8765";
    struct Case {
        const char* text;
        std::string fault;
        bool is_cut;
    };
    const std::vector<Case> cases{
        {"error:0A00010B:SSL routines::wrong version number",
         "the server does not speak TLS on port 8765",
         false},
        {"error:0A00009C:SSL routines::http request",
         "the server does not speak TLS on port 8765",
         false},
        {"OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to localhost:8765", kCut, true},
        {"OpenSSL SSL_connect: Connection reset by peer in connection to localhost:8765",
         kCut,
         true},
        {"TLS connect error: error:0A000126:SSL routines::unexpected eof while reading",
         kCut,
         true},
        {"SSL certificate problem: certificate has expired",
         "SSL certificate problem: certificate has expired",
         false},
        {"", "", false},
    };
    for (const Case& row : cases) {
        CAPTURE(row.text);
        CHECK(tls_fault(row.text, "https://localhost:8765/list") == row.fault);
        CHECK(is_cut_handshake(row.text) == row.is_cut);
    }
}
