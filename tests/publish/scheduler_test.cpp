#include "publish/scheduler_text.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <algorithm>

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

Cadence cadence(const char* every, const char* not_before = "", const char* zone = "UTC") {
    return {.every = *parse_duration(every),
            .not_before = parse_time_of_day(not_before),
            .zone = Zone::parse(zone)};
}

SchedulePlan plan(std::vector<ScheduledSource> sources) {
    return {.sources = std::move(sources),
            .files = {{"/etc/isinfetch/isinfetch.yaml", "jobs: 2\n"}},
            .program = "/usr/bin/isinfetch",
            .version = "1.2.3",
            .host = "0123456789abcdef0123456789abcdef",
            .now = *parse_time("2026-11-23")};
}

std::vector<ScheduleFile> write(std::string_view name, const SchedulePlan& plan) {
    const auto table = schedulers();
    return std::find_if(
               table.begin(), table.end(), [&](const auto& row) { return row.name == name; })
        ->write(plan);
}

/// All files, one after the other.
std::string text(std::string_view name, const SchedulePlan& plan) {
    std::string all;
    for (const ScheduleFile& file : write(name, plan)) {
        all += file.text;
    }
    return all;
}

}  // namespace

TEST_CASE("what a scheduler needs is written from the plan", "[scheduler]") {
    struct Case {
        const char* scheduler;
        Cadence cadence;
        const char* text;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"systemd", cadence("20h"), "[Timer]\nOnCalendar=\nOnCalendar=*-*-* 00:17:00 UTC\nOnCalendar=*-*-* 06:17:00 UTC\n", "the shipped moments are taken away first"},
        {"systemd", cadence("20h", "18:30", "Europe/Berlin"), "OnCalendar=*-*-* 16:30:00 UTC\nOnCalendar=*-*-* 17:30:00 UTC\n", "summer, winter"},
        {"systemd", cadence("10m"), "OnCalendar=*-*-* *:2,7,12,17,22,27,32,37,42,47,52,57:00 UTC\nRandomizedDelaySec=37\n", "288 moments in one line"},
        {"cron", cadence("20h", "18:30", "Europe/Berlin"), " * * * * isinfetch [ -d /run/systemd/system ] || /usr/bin/isinfetch run --splay 7m30s || ", "cron has no zones: each hour"},
        {"cron", cadence("20h"), " 0,6,12,18 * * * isinfetch [", "four a day"},
        {"cron", cadence("20h"), "\nMAILTO=root\n", "who reads what is printed"},
        {"anacron", cadence("20h"), "\n1\t", "a day at least"},
        {"anacron", cadence("7d"), "\tisinfetch-7d\t/sbin/runuser -u isinfetch -- /usr/bin/isinfetch run\n", "a job of its own for each period"},
        {"kubernetes", cadence("20h"), "\n  concurrencyPolicy: Forbid\n", "one at a time"},
        {"kubernetes", cadence("20h"), "  isinfetch.yaml: |2\n    jobs: 2\n", "the configuration as it is"},
        {"nomad", cadence("20h"), "prohibit_overlap = true\n    time_zone        = \"UTC\"\n", "one at a time, in UTC"},
        {"nomad", cadence("20h"), "driver       = \"exec\"\n", "no container unless asked for"},
        {"celery", cadence("20h"), "\"schedule\": crontab(minute=\"", "no interval, which starts anew with beat"},
    }));
    // clang-format on
    CAPTURE(row.scheduler, row.why);
    const std::string written = text(row.scheduler, plan({{"xetra", row.cadence}}));
    CHECK_THAT(written, ContainsSubstring(row.text));
    CHECK_THAT(written, StartsWith("# "));
    CHECK_THAT(written,
               ContainsSubstring("Made by isinfetch 1.2.3 from /etc/isinfetch/isinfetch.yaml\n"));
    CHECK(written.back() == '\n');
}

TEST_CASE("a line of cron names sources only where it must", "[scheduler]") {
    SchedulePlan all = plan({{"a", cadence("20h")}, {"b", cadence("20h")}});
    CHECK_THAT(text("cron", all), ContainsSubstring("run --splay 40m || "));
    all.all_enabled = false;
    CHECK_THAT(text("cron", all), ContainsSubstring("run --splay 40m a b || "));
    all.all_enabled = true;
    all.sources[1].cadence = cadence("1h");
    CHECK_THAT(text("cron", all), ContainsSubstring("run --splay 40m a || "));
    CHECK_THAT(text("cron", all), ContainsSubstring("run --splay 3m45s b || "));
}

TEST_CASE("no line of cron is longer than cron reads", "[scheduler]") {
    SchedulePlan many = plan({});
    many.all_enabled = false;
    for (int i = 0; i < 200; ++i) {
        many.sources.push_back({"source-of-a-long-name-" + std::to_string(i), cadence("20h")});
    }
    const std::string written = text("cron", many);
    for (std::size_t start = 0; start < written.size();) {
        const std::size_t end = written.find('\n', start);
        CHECK(end - start < 1000);
        start = end + 1;
    }
    CHECK_THAT(written, ContainsSubstring("source-of-a-long-name-199 || "));
    many.options = {"--config", "/" + std::string(900, 'x')};
    CHECK_THROWS_AS(text("cron", many), Error);
    many.options = {"--config", "/srv/100%/isinfetch.yaml"};
    CHECK_THROWS_AS(text("cron", many), Error);
}

TEST_CASE("the same configuration is found by who is scheduled", "[scheduler]") {
    SchedulePlan own = plan({{"xetra", cadence("20h")}});
    own.options = {"--config", "/srv/it's here/x.yaml"};
    CHECK_THAT(text("cron", own),
               ContainsSubstring("/usr/bin/isinfetch --config '/srv/it'\\''s here/x.yaml' run "));
    CHECK_THAT(text("celery", own),
               ContainsSubstring(
                   "COMMAND = [\"/usr/bin/isinfetch\", \"--config\", \"/srv/it's here/x.yaml\"]"));
}

TEST_CASE("a crontab of a user has neither a column for the user nor a guard", "[scheduler]") {
    SchedulePlan own = plan({{"xetra", cadence("20h")}});
    own.user_crontab = true;
    CHECK_THAT(text("cron", own),
               ContainsSubstring(" * * * /usr/bin/isinfetch run --splay 40m || "));
    CHECK_THAT(text("cron", own), !ContainsSubstring("MAILTO"));
}

TEST_CASE("an object's name fits its limit and stays distinct", "[scheduler]") {
    CHECK(object_name("isinfetch-xetra", 52) == "isinfetch-xetra");
    const std::string common(60, 'a');
    CHECK(object_name(common + "b", 52).size() == 52);
    CHECK(object_name(common + "b", 52) != object_name(common + "c", 52));
    CHECK(object_name("isinfetch-x-", 52).back() != '-');
}

TEST_CASE("moments are told at a glance", "[scheduler]") {
    CHECK(describe(Slots{17min, 6h + 17min}) == "00:17 06:17 UTC");
    CHECK(describe(regular_slots(30min, 7min)) == "each 30m from 00:07 UTC");
    CHECK(describe(cadence("20h", "07:15", "Asia/Kolkata")) ==
          "every 20h, not before 07:15 Asia/Kolkata");
}
