// Runs of a source that publishes events, with an index and files of the test's own.
#include "job/event_run.hpp"

#include "job/events_run.hpp"
#include "store/gap.hpp"
#include "store/lease.hpp"
#include "store/query.hpp"
#include "support/catch.hpp"

using namespace isinfetch;
using namespace isinfetch::test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

const Texts kThree{"DE000A0GNPZ3", "GB0002634946", "US0378331005"};

}  // namespace

TEST_CASE_METHOD(EventsRun, "a first run applies a full list and what follows", "[job][contract]") {
    publisher.full(14, kThree);
    publisher.delta(15, {added("AU0000XVGZA3")});
    publisher.delta(16, {terminated("US0378331005")});
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    CHECK(report.counts.listings == 3);
    CHECK(report.published == "2026-11-16T00:00:00Z");
    REQUIRE(report.publications.size() == 3);
    CHECK(report.publications[1].role == "delta");
    CHECK(report.publications[1].counts.added == 1);
    CHECK(served() == Texts{"AU0000XVGZA3", "DE000A0GNPZ3", "GB0002634946"});
    const SourceState state = load_state(*own, "firds");
    CHECK(state.cursor == "snapshot=2026-11-14 delta=2026-11-16");
    CHECK(state.records == 3);
    CHECK(state.last_success == time);
    CHECK(count("run_source WHERE status = 'updated'") == 3);
    CHECK(count("file WHERE state = 'applied'") == 3);
}

TEST_CASE_METHOD(EventsRun, "what was applied is not asked for again", "[job][contract]") {
    publisher.full(14, kThree);
    run();
    const std::size_t files = publisher.downloads.size();
    time += 24h;
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::unchanged);
    CHECK(report.counts.listings == 3);
    CHECK(publisher.downloads.size() == files);
    CHECK(load_state(*own, "firds").last_success == time);
    // From the day of the cursor on, up to today.
    CHECK_THAT(publisher.questions.back(),
               ContainsSubstring("2026-11-14T00") && ContainsSubstring("2026-11-21T23"));
}

TEST_CASE_METHOD(EventsRun, "who was overtaken publishes nothing more", "[job][contract]") {
    publisher.full(14, kThree);
    publisher.delta(15, {added("AU0000XVGZA3")});
    int merges = 0;
    at_stage = [&](const std::string& stage) {
        if (stage == "merge" && ++merges == 2) {
            own->script("UPDATE source SET lease_until = store_time(-1)");
            take_lease(*own, "firds", "another host", 60s);
        }
    };
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::busy);
    CHECK_THAT(report.error->what(), ContainsSubstring("taken over (another host)"));
    CHECK(served() == kThree);
    CHECK(load_state(*own, "firds").cursor == "snapshot=2026-11-14");
    CHECK(load_state(*own, "firds").failures == 0);
    CHECK(count("run_source WHERE status = 'updated'") == 1);
}

TEST_CASE_METHOD(EventsRun, "without leases, too, only one publishes", "[job][contract]") {
    environment.lease = 0s;
    publisher.full(14, kThree);
    run();
    publisher.delta(15, {added("AU0000XVGZA3")});
    time += 24h;
    at_stage = [&](const std::string& stage) {
        if (stage == "merge") {
            own->script("UPDATE source SET head = NULL");  // as a rollback of all leaves it
        }
    };
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::busy);
    CHECK_THAT(report.error->what(), ContainsSubstring("another run published meanwhile"));
    CHECK(count("run_source WHERE status = 'updated'") == 1);
}

TEST_CASE_METHOD(EventsRun, "what another run ended under events is no damage", "[job]") {
    publisher.full(14, kThree);
    run();
    publisher.delta(15, {terminated("US0378331005")});
    time += 24h;
    const bool is_outrun = GENERATE(true, false);
    own->script(
        fmt::format("CREATE TRIGGER meanwhile BEFORE UPDATE ON listing BEGIN"
                    " {}; SELECT RAISE(IGNORE); END",
                    is_outrun ? "UPDATE source SET fence = fence + 1" : "SELECT 1"));
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == (is_outrun ? ErrorKind::busy : ErrorKind::io));
    CHECK(served() == kThree);
}

TEST_CASE_METHOD(EventsRun, "a damaged file is asked for again", "[job][contract]") {
    publisher.full(14, kThree);
    const std::string good = publisher.files.begin()->second;
    std::string& file = publisher.files.begin()->second;
    SECTION("that is no zip") {
        file = "PK but no zip";
    }
    SECTION("whose XML ends early") {
        file = zip_bytes({{"a.xml", full_text("<RefData>")}});
    }
    const SourceReport damaged = run();
    REQUIRE(damaged.error);
    CHECK(
        (damaged.error->kind() == ErrorKind::data || damaged.error->kind() == ErrorKind::protocol));
    CHECK_THAT(damaged.error->what(), ContainsSubstring("FULINS_E_20261114_01of01.zip"));
    CHECK(served().empty());
    file = good;
    CHECK(run().status == SourceStatus::updated);
    CHECK(served() == kThree);
}

