#include "job/doctor.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

Timestamp at(std::string_view text) {
    return parse_time(text).value();
}

}  // namespace

TEST_CASE("the worst of what failed decides the status", "[doctor]") {
    using H = Health;
    using K = ErrorKind;
    struct Row {
        std::vector<std::pair<H, K>> findings;
        ExitCode expected;
    };
    const auto row = GENERATE(values<Row>({
        {{}, ExitCode::ok},
        {{{H::ok, K::config}, {H::warning, K::io}}, ExitCode::ok},
        {{{H::failed, K::temporary}}, ExitCode::temp_fail},
        {{{H::failed, K::temporary}, {H::failed, K::data}}, ExitCode::data},
        {{{H::failed, K::data}, {H::failed, K::permission}, {H::warning, K::config}},
         ExitCode::no_permission},
    }));
    std::vector<Finding> findings;
    for (const auto& [health, kind] : row.findings) {
        findings.push_back({.health = health, .kind = kind});
    }
    CHECK(exit_code(findings) == row.expected);
}

TEST_CASE("a check that could not be made is a finding for each line", "[doctor]") {
    const auto found = judge_failure("x", Error(ErrorKind::config, "a.yaml:1: b\na.yaml:2: c"));
    REQUIRE(found.size() == 2);
    CHECK(found[0].text == "a.yaml:1: b");
    CHECK(found[1].text == "a.yaml:2: c");
    CHECK(found[1].fix == "isinfetch config check");
    CHECK(exit_code(found) == ExitCode::config);
    for (const ErrorKind kind : {ErrorKind::internal, ErrorKind::io, ErrorKind::temporary}) {
        const auto other = judge_failure("x", Error(kind, "why"));
        REQUIRE(other.size() == 1);
        CHECK(other[0].health == Health::failed);
        CHECK_FALSE(other[0].fix.empty());
        CHECK(exit_code(other) == exit_code(kind));
    }
}

TEST_CASE("a store that cannot be read", "[doctor]") {
    struct Row {
        ErrorKind kind;
        Health expected;
        const char* fix;  // its beginning
    };
    const auto row = GENERATE(values<Row>({
        {ErrorKind::gone, Health::warning, "isinfetch run"},
        {ErrorKind::io, Health::failed, "mkdir /s/damaged && mv /s/x.db* /s/damaged && "},
        {ErrorKind::config, Health::failed, "isinfetch --version"},
        {ErrorKind::permission, Health::failed, "ls -l /s/x.db"},
        {ErrorKind::temporary, Health::failed, "ls -l /s/x.db"},
    }));
    const Finding finding = judge_unread_store("sqlite:/s/x.db", Error(row.kind, "why"));
    CHECK(finding.health == row.expected);
    CHECK(finding.kind == row.kind);
    CHECK_THAT(finding.fix, StartsWith(row.fix));
}

TEST_CASE("a state directory is usable by who runs", "[doctor]") {
    struct Row {
        const char* why;
        DirectoryFacts facts;
        Health expected;
        std::string fix;  // its beginning
    };
    const std::string path = "/var/lib/isinfetch";
    const auto row = GENERATE_COPY(values<Row>({
        {"before the first run",
         {.path = path, .writable = true, .user = "me"},
         Health::warning,
         "install -d -o me"},
        {"cannot be made", {.path = path, .user = "me"}, Health::failed, "install -d -o me"},
        {"a file in the way",
         {.path = path, .exists = true, .is_directory = false, .owner = "me", .user = "me"},
         Health::failed,
         "mv /var/lib/isinfetch"},
        {"of a user without name",
         {.path = path, .exists = true, .owner = "12345", .user = "me"},
         Health::failed,
         "setpriv --reuid=12345 --clear-groups -- isinfetch run"},
        {"as it should be",
         {.path = path,
          .exists = true,
          .writable = true,
          .owner = "isinfetch",
          .user = "isinfetch"},
         Health::ok,
         ""},
        {"somebody else's",
         {.path = path, .exists = true, .owner = "isinfetch", .user = "me"},
         Health::failed,
         "runuser -u isinfetch -- isinfetch run"},
        {"root looks at the service's",
         {.path = path,
          .exists = true,
          .writable = true,
          .owner = "isinfetch",
          .user = "root",
          .asked_by_root = true},
         Health::warning,
         "runuser -u isinfetch"},
        {"root in its own",
         {.path = path,
          .exists = true,
          .writable = true,
          .owner = "root",
          .user = "root",
          .owned_by_root = true,
          .asked_by_root = true},
         Health::ok,
         ""},
        {"what a run as root left",
         {.path = path,
          .exists = true,
          .writable = true,
          .owner = "isinfetch",
          .user = "isinfetch",
          .foreign = {"a", "b"}},
         Health::failed,
         "chown -R isinfetch: /var/lib/isinfetch"},
    }));
    INFO(row.why);
    const Finding finding = judge_directory(row.facts);
    CHECK(finding.health == row.expected);
    CHECK_THAT(finding.fix, StartsWith(row.fix));
    CHECK(finding.fix.empty() == row.fix.empty());
    const bool refused = row.facts.asked_by_root && row.facts.exists && !row.facts.owned_by_root;
    CHECK(why_root_must_not_run(row.facts).has_value() == refused);
}

