#include "config/home.hpp"
#include "support/catch.hpp"

using namespace isinfetch;
using isinfetch::test::Home;
using isinfetch::test::write_file;

TEST_CASE_METHOD(Home, "a mapping from outside merges with the one in the file", "[config]") {
    const Headers both{{"Referer", "https://publisher.example/"}, {"Accept", "text/csv"}};
    SECTION("setting") {
        inputs.settings = {"sources.listed.headers={Accept: text/csv}"};
        CHECK(listed("").fetch.headers == both);
    }
    SECTION("setting of one member") {
        inputs.settings = {"sources.listed.headers.Accept=text/csv"};
        CHECK(listed("").fetch.headers == both);
    }
    SECTION("variable") {
        inputs.environment.emplace_back("ISINFETCH_SOURCES__LISTED__HEADERS", "{Accept: text/csv}");
        CHECK(listed("").fetch.headers == both);
    }
}

TEST_CASE_METHOD(Home, "an empty variable is one that is not there", "[config]") {
    inputs.environment.emplace_back("ISINFETCH_JOBS", "");
    inputs.environment.emplace_back("ISINFETCH_NO_SUCH_KEY", "");
    inputs.environment.emplace_back("ISINFETCH_CONFIG", "");
    const LoadedConfig loaded = load("jobs: 4\n");
    CHECK(loaded.config.jobs == 4);
    CHECK(loaded.warnings.empty());
}

TEST_CASE_METHOD(Home, "the source in a variable's name may have dashes", "[config]") {
    inputs.environment.emplace_back("ISINFETCH_SOURCES__OUR_LIST_2__GUARDS__MAX_SHRINK", "7%");
    const LoadedConfig loaded =
        load("sources: {our-list-2: {url: https://x.example/, format: lines}}\n");
    CHECK(loaded.config.find("our-list-2")->guards.max_shrink == Approx(0.07));
    CHECK(loaded.warnings.empty());
}

TEST_CASE_METHOD(Home, "a mistake from outside names where it came from", "[config]") {
    struct Case {
        const char* variable;
        const char* text;
        const char* setting;
        const char* message;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"ISINFETCH_JOBS", "many", "", "environment ISINFETCH_JOBS: 'many' is not a whole number"},
        {"ISINFETCH_SOURCES__LISTED__EVERY", "1x", "", "environment ISINFETCH_SOURCES__LISTED__EVERY: '1x' is not a duration"},
        {"ISINFETCH_NETWORK__PROXY_FILE", "/no/such", "", "environment ISINFETCH_NETWORK__PROXY_FILE: /no/such: "},
        {"", "", "jobs=many", "--set jobs: 'many' is not a whole number"},
        {"", "", "sources.new.url=https://x.example/", "--set sources.new.url: source 'new' needs a format"},
        {"", "", "sources.listed.guards.max_shrnk=1%", "--set sources.listed.guards.max_shrnk: unknown key"},
        {"", "", "sources.listed.redirect_hosts=[a", "--set sources.listed.redirect_hosts:1: "},
        {"", "", "jobs.x=1", "--set jobs.x: "},
    }));
    // clang-format on
    CAPTURE(row.message);
    if (*row.variable != '\0') {
        inputs.environment.emplace_back(row.variable, row.text);
    } else {
        inputs.settings = {row.setting};
    }
    CHECK_THAT(complaint(""), StartsWith(row.message));
}

TEST_CASE_METHOD(Home, "texts from outside are taken as they are", "[config]") {
    struct Case {
        const char* text;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {"Mozilla/5.0 (X11; Linux)", "what browsers send"},
        {"a: b # c", "YAML would cut or split it"},
        {"[not a list", "a bracket"},
        {"'quoted'", "quotes stay"},
        {"x=y", "an equals sign"},
    }));
    CAPTURE(row.text, row.why);
    inputs.settings = {std::string("network.user_agent=") + row.text};
    CHECK(listed("").fetch.user_agent == row.text);
}

TEST_CASE_METHOD(Home, "a later setting wins over an earlier one and over variables", "[config]") {
    inputs.environment.emplace_back("ISINFETCH_LOCK_WAIT", "1s");
    inputs.settings = {"lock_wait=2s", "lock_wait=3s"};
    CHECK(load("lock_wait: 4s\n").config.lock_wait == std::chrono::seconds{3});
    CHECK(load("").tree.find("lock_wait")->origin == "--set lock_wait");
}

TEST_CASE_METHOD(Home, "what Kubernetes says of services is passed over", "[config]") {
    struct Row {
        const char* variable;
        bool is_link;
    };
    const auto row = GENERATE(values<Row>({
        {"ISINFETCH_SERVICE_HOST", true},
        {"ISINFETCH_SERVICE_PORT", true},
        {"ISINFETCH_SERVICE_PORT_HTTP", true},
        {"ISINFETCH_PORT", true},
        {"ISINFETCH_PORT_8080_TCP", true},
        {"ISINFETCH_PORT_8080_TCP_ADDR", true},
        {"ISINFETCH_PORT_8080_TCP_PORT", true},
        {"ISINFETCH_PORT_53_UDP_PROTO", true},
        {"ISINFETCH_WEB_SERVICE_HOST", true},
        {"ISINFETCH_WEB_1_PORT_80_TCP_ADDR", true},
        {"ISINFETCH_PORTS", false},
        {"ISINFETCH_PORT_X_TCP_ADDR", false},
        {"ISINFETCH_SERVICE", false},
        {"ISINFETCH_HOST", false},
        {"ISINFETCH_TCP_ADDR", false},
    }));
    inputs.environment.emplace_back(row.variable, "tcp://10.0.0.1:8080");
    INFO(row.variable);
    CHECK(load("").warnings.empty() == row.is_link);
}

TEST_CASE_METHOD(Home, "a key wins over what looks like a service", "[config]") {
    inputs.environment.emplace_back("ISINFETCH_SOURCES__MY_PORT__URL", "https://x.example/");
    const LoadedConfig loaded = load("sources: {my-port: {url: https://y/, format: lines}}\n");
    CHECK(loaded.config.find("my-port")->url == "https://x.example/");
}
