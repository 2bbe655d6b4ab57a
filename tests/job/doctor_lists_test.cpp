#include "job/doctor_lists.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using std::chrono::hours;

namespace {

const Timestamp kNow = parse_time("2026-11-23T08:00:00Z").value();

/// A list that was asked for in time.
ListFacts good(const std::string& source) {
    ListFacts list{.source = source, .homepage = "https://" + source + ".example/"};
    list.freshness.every = hours(20);
    list.freshness.last_success = kNow - hours(5);
    list.freshness.next_due = kNow + hours(15);
    return list;
}

ListFacts failing(const std::string& source, ErrorKind kind, int http_status = 0) {
    ListFacts list = good(source);
    list.freshness.failures = 1;
    list.freshness.last_error = "it said why";
    list.failure = ListFailure{
        .kind = kind, .http_status = http_status, .url = "https://" + source + ".example/list.csv"};
    return list;
}

Finding only(const std::vector<ListFacts>& lists) {
    const auto findings = judge_lists(lists, kNow);
    REQUIRE(findings.size() == 1);
    return findings.front();
}

}  // namespace

TEST_CASE("the remedy follows the cause", "[doctor]") {
    struct Row {
        const char* why;
        ListFacts list;
        Health expected;
        const char* fix;
    };
    ListFacts never = good("a");
    never.freshness.last_success.reset();
    ListFacts late = good("a");
    late.freshness.last_success = kNow - hours(60);
    late.freshness.next_due = kNow - hours(40);
    ListFacts stale = good("a");
    stale.freshness.published = kNow - hours(24 * 30);
    stale.freshness.stale_after = hours(24 * 10);
    ListFacts future = good("a");
    future.freshness.last_success = kNow + hours(24 * 700);
    ListFacts held = good("a");
    held.freshness.waiting = {.publication = "delta of 2026-11-20",
                              .reason = "delta of 2026-11-20: part 2 of 3 is missing",
                              .since = kNow - hours(60),
                              .behind = 5};
    ListFacts refused = failing("a", ErrorKind::data);
    refused.freshness.was_refused = true;
    refused.failure->quarantined = {"/s/quarantine/a/c8a4"};
    ListFacts refused_and_gone = refused;
    refused_and_gone.failure->quarantined.clear();
    ListFacts cooling = failing("a", ErrorKind::temporary, 429);
    cooling.freshness.cooldown_until = kNow + hours(3);
    ListFacts forbidden = failing("a", ErrorKind::permission, 403);
    forbidden.freshness.cooldown_until = kNow + hours(3);
    ListFacts local = failing("a", ErrorKind::gone);
    local.failure->url = "file:///data/list.csv";
    ListFacts unknown = failing("a", ErrorKind::temporary);
    unknown.failure->kind.reset();
    const auto warning = Health::warning;
    const auto row = GENERATE_COPY(values<Row>({
        {"as it should be", good("a"), Health::ok, ""},
        {"never", never, warning, "isinfetch run a"},
        {"late", late, Health::failed, "isinfetch run a  # and see below what starts"},
        {"stale", stale, Health::failed, "see https://a.example/ for a newer list"},
        {"future", future, Health::failed, "date  # is this right? then: isinfetch run a; else"},
        {"held", held, Health::failed, "wait: the part, or a later full list, ends it; see"},
        {"refused",
         refused,
         warning,
         "look at /s/quarantine/a/c8a4; if it is right: isinfetch run --accept-shrink a a"},
        {"refused, and pruned since",
         refused_and_gone,
         warning,
         "look at the file: isinfetch run --dry-run a; if it is right"},
        {"429", cooling, warning, "wait until 2026-11-23T11:00:00Z"},
        {"403", forbidden, warning, "see https://a.example/ for what it wants: credentials"},
        {"404",
         failing("a", ErrorKind::gone, 404),
         warning,
         "look for its new address on https://a.example/ and set sources.a.url"},
        {"no such file", local, warning, "put the file there, or set sources.a.url"},
        {"rights on this machine",
         failing("a", ErrorKind::permission),
         warning,
         "give the user of the run the rights that it lacks, then: isinfetch run a"},
        {"451", failing("a", ErrorKind::unavailable, 451), warning, "see https://a.example/"},
        {"TLS", failing("a", ErrorKind::protocol), warning, "isinfetch sources test a  # and look"},
        {"bad data", failing("a", ErrorKind::data, 200), warning, "isinfetch run --dry-run a"},
        {"a zone", failing("a", ErrorKind::config), warning, "isinfetch config check, and"},
        {"a bug", failing("a", ErrorKind::internal), warning, "report this"},
        {"full", failing("a", ErrorKind::io), warning, "mend what it says, then: isinfetch run a"},
        {"no network", failing("a", ErrorKind::temporary), warning, "wait for the next run, or: "},
        {"Ctrl-C", failing("a", ErrorKind::interrupted), warning, "isinfetch run a"},
        {"of a newer program", unknown, warning, "isinfetch run a"},
    }));
    INFO(row.why);
    const Finding finding = only({row.list});
    CHECK(finding.subject == "a: freshness");
    CHECK(finding.health == row.expected);
    CHECK_THAT(finding.fix, StartsWith(row.fix));
    CHECK(finding.fix.empty() == (row.expected == Health::ok));
    CHECK(finding.about == std::vector<std::string>{"a"});
    CHECK((exit_code({finding}) == ExitCode::data) == (row.expected == Health::failed));
}