TEST_CASE("room on the disk", "[doctor]") {
    struct Row {
        std::uint64_t free, total, free_files, total_files;
        Health expected;
    };
    constexpr std::uint64_t kGib = std::uint64_t{1} << 30U;
    const auto row = GENERATE(values<Row>({
        {0, 0, 0, 0, Health::ok},  // unknown
        {50 * kGib, 100 * kGib, 0, 0, Health::ok},
        {50 * kGib, 100 * kGib, 10, 100'000, Health::failed},
        {5 * kGib, 100 * kGib, 0, 0, Health::warning},
        {kGib / 2, 2 * kGib, 0, 0, Health::warning},
        {kGib / 100, kGib, 0, 0, Health::failed},
    }));
    const Finding finding = judge_disk({.path = "/",
                                        .free = row.free,
                                        .total = row.total,
                                        .free_files = row.free_files,
                                        .total_files = row.total_files});
    CHECK(finding.health == row.expected);
    CHECK(finding.fix.empty() == (row.expected == Health::ok));
}

TEST_CASE("a clock that cannot be right", "[doctor]") {
    const Timestamp today = at("2026-11-23T08:00:00Z");
    CHECK(judge_clock(today, std::nullopt, std::nullopt).health == Health::ok);
    CHECK(judge_clock(today, today, true).health == Health::ok);
    CHECK(judge_clock(today, today, false).health == Health::warning);
    CHECK(judge_clock(today, at("2026-11-23T08:04:00Z"), true).health == Health::ok);
    CHECK(judge_clock(today, at("2026-11-24T08:00:00Z"), true).health == Health::failed);
    CHECK(judge_clock(at("1970-01-02"), std::nullopt, true).health == Health::failed);
}

TEST_CASE("timers are read as systemctl shows them", "[doctor]") {
    const auto timers = parse_timers(
        "Id=isinfetch.timer\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n"
        "NextElapseUSecRealtime=Mon 2026-11-23 12:17:00 UTC\n"
        "\n"
        "Id=isinfetch@nse-equity.timer\nLoadState=loaded\nActiveState=inactive\n"
        "UnitFileState=enabled\nNextElapseUSecRealtime=\n"
        "\n"
        "Id=isinfetch@x.timer\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n");
    REQUIRE(timers.size() == 2);
    CHECK(timers[0].id == "isinfetch.timer");
    CHECK(timers[0].active);
    CHECK(timers[0].next == "Mon 2026-11-23 12:17:00 UTC");
    CHECK(timers[1].enabled);
    CHECK_FALSE(timers[1].active);
    CHECK(parse_timers("").empty());
    CHECK(parse_timers("Id=a\nLoadState=loaded\nActiveState=active\n"
                       "NextElapseUSecRealtime=infinity\n")[0]
              .next.empty());
}

TEST_CASE("what starts the next run", "[doctor]") {
    using Timers = std::optional<std::vector<TimerFacts>>;
    const TimerFacts disabled{.id = "isinfetch.timer", .loaded = true};
    TimerFacts asleep = disabled;
    asleep.enabled = true;
    TimerFacts never = asleep;
    never.active = true;
    TimerFacts good = never;
    good.next = "Mon 12:17";
    const CronLine aside{"/etc/cron.d/isinfetch", "[ -d /run/systemd/system ] || isinfetch run"};
    const CronLine own{"/etc/crontab", "17 * * * * me isinfetch run"};
    struct Row {
        const char* why;
        Timers timers;
        std::vector<CronLine> cron;
        Health expected;
        std::string fix;
    };
    const auto row = GENERATE_COPY(values<Row>({
        {"a timer", Timers{{good}}, {}, Health::ok, ""},
        {"enabled without --now", Timers{{asleep}}, {}, Health::warning, "systemctl start"},
        {"an OnCalendar= that never comes", Timers{{never}}, {}, Health::warning, "systemctl cat"},
        {"as installed", Timers{{disabled}}, {}, Health::warning, "systemctl enable --now"},
        {"a cron line that stands aside",
         Timers{{disabled}},
         {aside},
         Health::warning,
         "systemctl"},
        {"a crontab beside systemd", Timers{{disabled}}, {own}, Health::ok, ""},
        {"no systemd, no cron", std::nullopt, {}, Health::warning, "isinfetch schedule"},
        {"no systemd", std::nullopt, {aside}, Health::ok, ""},
        {"one of two timers is not active",
         Timers{{good, asleep}},
         {},
         Health::warning,
         "systemctl"},
    }));
    INFO(row.why);
    const Finding finding = judge_firing(row.timers, row.cron);
    CHECK(finding.health == row.expected);
    CHECK_THAT(finding.fix, StartsWith(row.fix));
    CHECK(finding.fix.empty() == row.fix.empty());
}

TEST_CASE("lines of a crontab that run isinfetch", "[doctor]") {
    const auto lines = parse_crontab("f",
                                     "# 17 * * * * isinfetch run\n"
                                     "MAILTO=root\n"
                                     "17 * * * * me /usr/bin/isinfetch run --splay 5m\n"
                                     "5 5 * * * me isinfetch status\n"
                                     "  #isinfetch run\n");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].line == "17 * * * * me /usr/bin/isinfetch run --splay 5m");
    CHECK(lines[0].file == "f");
}

