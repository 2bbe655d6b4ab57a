#include "store/state.hpp"

#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

SourceState full_state() {
    return {.source = "list",
            .last_attempt = parse_time(day(1)),
            .last_success = parse_time(day(2)),
            .last_change = parse_time(day(3)),
            .cooldown_until = parse_time(day(4)),
            .failures = 5,
            .last_error = "list: HTTP status 500",
            .last_status = "failed",
            .failing_since = parse_time(day(5)),
            .newest_publication = parse_time(day(9)),
            .waiting = {"delta of 2026-11-20", "part 2 of 3 is missing", parse_time(day(6)), 4},
            .records = 6,
            .head = 7,
            .url = "https://example.org/list.csv",
            .sha256 = "abc",
            .etag = "\"etag\"",
            .last_modified = "Mon, 23 Nov 2026 05:17:02 GMT",
            .published = day(8),
            .encoding = "utf-8",
            .mapping = "def",
            .line_end = false,
            .tail = {"US0378331005 XNAS", "US0378331005 \"ü\"\\", ""}};
}

void check_equal(const SourceState& left, const SourceState& right) {
    CHECK(left.source == right.source);
    CHECK((left.last_attempt == right.last_attempt && left.last_success == right.last_success));
    CHECK((left.last_change == right.last_change && left.cooldown_until == right.cooldown_until));
    CHECK(left.failures == right.failures);
    CHECK(left.last_error == right.last_error);
    CHECK((left.last_status == right.last_status && left.failing_since == right.failing_since));
    CHECK(left.newest_publication == right.newest_publication);
    CHECK(left.waiting == right.waiting);
    CHECK(left.records == right.records);
    CHECK(left.head == right.head);
    CHECK(left.url == right.url);
    CHECK(left.sha256 == right.sha256);
    CHECK(left.etag == right.etag);
    CHECK(left.last_modified == right.last_modified);
    CHECK(left.published == right.published);
    CHECK(left.encoding == right.encoding);
    CHECK(left.mapping == right.mapping);
    CHECK(left.line_end == right.line_end);
    CHECK(left.tail == right.tail);
}

SourceReport full_report() {
    SourceReport report{.source = "list",
                        .status = SourceStatus::refused,
                        .bytes = 1000,
                        .sha256 = "abc",
                        .url = "https://example.org/",
                        .published = day(1),
                        .encoding = "utf-8",
                        .http_status = 200,
                        .attempts = 2};
    std::uint64_t number = 0;
    for (const CountInfo& info : count_table()) {
        report.counts.*info.member = ++number;
    }
    report.durations = {{"download", std::chrono::milliseconds(12)},
                        {"parse", std::chrono::milliseconds(3)}};
    report.remarks = {.warnings = {{"unknown prefix", 2}}, .notes = {{"SEDOL check digit", 3}}};
    report.rejections = {
        {.position = {3, 99}, .reason = "length", .value = "US", .text = "US;Apple"}};
    report.error = Error(ErrorKind::data, "list: refused");
    return report;
}

struct StateFixture : StoreFixture {
    SourceState state{.source = "list"};
    std::int64_t run = begin_run(*store, {.run_id = "r", .started = parse_time(day(1)).value()});

    StateFixture() { save_state(*store, state); }
};

}  // namespace

TEST_CASE_METHOD(StoreFixture,
                 "an unknown source has the empty state",
                 "[store][state][contract]") {
    const SourceState state = load_state(*store, "list");
    CHECK(state.id == 0);
    check_equal(state, {});
}

TEST_CASE_METHOD(StoreFixture, "a state comes back as it was saved", "[store][state][contract]") {
    SourceState state = full_state();
    save_state(*store, state);
    CHECK(state.id > 0);
    const SourceState loaded = load_state(*store, "list");
    CHECK(loaded.id == state.id);
    check_equal(loaded, state);
}

TEST_CASE_METHOD(StoreFixture, "saving again replaces every member", "[store][state][contract]") {
    SourceState state = full_state();
    save_state(*store, state);
    SourceState bare{.source = "list"};
    save_state(*store, bare);
    CHECK(bare.id == state.id);
    check_equal(load_state(*store, "list"), bare);
    CHECK(count("source") == 1);
    CHECK(count("source WHERE url IS NULL AND last_attempt IS NULL AND head IS NULL") == 1);
}

TEST_CASE_METHOD(StoreFixture,
                 "saving keeps the columns that are not of the state",
                 "[store][state][contract]") {
    SourceState state = full_state();
    save_state(*store, state);
    store->script("UPDATE source SET fence = 3, lease_holder = 'me'");
    save_state(*store, state);
    CHECK(count("source WHERE fence = 3 AND lease_holder = 'me'") == 1);
}

TEST_CASE_METHOD(StoreFixture, "states come by name", "[store][state][contract]") {
    for (const char* name : {"b", "a", "C"}) {
        SourceState state{.source = name};
        save_state(*store, state);
    }
    std::string names;
    for (const SourceState& state : load_states(*store)) {
        names += state.source;
    }
    CHECK(names == "Cab");
}

