// What runs of a source that publishes events leave behind: in the report, in the store, beside it.
#include "job/event_run.hpp"
#include "job/events_run.hpp"
#include "job/rollback.hpp"
#include "store/gap.hpp"
#include "store/lease.hpp"
#include "support/catch.hpp"
#include "util/digest.hpp"

#include <algorithm>
#include <fstream>

using namespace isinfetch;
using namespace isinfetch::test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

const Texts kThree{"DE000A0GNPZ3", "GB0002634946", "US0378331005"};

bool has_nothing(const std::filesystem::path& folder) {
    return !std::filesystem::exists(folder) || std::filesystem::is_empty(folder);
}

struct EventTraces : EventsRun {
    RollbackReport undo() {
        RollbackEnvironment here{
            .store = *own,
            .state_dir = directory.path(),
            .host = "here",
            .now = [this] { return time; },
            .lease = {.duration = 60s, .connect = environment.connect, .sleep = environment.sleep}};
        return roll_back(here, {.source = "firds", .run_id = "undo", .lock_wait = 0s});
    }

    std::string file_of(const std::string& sha256) const {
        return (directory / "archive" / sha256.substr(0, 2) / sha256).string();
    }
};

}  // namespace

TEST_CASE_METHOD(EventTraces, "the report adds up what its publications brought", "[job]") {
    publisher.full(14, {"DE000A0GNPZ3", "GB0002634946", "US0378331005", "US0378331006"});
    publisher.delta(15, {added("AU0000XVGZA3"), added("XS0971721451")});
    publisher.delta(16, {terminated("US0378331005")});
    source.guards.max_rejected = 0.6;
    const SourceReport report = run();
    CHECK(publisher.questions.size() == 1);
    CHECK(report.counts.added == 4);
    CHECK(report.counts.terminated == 1);
    CHECK(report.counts.rejected == 2);
    CHECK(report.counts.isins == 1);  // of the last one
    CHECK(report.rejections.size() == 2);
    std::uint64_t bytes = 0;
    for (const auto& [name, text] : publisher.files) {
        bytes += text.size();
    }
    CHECK(report.bytes == bytes);
    REQUIRE(report.publications.size() == 3);
    CHECK(report.publications[0].bytes + report.publications[1].bytes +
              report.publications[2].bytes ==
          bytes);
    CHECK(report.publications[0].files == 1);
    CHECK(report.publications[0].date == "2026-11-14");
    CHECK(report.encoding == "utf-8");
    CHECK_THAT(report.url, ContainsSubstring("DLTINS_20261116_01of01.zip"));
}

TEST_CASE_METHOD(EventTraces, "of rejections a report has samples, of all publications", "[job]") {
    const auto wrong = [](int count, const std::string& right) {
        Texts records(static_cast<std::size_t>(count), added("XS0971721451"));
        records.push_back(added(right));
        return records;
    };
    publisher.full(14, kThree);
    publisher.delta(15, wrong(30, "AU0000XVGZA3"));
    publisher.delta(16, wrong(30, "FR0000120271"));
    source.guards.max_rejected = 1;
    const SourceReport report = run();
    CHECK(report.counts.rejected == 60);
    CHECK(report.rejections.size() == 40);
}

TEST_CASE_METHOD(EventTraces, "every publication has a row with its counts", "[job][contract]") {
    publisher.full(14, kThree);
    publisher.delta(15, {added("AU0000XVGZA3")});
    run();
    CHECK(count("run_source WHERE step = 1 AND added = 3 AND listings = 3") == 1);
    CHECK(count("run_source WHERE step = 2 AND added = 1 AND listings = 4") == 1);
    CHECK(count("file WHERE role = 'snapshot' AND published = '2026-11-14T00:00:00Z'") == 1);
    CHECK(count("file WHERE role = 'delta' AND url LIKE '%DLTINS_20261115_01of01.zip'") == 1);
    const SourceState state = load_state(*own, "firds");
    CHECK(state.mapping == "firds");
    CHECK(state.head == query_integer(*own, "SELECT max(id) FROM run_source"));
    CHECK(count("gap") == 0);
}

TEST_CASE_METHOD(EventTraces, "a writer is announced before it writes", "[job]") {
    publisher.full(14, kThree);
    Texts said;
    flaky.before = [&](std::string_view sql) { said.emplace_back(sql); };
    run();
    const auto begins = [&](std::string_view how) {
        return std::ranges::find_if(said, [&](const auto& sql) { return sql.starts_with(how); });
    };
    const auto announced = begins("SELECT mark_writer");
    CHECK(announced != said.end());
    CHECK(announced < begins("INSERT INTO run_source"));
}

TEST_CASE_METHOD(EventTraces, "what a publication did can be undone", "[job][contract]") {
    publisher.full(14, kThree);
    run();
    const SourceState before = load_state(*own, "firds");
    publisher.delta(15, {added("AU0000XVGZA3"), terminated("US0378331005")});
    time += 24h;
    run();
    CHECK(served() == Texts{"AU0000XVGZA3", "DE000A0GNPZ3", "GB0002634946"});
    CHECK(undo().merges.size() == 1);
    CHECK(served() == kThree);
    CHECK(load_state(*own, "firds").cursor == before.cursor);
    CHECK(run().status == SourceStatus::updated);
    CHECK(served() == Texts{"AU0000XVGZA3", "DE000A0GNPZ3", "GB0002634946"});
}