TEST_CASE("a refusal is told with the figures of the guard", "[doctor]") {
    ListFacts refused = failing("a", ErrorKind::data);
    refused.freshness.was_refused = true;
    refused.freshness.last_error = "a: the list shrank from 100 to 2 (max_shrink 5%)";
    CHECK_THAT(only({refused}).text, ContainsSubstring("from 100 to 2 (max_shrink 5%)"));
}

TEST_CASE("lists that share a cause share a finding", "[doctor]") {
    struct Row {
        const char* why;
        ListFacts left;
        ListFacts right;
        std::size_t findings;
    };
    const auto of_host = [](ListFacts list, const std::string& host) {
        list.failure->url = "https://" + host + "/x";
        return list;
    };
    const auto stale = [](ListFacts list, const std::string& homepage) {
        list.homepage = homepage;
        list.freshness.published = kNow - hours(24 * 30);
        list.freshness.stale_after = hours(24 * 10);
        return list;
    };
    ListFacts never = good("n");
    never.freshness.last_success.reset();
    const auto down = failing("a", ErrorKind::temporary);
    const auto busy = failing("b", ErrorKind::temporary, 503);
    const auto forbidden = failing("b", ErrorKind::permission, 403);
    const auto gone = failing("b", ErrorKind::gone, 404);
    const auto row = GENERATE_COPY(values<Row>({
        {"all is well", good("a"), good("b"), 1},
        {"well and never", good("a"), never, 2},
        {"the network", down, failing("b", ErrorKind::temporary), 1},
        {"the network, and a publisher who is busy", down, busy, 2},
        {"one publisher is busy", of_host(busy, "h"), of_host(busy, "h"), 1},
        {"two are", of_host(busy, "h"), of_host(busy, "i"), 2},
        {"the disk", failing("a", ErrorKind::io), failing("b", ErrorKind::io), 1},
        {"the disk, and the network", failing("a", ErrorKind::io), down, 2},
        {"one publisher forbids", of_host(forbidden, "h"), of_host(forbidden, "h"), 1},
        {"each address is another", of_host(gone, "h"), failing("a", ErrorKind::gone, 404), 2},
        {"one publisher rests", stale(good("a"), "h"), stale(good("b"), "h"), 1},
        {"two publishers rest", stale(good("a"), "h"), stale(good("b"), "i"), 2},
    }));
    INFO(row.why);
    const auto findings = judge_lists({row.left, row.right}, kNow);
    REQUIRE(findings.size() == row.findings);
    if (row.findings == 1) {
        CHECK(findings.front().subject == "freshness");
        CHECK(findings.front().about ==
              std::vector<std::string>{row.left.source, row.right.source});
        CHECK_THAT(findings.front().text,
                   StartsWith(row.left.source + ", " + row.right.source + ": "));
    }
}

TEST_CASE("many lists are counted, not named", "[doctor]") {
    std::vector<ListFacts> lists;
    for (int i = 0; i < 17; ++i) {
        lists.push_back(failing("l" + std::to_string(i), ErrorKind::temporary));
    }
    const Finding finding = only(lists);
    CHECK_THAT(finding.text, StartsWith("l0, l1, l2 and 14 more: "));
    CHECK_THAT(finding.text, ContainsSubstring("it said why"));
    CHECK(finding.about.size() == 17);
    CHECK(finding.fix == "wait for the next run, or: isinfetch run");
}
