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
        {"on a file system that is mounted read-only: told of that",
         {.path = path, .exists = true, .read_only = true, .owner = "me", .user = "me"},
         Health::ok,
         ""},
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
        {"what everybody may write",
         {.path = path,
          .exists = true,
          .writable = true,
          .owner = "isinfetch",
          .user = "isinfetch",
          .open = {path, path + "/locks"}},
         Health::warning,
         "chmod -R o-w /var/lib/isinfetch"},
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

TEST_CASE("a file system that does not fit", "[doctor]") {
    constexpr std::uint64_t kGib = std::uint64_t{1} << 30U;
    const DiskFacts good{.path = "/s",
                         .folders = {"state", "archive", "store"},
                         .free = 50 * kGib,
                         .total = 100 * kGib};
    CHECK(judge_disk(good).health == Health::ok);
    CHECK(judge_disk(good).text == "/s (state, archive, store): 50GiB free");
    DiskFacts read_only = good;
    read_only.read_only = true;
    CHECK(judge_disk(read_only).health == Health::failed);
    CHECK(exit_code({judge_disk(read_only)}) == ExitCode::cannot_create);
    DiskFacts shared = good;
    shared.network = "nfs";
    CHECK(judge_disk(shared).health == Health::warning);
    CHECK_THAT(judge_disk(shared).text, ContainsSubstring("on nfs"));
    CHECK_THAT(judge_disk(shared).fix, ContainsSubstring("postgresql://"));
    shared.folders = {"archive"};
    CHECK(judge_disk(shared).health == Health::ok);
    shared.free = kGib / 100;
    CHECK(judge_disk(shared).health == Health::failed);
}

TEST_CASE("locks that are held, and locks that do not work", "[doctor]") {
    CHECK(judge_locks("/s", "", {}).text == "none is held");
    CHECK(judge_locks("/s", "", {"a by 1", "b by 2"}).text == "held: a by 1, b by 2");
    CHECK(judge_locks("/s", "", {"a by 1"}).health == Health::ok);
    const Finding broken = judge_locks("/s", "No locks available", {});
    CHECK(broken.health == Health::failed);
    CHECK(broken.text == "/s: they do not work there: No locks available");
    CHECK(exit_code({broken}) == ExitCode::cannot_create);
}

TEST_CASE("publishers that are reached alike are one finding", "[doctor]") {
    struct Row {
        const char* why;
        std::vector<Way> ways;
        std::vector<std::string> texts;  // in their order
        std::vector<std::size_t> about;
        bool failed;
    };
    const std::string none = "Name or service not known";
    const auto row = GENERATE_COPY(values<Row>({
        {"nothing to reach", {}, {}, {}, false},
        {"all directly", {{"a", "", "a", ""}, {"b", "", "b", ""}}, {"a, b: directly"}, {2}, false},
        {"two lists of one host",
         {{"a", "", "a", ""}, {"a", "", "a", ""}},
         {"a: directly"},
         {1},
         false},
        {"one without an address",
         {{"a", "", "a", none}, {"b", "", "b", ""}},
         {"b: directly", "a: directly, but a has no address: " + none},
         {1, 1},
         true},
        {"no network: one cause",
         {{"a", "", "a", none},
          {"b", "", "b", none},
          {"c", "", "c", none},
          {"d", "", "d", none},
          {"e", "", "e", none}},
         {"a, b, c and 2 more: directly, but they have no address: " + none},
         {5},
         true},
        {"a proxy without an address",
         {{"a", "p:1", "p", none}, {"b", "p:1", "p", none}},
         {"a, b: through p:1, but p has no address: " + none},
         {2},
         true},
    }));
    INFO(row.why);
    const auto findings = judge_ways(row.ways);
    REQUIRE(findings.size() == row.texts.size());
    for (std::size_t i = 0; i < findings.size(); ++i) {
        CHECK(findings[i].text == row.texts[i]);
        CHECK(findings[i].about.size() == row.about[i]);
        CHECK(findings[i].fix.empty() == (findings[i].health == Health::ok));
    }
    CHECK((exit_code(findings) == ExitCode::temp_fail) == row.failed);
}

TEST_CASE("a clock that cannot be right", "[doctor]") {
    const Timestamp today = at("2026-11-23T08:00:00Z");
    CHECK(judge_clock(today, std::nullopt, std::nullopt).health == Health::ok);
    CHECK(judge_clock(today, today, true).health == Health::ok);
    CHECK(judge_clock(today, today, false).health == Health::warning);
    CHECK(judge_clock(today, at("2026-11-23T08:04:00Z"), true).health == Health::ok);
    const auto ahead = at("2099-11-24T08:00:00Z");
    CHECK(judge_clock(today, ahead, std::nullopt).health == Health::failed);
    CHECK(judge_clock(today, ahead, false).health == Health::failed);
    CHECK_THAT(judge_clock(today, ahead, false).text, ContainsSubstring("2099-11-24"));
    // The clock is right now: what is wrong is in the store.
    const Finding was_wrong = judge_clock(today, ahead, true);
    CHECK(was_wrong.health == Health::warning);
    CHECK(was_wrong.fix == "isinfetch run");
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

TEST_CASE("a person is not served by the system's timers", "[doctor]") {
    using Timers = std::optional<std::vector<TimerFacts>>;
    const TimerFacts asleep{.id = "isinfetch.timer", .loaded = true, .enabled = true};
    const CronLine own{"crontab", "17 * * * * isinfetch run"};
    for (const Timers& timers : {Timers{}, Timers{std::vector<TimerFacts>{}}}) {
        const Finding nothing = judge_firing(timers, {}, Runner::person);
        CHECK(nothing.health == Health::warning);
        CHECK(nothing.fix == "(crontab -l; isinfetch schedule cron --user) | crontab -");
        CHECK(judge_firing(timers, {own}, Runner::person).health == Health::ok);
    }
    CHECK(judge_firing(Timers{{asleep}}, {}, Runner::person).fix ==
          "systemctl --user start isinfetch.timer");
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

TEST_CASE("certificates and secrets", "[doctor]") {
    CHECK(judge_trust("/a.pem", 142).health == Health::ok);
    CHECK(judge_trust("/a.pem", 0).health == Health::failed);
    CHECK(judge_trust("/a.pem", std::nullopt).health == Health::failed);
    CHECK(judge_trust("", std::nullopt).health == Health::failed);
    CHECK(judge_secrets("/a.yaml", 0100600).health == Health::ok);
    CHECK(judge_secrets("/a.yaml", 0100640).health == Health::ok);
    CHECK(judge_secrets("/a.yaml", 0100604).health == Health::warning);
}