TEST_CASE_METHOD(EventTraces,
                 "what lies in the archive is not asked for again",
                 "[job][contract]") {
    const std::string delta = "DLTINS_20261115_01of01.zip";
    publisher.full(14, kThree);
    publisher.delta(15, {added("AU0000XVGZA3")});
    for (const auto& [name, bytes] : publisher.files) {
        publisher.checksums[name] = hex_digest(Digest::Algorithm::md5, bytes);
    }
    run();
    undo();
    CHECK(served().empty());
    publisher.downloads.clear();
    const std::string sha256 = hex_digest(Digest::Algorithm::sha256, publisher.files.at(delta));
    SECTION("as it was announced") {
        CHECK(run().bytes > 0);
        CHECK(publisher.downloads.empty());
    }
    SECTION("unless it was damaged there") {
        std::ofstream(file_of(sha256), std::ios::app) << 'x';
        run();
        CHECK(publisher.downloads == Texts{delta});
    }
    SECTION("unless another one is announced") {
        publisher.delta(15, {added("AU0000XVGZA3"), added("FR0000120271")});
        publisher.checksums[delta] = hex_digest(Digest::Algorithm::md5, publisher.files.at(delta));
        run();
        CHECK(publisher.downloads == Texts{delta});
    }
    CHECK(served().size() >= 4);
}

TEST_CASE_METHOD(EventTraces, "a note of what was applied is forgotten", "[job][contract]") {
    publisher.full(14, kThree);
    run();
    // As a run leaves it that is ended between its commit and its note's removal.
    const auto& [name, bytes] = *publisher.files.begin();
    const Archive archive(directory.path());
    const ReceivedFiles received(directory.path(), "firds", archive);
    received.add({.name = name}, {hex_digest(Digest::Algorithm::sha256, bytes), bytes.size()});
    CHECK_FALSE(has_nothing(directory / "received" / "firds"));
    time += 24h;
    options.dry_run = true;
    run();
    CHECK_FALSE(has_nothing(directory / "received" / "firds"));
    options.dry_run = false;
    run();
    CHECK(has_nothing(directory / "received" / "firds"));
}

TEST_CASE_METHOD(EventTraces, "what leaves the archive under a run is named", "[job]") {
    publisher.full(14, kThree);
    at_stage = [&](const std::string& stage) {
        if (stage == "parse") {
            std::filesystem::remove_all(directory / "archive");
        }
    };
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::gone);
    CHECK_THAT(report.error->what(), ContainsSubstring("left the archive"));
}

TEST_CASE_METHOD(EventTraces, "a file that cannot be read is named once", "[job]") {
    publisher.full(14, kThree);
    publisher.files.begin()->second = zip_bytes({{"a.xml", full_text("<RefData>")}});
    const SourceReport report = run();
    REQUIRE(report.error);
    const std::string text = report.error->what();
    const std::string url = "https://a.example/f/FULINS_E_20261114_01of01.zip";
    CHECK_THAT(text, ContainsSubstring(url));
    CHECK(text.find(url) == text.rfind(url));
}

TEST_CASE_METHOD(EventTraces, "gaps are looked after for four weeks", "[job][contract]") {
    publisher.full(14, kThree);
    run();
    const SourceState state = load_state(*own, "firds");
    time += 24h;
    const auto [gap, asked] = GENERATE(values<std::pair<const char*, const char*>>(
        {{"2026-10-24", "2026-10-24T00"}, {"2026-10-23", "2026-11-14T00"}}));
    CAPTURE(gap);
    record_gap(*own, state.id, state.head, gap);
    run();
    CHECK_THAT(publisher.questions.back(), ContainsSubstring(asked));
}

TEST_CASE_METHOD(EventTraces,
                 "an older delta does not outdate what came later",
                 "[job][contract]") {
    publisher.full(14, kThree);
    publisher.delta(15, {});
    publisher.delta(17, {added("XS0971721450")});
    run();
    publisher.delta(16, {added("XS0971721450"), added("AU0000XVGZA3")});
    time += 24h;
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    CHECK(served() ==
          Texts{"AU0000XVGZA3", "DE000A0GNPZ3", "GB0002634946", "US0378331005", "XS0971721450"});
    CHECK(count("listing WHERE isin = 'XS0971721450' AND superseded IS NULL"
                " AND cancelled IS NULL") == 1);
}

TEST_CASE_METHOD(EventTraces, "a backfill waits for nothing", "[job][contract]") {
    publisher.full(14, kThree);
    publisher.part(15, 1, 2, {added("AU0000XVGZA3")});
    run();
    CHECK(load_state(*own, "firds").waiting.publication == "delta of 2026-11-15");
    publisher.delta(12, {added("XS0971721450")});
    options.backfill = Backfill{"2026-11-10", "2026-11-13"};
    CHECK(run().status == SourceStatus::updated);
    CHECK(load_state(*own, "firds").waiting.publication == "delta of 2026-11-15");
}

TEST_CASE_METHOD(EventTraces, "a refusal in a dry run leaves nothing aside", "[job]") {
    publisher.full(14, {"US0378331006"});
    options.dry_run = true;
    CHECK(run().status == SourceStatus::refused);
    CHECK(has_nothing(directory / "quarantine" / "firds"));
}

TEST_CASE_METHOD(EventTraces, "what was refused and then accepted is back", "[job][contract]") {
    publisher.full(14, {"US0378331005", "US0378331006"});
    CHECK(run().status == SourceStatus::refused);
    CHECK_FALSE(has_nothing(directory / "quarantine" / "firds"));
    options.accept_shrink = {"firds"};
    CHECK(run().status == SourceStatus::updated);
    CHECK(has_nothing(directory / "quarantine" / "firds"));
}
