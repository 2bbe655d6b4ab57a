#include "util/secret.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <ostream>
#include <type_traits>

using namespace isinfetch;

namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
    out << value;
};

struct Memory {
    Memory() { forget_secrets(); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    ~Memory() { forget_secrets(); }
};

}  // namespace

TEST_CASE("a secret cannot be printed by mistake", "[util][secret]") {
    STATIC_REQUIRE_FALSE(fmt::is_formattable<Secret>::value);
    STATIC_REQUIRE_FALSE(Streamable<Secret>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string_view>);
    CHECK(Secret("abc").reveal() == "abc");
    CHECK(Secret().empty());
    CHECK_FALSE(Secret("a") == Secret("b"));
}

TEST_CASE_METHOD(Memory, "a text holds no secret that is remembered", "[util][secret]") {
    struct Row {
        std::string secret, text, expected;
    };
    const auto row = GENERATE(values<Row>({
        {"hunter2", "proxy said: hunter2!", "proxy said: ***!"},
        {"hunter2", "hunter2", "***"},
        {"hunter2", "hunter2 and hunter2", "*** and ***"},
        {"hunter2", "hunter22 is another word", "hunter22 is another word"},
        {"hunter2", "ahunter2", "ahunter2"},
        {"hunter2", "_hunter2 éhunter2", "_hunter2 éhunter2"},
        {"longer-than-7", "xlonger-than-7x", "x***x"},
        {"a b/c@d", "http://u:a%20b%2Fc%40d@h", "http://u:***@h"},
        {"a b/c@d", "http://u:a%20b%2fc%40d@h", "http://u:***@h"},
        {"say \"hi\" now", R"({"text":"say \"hi\" now"})", R"({"text":"***"})"},
        {"first-line\nsecond-line", "'first-line' and second-line", "'***' and ***"},
        {"first-line\nsecond-line", R"('first-line\x0Asecond-line')", "'***'"},
        {"pw\n", "pw", "***"},
        {"x", "x marks a spot", "x marks a spot"},
        {"isinfetch", "/var/lib/isinfetch", "/var/lib/isinfetch"},
        {"", "nothing", "nothing"},
        {"0123456789abcdef", "page: 0123456789ab…", "page: ***…"},
        {"0123456789abcdef", "0123456789… then 01234567…", "***… then ***…"},
        {"0123456789abcdef", "cut at 012345678", "cut at ***"},
        {"0123456789abcdef", "not cut: 012345678 or so", "not cut: 012345678 or so"},
        {"0123456789abcdef", "0123…", "0123…"},
    }));
    INFO(row.secret << " in " << row.text);
    remember_secret(row.secret);
    CHECK(hide_secrets(row.text) == row.expected);
}

TEST_CASE_METHOD(Memory, "of two secrets the longer one is hidden whole", "[util][secret]") {
    remember_secret("token-abc");
    remember_secret("token-abc-def");
    CHECK(hide_secrets("token-abc-def, token-abc") == "***, ***");
}

TEST_CASE_METHOD(Memory, "no error tells a secret", "[util][secret]") {
    remember_secret("hunter2");
    CHECK(Error(ErrorKind::protocol, "'htp://u:hunter2@proxy'").what() ==
          std::string("'htp://u:***@proxy'"));
    forget_secrets();
    CHECK(hide_secrets("hunter2") == "hunter2");
}
