#include "cli/remedy.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using namespace isinfetch::cli;

TEST_CASE("a failure that a person can mend says how", "[cli]") {
    SourceConfig source{.name = "moex"};
    source.homepage = "https://moex.example/lists";
    struct Case {
        SourceStatus status;
        ErrorKind kind;
        int http_status;
        const char* text;
        const char* why;
    };
    const std::vector<Case> cases{
        {SourceStatus::failed,
         ErrorKind::gone,
         404,
         "\n  what to do: look for its new address on https://moex.example/lists and set"
         " 'sources.moex.url'",
         "the list moved"},
        {SourceStatus::failed, ErrorKind::gone, 0, "", "a local file"},
        {SourceStatus::failed,
         ErrorKind::temporary,
         503,
         "\n  what to do: try again; the next run does",
         "waiting helps"},
        {SourceStatus::failed,
         ErrorKind::busy,
         0,
         "\n  what to do: nothing: somebody else is doing it",
         "another host is at it"},
        {SourceStatus::refused,
         ErrorKind::data,
         200,
         "\n  the file: /state/quarantine/moex/c8a4\n  compare: isinfetch run -n -o text"
         " --accept-shrink moex moex",
         "a guard refused it"},
    };
    for (const Case& row : cases) {
        CAPTURE(row.why);
        SourceReport report{.source = "moex", .status = row.status};
        report.http_status = row.http_status;
        report.error = Error(row.kind, "x");
        CHECK(remedy(report, source, "/state/quarantine/moex/c8a4") == row.text);
    }
    CHECK(remedy({.source = "moex"}, source, std::nullopt).empty());
    source.homepage.clear();
    SourceReport gone{.source = "moex", .status = SourceStatus::failed};
    gone.http_status = 410;
    gone.error = Error(ErrorKind::gone, "x");
    CHECK(remedy(gone, source, std::nullopt) ==
          "\n  what to do: look for its new address and set 'sources.moex.url'");
}

TEST_CASE("whoever may not is told whose it is", "[cli]") {
    DirectoryFacts facts{.path = "/state", .exists = true, .owner = "ann", .user = "bob"};
    CHECK(owner_remark(facts) ==
          ": /state belongs to 'ann'; you are 'bob': run as that user, or give --state-dir");
    facts.user = "ann";
    CHECK(owner_remark(facts).empty());
    facts = {.path = "/state", .exists = false, .user = "bob"};
    CHECK(owner_remark(facts).empty());
    facts = {.path = "/state", .exists = true, .owner = "ann", .user = "root"};
    facts.asked_by_root = true;
    CHECK(owner_remark(facts).empty());
}