TEST_CASE_METHOD(StoreFixture, "a run is open until it ends", "[store][state][contract]") {
    const RunReport report{.run_id = "r",
                           .started = parse_time(day(1)).value(),
                           .finished = parse_time(day(2)).value(),
                           .dry_run = true};
    const auto run = begin_run(*store, report);
    CHECK(count("run WHERE run_id = 'r' AND finished IS NULL AND exit_status IS NULL"
                " AND dry_run = 1 AND pid > 0 AND length(host) > 0 AND length(version) > 0") == 1);
    end_run(*store, run, report, ExitCode::temp_fail);
    CHECK(text("SELECT started || ' ' || finished || ' ' || exit_status FROM run") ==
          day(1) + " " + day(2) + " 75");
}

TEST_CASE_METHOD(StateFixture,
                 "a report becomes a row with its rejections",
                 "[store][state][contract]") {
    const auto key = record_source(*store, run, state.id, full_report());
    CHECK(text("SELECT id || status || bytes || sha256 || url || published || encoding ||"
               " http_status || attempts || error_kind || error FROM run_source") ==
          fmt::format(
              "{}refused1000abchttps://example.org/{}utf-82002datalist: refused", key, day(1)));
    CHECK(text("SELECT durations FROM run_source") == R"({"download":12,"parse":3})");
    CHECK(text("SELECT warnings FROM run_source") == R"({"unknown prefix":2})");
    CHECK(text("SELECT notes FROM run_source") == R"({"SEDOL check digit":3})");
    std::int64_t number = 0;
    for (const CountInfo& info : count_table()) {
        CHECK(query_integer(*store, fmt::format("SELECT {} FROM run_source", info.name)) ==
              ++number);
    }
    CHECK(text("SELECT run_source_id || ' ' || line || ' ' || byte || ' ' || reason || ' ' ||"
               " value || ' ' || text FROM rejection") ==
          fmt::format("{} 3 99 length US US;Apple", key));
}

TEST_CASE_METHOD(StateFixture, "what never happened is NULL", "[store][state][contract]") {
    record_source(*store, run, state.id, {.source = "list", .status = SourceStatus::current});
    CHECK(count("run_source WHERE sha256 IS NULL AND url IS NULL AND published IS NULL AND"
                " http_status IS NULL AND error IS NULL AND error_kind IS NULL") == 1);
}

TEST_CASE_METHOD(StateFixture, "a row can be brought up to date", "[store][state][contract]") {
    const auto key = record_source(*store, run, state.id, full_report());
    SourceReport report = full_report();
    report.counts.added = 77;
    report.status = SourceStatus::updated;
    report.error.reset();
    report.rejections.push_back(
        {.file = "f", .position = {4, 5}, .reason = "duplicate key", .value = "v", .text = "t"});
    update_counts(*store, key, report);
    CHECK(count("run_source WHERE added = 77 AND seen = 1 AND status = 'updated'"
                " AND error IS NULL") == 1);
    CHECK(count("run_source") == 1);
    CHECK(count("rejection") == 2);
}

TEST_CASE_METHOD(StateFixture,
                 "every status and kind of error can be recorded",
                 "[store][state][contract]") {
    const auto status = GENERATE(SourceStatus::updated,
                                 SourceStatus::unchanged,
                                 SourceStatus::current,
                                 SourceStatus::cooldown,
                                 SourceStatus::refused,
                                 SourceStatus::failed);
    CHECK_NOTHROW(record_source(*store, run, state.id, {.status = status}));
}

TEST_CASE_METHOD(StateFixture, "the newest files come back whole", "[store][state][contract]") {
    CHECK(newest_files(*store, state.id).empty());
    const auto old = record_source(*store, run, state.id, full_report());
    record_file(*store, state.id, old, {.name = "old.csv"});
    const auto key = record_source(*store, run, state.id, full_report(), 2);
    record_file(*store, state.id, key, {.name = "page 1"});
    const FileRecord file{.name = "new.csv",
                          .url = "u",
                          .sha256 = "s",
                          .checksum = "c",
                          .published = day(1),
                          .role = "delta",
                          .etag = "e",
                          .last_modified = "m",
                          .bytes = 5'000'000'000,
                          .applied = false};
    record_file(*store, state.id, key, file);
    const auto files = newest_files(*store, state.id);
    REQUIRE(files.size() == 2);
    CHECK(files.front().name == "page 1");
    const FileRecord& newest = files.back();
    CHECK(newest.name == "new.csv");
    CHECK(newest.url + newest.sha256 + newest.checksum == "usc");
    CHECK(newest.published == day(1));
    CHECK(newest.role == "delta");
    CHECK(newest.etag + newest.last_modified == "em");
    CHECK(newest.bytes == 5'000'000'000);
    CHECK_FALSE(newest.applied);
    CHECK(newest_files(*store, state.id + 1).empty());
}