TEST_CASE("freshness of a list", "[doctor]") {
    const Timestamp today = at("2026-11-23T08:00:00Z");
    using std::chrono::hours;
    FreshnessFacts facts{.every = hours(20)};
    CHECK(judge_freshness("a", facts, today).health == Health::warning);
    CHECK(judge_freshness("a", facts, today).fix == "isinfetch run a");
    facts.last_success = today - hours(39);
    facts.next_due = *facts.last_success + facts.every;
    CHECK(judge_freshness("a", facts, today).health == Health::ok);
    CHECK(judge_freshness("a", facts, today).fix.empty());
    facts.failures = 2;
    facts.last_error = "HTTP status 500";
    CHECK(judge_freshness("a", facts, today).health == Health::warning);
    CHECK_THAT(judge_freshness("a", facts, today).text,
               ContainsSubstring("2 runs in a row failed"));
    facts.cooldown_until = today + hours(3);
    CHECK(judge_freshness("a", facts, today).fix == "wait");
    facts.next_due = today - hours(21);
    CHECK(judge_freshness("a", facts, today).health == Health::failed);
    CHECK(exit_code({judge_freshness("a", facts, today)}) == ExitCode::data);
}

TEST_CASE("certificates and secrets", "[doctor]") {
    CHECK(judge_trust("/a.pem", 142).health == Health::ok);
    CHECK(judge_trust("/a.pem", 0).health == Health::failed);
    CHECK(judge_trust("/a.pem", std::nullopt).health == Health::failed);
    CHECK(judge_trust("", std::nullopt).health == Health::failed);
    CHECK(judge_secrets("/a.yaml", 0100600).health == Health::ok);
    CHECK(judge_secrets("/a.yaml", 0100640).health == Health::ok);
    CHECK(judge_secrets("/a.yaml", 0100604).health == Health::warning);
}