TEST_CASE_METHOD(EventsRun, "what was received is not asked for again", "[job][contract]") {
    publisher.full(14, kThree);
    publisher.delta(15, {added("AU0000XVGZA3")});
    publisher.missing = "DLTINS_20261115_01of01.zip";
    // The second part of a set is missing when it is asked for: the first one is there already.
    publisher.part(15, 2, 2, {added("XS0971721450")});
    publisher.part(15, 1, 2, {added("AU0000XVGZA3")});
    publisher.missing = "DLTINS_20261115_02of02.zip";
    const SourceReport failed = run();
    REQUIRE(failed.error);
    CHECK(failed.error->kind() == ErrorKind::gone);
    CHECK(failed.status == SourceStatus::failed);
    CHECK(served() == kThree);
    CHECK(load_state(*own, "firds").last_success == std::nullopt);
    CHECK(load_state(*own, "firds").failures == 1);
    publisher.missing.clear();
    publisher.downloads.clear();
    CHECK(run().status == SourceStatus::updated);
    CHECK(publisher.downloads == Texts{"DLTINS_20261115_02of02.zip"});
    CHECK(served().size() == 5);
    CHECK(std::filesystem::is_empty(directory / "received" / "firds"));
}

TEST_CASE_METHOD(EventsRun, "nothing is applied behind what was refused", "[job][contract]") {
    publisher.full(14, kThree);
    run();
    publisher.full(21, {"US0378331005"});
    publisher.delta(22, {added("AU0000XVGZA3")});
    time += 3 * 24h;
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::refused);
    REQUIRE(report.error);
    CHECK_THAT(report.error->what(),
               ContainsSubstring("firds: snapshot of 2026-11-21: refused") &&
                   ContainsSubstring("max_shrink") && ContainsSubstring("--accept-shrink firds"));
    CHECK(served() == kThree);
    CHECK(load_state(*own, "firds").cursor == "snapshot=2026-11-14");
    CHECK(load_state(*own, "firds").failures == 1);
    CHECK_FALSE(std::filesystem::is_empty(directory / "quarantine" / "firds"));

    options.accept_shrink = {"firds"};
    CHECK(run().status == SourceStatus::updated);
    CHECK(served() == Texts{"AU0000XVGZA3", "US0378331005"});
    CHECK(load_state(*own, "firds").cursor == "snapshot=2026-11-21 delta=2026-11-22");
}

TEST_CASE_METHOD(EventsRun, "a full list of rejected records is refused", "[job][contract]") {
    publisher.full(14, {"US0378331005", "US0378331006"});
    const SourceReport refused = run();
    CHECK(refused.status == SourceStatus::refused);
    CHECK_THAT(refused.error->what(), ContainsSubstring("max_rejected"));
    options.accept_shrink = {"another"};
    CHECK(run().status == SourceStatus::refused);
    options.accept_shrink = {"firds"};
    CHECK(run().status == SourceStatus::updated);
    publisher.files.clear();
    publisher.full(21, {"US0378331006"});
    time += 3 * 24h;
    CHECK(run().status == SourceStatus::refused);  // not one valid record
    CHECK(served() == Texts{"US0378331005"});
}

TEST_CASE_METHOD(EventsRun, "events may end any number of listings", "[job][contract]") {
    publisher.full(14, kThree);
    publisher.delta(15, {terminated("US0378331005"), terminated("GB0002634946")});
    publisher.delta(16, {});
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    CHECK(report.counts.terminated == 2);
    CHECK(served() == Texts{"DE000A0GNPZ3"});
    CHECK(load_state(*own, "firds").cursor == "snapshot=2026-11-14 delta=2026-11-16");
}

TEST_CASE_METHOD(EventsRun, "an index without a full list is waited for", "[job][contract]") {
    publisher.delta(16, {added("AU0000XVGZA3")});
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::temporary);
    CHECK_THAT(report.error->what(), ContainsSubstring("no complete full list to begin with"));
    REQUIRE(publisher.questions.size() == 3);
    for (const auto& [question, day] : {std::pair{0U, "2026-10-23T00"},
                                        std::pair{1U, "2025-10-16T00"},
                                        std::pair{2U, "2013-03-13T00"}}) {
        CHECK_THAT(publisher.questions[question], ContainsSubstring(day));
    }
}

TEST_CASE_METHOD(EventsRun, "a part that is missing is waited for", "[job][contract]") {
    publisher.full(14, kThree);
    publisher.part(15, 1, 2, {added("AU0000XVGZA3")});
    publisher.delta(16, {added("XS0971721450")});
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    CHECK(report.held_up.publication == "delta of 2026-11-15");
    CHECK(report.held_up.behind == 1);
    CHECK(served() == kThree);
    const SourceState state = load_state(*own, "firds");
    CHECK(state.waiting.publication == "delta of 2026-11-15");
    CHECK(state.waiting.since == time);
    const Timestamp since = time;
    time += 1h;  // long before it would be due
    CHECK(run().status == SourceStatus::unchanged);
    CHECK(load_state(*own, "firds").waiting.since == since);
    publisher.part(15, 2, 2, {added("FR0000120271")});
    CHECK(run().status == SourceStatus::updated);
    CHECK(served().size() == 6);
    CHECK(load_state(*own, "firds").waiting.publication.empty());
}

TEST_CASE_METHOD(EventsRun, "a day that never came is a gap until it does", "[job][contract]") {
    publisher.full(14, kThree);
    publisher.delta(15, {});
    publisher.delta(17, {added("XS0971721450")});
    const SourceReport report = run();
    CHECK(report.gaps == Texts{"2026-11-16"});
    const std::int64_t id = load_state(*own, "firds").id;
    CHECK(open_gaps(*own, id) == Texts{"2026-11-16"});
    publisher.delta(16, {added("AU0000XVGZA3")});
    time += 24h;
    CHECK(run().status == SourceStatus::updated);
    CHECK_THAT(publisher.questions.back(), ContainsSubstring("2026-11-14T00"));
    CHECK(open_gaps(*own, id).empty());
    CHECK(served().size() == 5);
    const SourceState state = load_state(*own, "firds");
    CHECK(state.cursor == "snapshot=2026-11-14 delta=2026-11-17");
    CHECK(state.published == "2026-11-17T00:00:00Z");
}

TEST_CASE_METHOD(EventsRun, "a backfill moves no cursor", "[job][contract]") {
    publisher.full(14, kThree);
    run();
    const SourceState before = load_state(*own, "firds");
    publisher.delta(12, {added("XS0971721450")});
    publisher.delta(15, {added("AU0000XVGZA3")});
    time += 1h;
    options.backfill = Backfill{"2026-11-10", "2026-11-13"};
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    REQUIRE(report.publications.size() == 1);
    CHECK(report.publications[0].date == "2026-11-12");
    CHECK_THAT(publisher.questions.back(),
               ContainsSubstring("2026-11-10T00") && ContainsSubstring("2026-11-13T23"));
    const SourceState after = load_state(*own, "firds");
    CHECK(after.cursor == before.cursor);
    CHECK(after.published == before.published);
    CHECK(after.last_success == before.last_success);
    CHECK(after.last_attempt == time);
}

TEST_CASE_METHOD(EventsRun, "what was pruned is not filled again", "[job][contract]") {
    publisher.full(14, kThree);
    run();
    own->script("UPDATE source SET kept_since = '2026-11-10T00:00:00Z'");
    options.backfill = Backfill{"2026-11-09", "2026-11-13"};
    const SourceReport refused = run();
    REQUIRE(refused.error);
    CHECK(refused.error->kind() == ErrorKind::gone);
    options.backfill = Backfill{"2026-11-10", "2026-11-13"};
    CHECK(run().status == SourceStatus::unchanged);
}

TEST_CASE_METHOD(EventsRun, "a dry run of events leaves nothing", "[job][contract]") {
    publisher.full(14, kThree);
    options.dry_run = true;
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    CHECK(report.counts.added == 3);
    for (const char* table : {"listing", "run", "run_source", "source", "file"}) {
        CAPTURE(table);
        CHECK(count(table) == 0);
    }
}

TEST_CASE_METHOD(EventsRun, "events do not come out of the archive", "[job]") {
    options.offline = true;
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::usage);
    CHECK(publisher.questions.empty());
}

TEST_CASE_METHOD(EventsRun, "a cursor that is none is not guessed at", "[job][contract]") {
    publisher.full(14, kThree);
    run();
    own->script("UPDATE source SET cursor = 'delta=yesterday'");
    time += 24h;
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::io);
    CHECK_THAT(report.error->what(), ContainsSubstring("cursor 'delta=yesterday'"));
}

TEST_CASE_METHOD(EventsRun, "only files that may hold what is wanted are fetched", "[job]") {
    publisher.full(14, kThree);
    publisher.full(14, {"XS0971721450"}, "D");
    source.select.cfi = {"E"};
    CHECK(run().status == SourceStatus::updated);
    CHECK(publisher.downloads == Texts{"FULINS_E_20261114_01of01.zip"});
}

TEST_CASE_METHOD(EventsRun, "a file that is not what its name says is refused", "[job]") {
    struct Case {
        const char* why;
        std::string text;
        ErrorKind kind;
    };
    const auto row = GENERATE(values<Case>({
        {"of another day", FirdsDocumentText{.period = "<Dt>2026-11-13</Dt>"}(""), ErrorKind::data},
        {"a delta", delta_document(14, {added("US0378331005")}), ErrorKind::protocol},
    }));
    CAPTURE(row.why);
    publisher.files["FULINS_E_20261114_01of01.zip"] = zip_bytes({{"a.xml", row.text}});
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == row.kind);
    CHECK(served().empty());
}
