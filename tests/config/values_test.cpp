#include "config/values.hpp"

#include "config/home.hpp"
#include "support/catch.hpp"

using namespace isinfetch;
using isinfetch::test::Home;

TEST_CASE_METHOD(Home, "what cannot be meant is refused", "[config]") {
    struct Case {
        const char* yaml;
        const char* message;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"state_dir: ~/isins\n", "'~' is not replaced", "a folder named ~ would appear"},
        {"network: {ca_file: ~/ca.pem}\n", "'~' is not replaced", "likewise"},
        {"network: {stall_timeout: 0s}\n", "'0s' is too short: 1s or more", "0 means for ever to libcurl"},
        {"network: {connect_timeout: 0}\n", "'0' is too short", "0 means the default to libcurl"},
        {"network: {retry: {attempts: 0}}\n", "0 is not between 1 and 1000", "nothing would ever be asked"},
        {"network: {total_timeout: 0s}\n", "'0s' is too short: 1s or more", "0 means for ever to libcurl"},
        {"network: {retry: {budget: 0s}}\n", "'0s' is too short: 1s or more", "no attempt would have time"},
        {"network: {max_header: 1MiB}\n", "'1MiB' is not between 1KiB and 300KiB", "libcurl would refuse it first"},
        {"network: {max_header: 0}\n", "'0' is not between 1KiB and 300KiB", "no answer is without a header"},
        {"network: {allow_addresses: [10.0.0.1/8]}\n", "'10.0.0.1/8' is no address or network such as", "one of both numbers is wrong"},
        {"network: {allow_addresses: intranet.example}\n", "'intranet.example' is no address or network", "names lead anywhere"},
        {"sources: {listed: {allow_addresses: all}}\n", "nor the word private", "a word that does not exist"},
        {"sources: {listed: {redirect_hosts: ['https://a.example/']}}\n", "'https://a.example/' is no host such as example.org", "a URL never matches"},
        {"network: {max_redirects: -1}\n", "'-1' is not a whole number", "-1 means any number to libcurl"},
        {"network: {user_agent: \"a\\r\\nX: y\"}\n", "holds a control character", "a smuggled header"},
        {"network: {proxy: \"a\\nb\"}\n", "holds a control character", "likewise"},
        {"sources: {listed: {headers: {Accept: \"a\\nb\"}}}\n", "holds a control character", "likewise"},
        {"sources: {listed: {headers: {\"X y\": z}}}\n", "'X y' is no name for a header", "a blank"},
        {"sources: {listed: {headers: {\"X:\": z}}}\n", "'X:' is no name for a header", "a colon"},
        {"sources: {listed: {columns: {isin: \"#0\"}}}\n", "'#0' names no column", "columns count from 1"},
        {"sources: {listed: {columns: {isin: \"#six\"}}}\n", "'#six' names no column", "no number"},
        {"sources: {listed: {columns: {isin: \" \"}}}\n", "' ' names no column", "blanks"},
        {"sources: {listed: {columns: {isin: [[a]]}}}\n", "expected a single value", "a list in a list"},
        {"sources: {listed: {not_before: 7:15}}\n", "'7:15' is not a time of day such as 18:30", "a digit is missing"},
        {"sources: {listed: {not_before: \"24:00\"}}\n", "'24:00' is not a time of day", "the next day's 00:00"},
        {"sources: {listed: {not_before: 18:30 CET}}\n", "'18:30 CET' is not a time of day", "zone is a key of its own"},
        {"sources: {listed: {zone: Europe/Berlni}}\n", "'Europe/Berlni' is no time zone, did you mean 'Europe/Berlin'?", "a slip"},
        {"sources: {listed: {zone: +01:00}}\n", "'+01:00' is no time zone", "an offset knows no summer time"},
        {"sources: {listed: {guards: {max_shrink: 101%}}}\n", "'101%' is not a percentage", "more than all"},
        {"sources: {listed: {guards: {min_records: 1e3}}}\n", "'1e3' is not a whole number", "no such notation"},
        {"sources: {listed: {select: {cfi: [E, bonds]}}}\n", "'bonds' is not 1 to 6 capital letters or digits", "a word"},
        {"sources: {listed: {select: {mic: XETRA}}}\n", "'XETRA' is not 4 capital letters or digits", "a MIC has four"},
        {"sources: {listed: {select: {country: [de]}}}\n", "'de' is not 2 capital letters or digits", "would select nothing"},
        {"sources: {listed: {select: {authority: [\"\"]}}}\n", "'' is not 2 capital letters or digits", "likewise"},
        {"jobs: 99999999999999999999\n", "is not a whole number", "does not fit"},
    }));
    // clang-format on
    CAPTURE(row.yaml, row.why);
    CHECK_THAT(complaint(row.yaml), StartsWith((settings() / "isinfetch.yaml").string() + ":1: "));
    CHECK_THAT(complaint(row.yaml), ContainsSubstring(row.message));
}

TEST_CASE_METHOD(Home, "an unknown key is answered with the one that was meant", "[config]") {
    struct Case {
        const char* yaml;
        const char* message;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"network.proxy: x\n", "unknown key 'network.proxy', write 'network:' and 'proxy' below it", "dots are for --set"},
        {"sources: {listed: {guards.max_shrink: 5%}}\n", "write 'guards:' and 'max_shrink' below it", "likewise"},
        {"sources: {listed: {min_records: 5}}\n", "did you mean 'guards.min_records'?", "one level too high"},
        {"proxy: x\n", "did you mean 'network.proxy'?", "likewise"},
        {"sources: {listed: {nothing_like_it_at_all: 5}}\n", "unknown key 'sources.listed.nothing_like_it_at_all'", "no advice is better than wrong advice"},
    }));
    // clang-format on
    CAPTURE(row.yaml, row.why);
    CHECK_THAT(complaint(row.yaml), ContainsSubstring(row.message));
}

TEST_CASE_METHOD(Home, "what is kept is kept for ever unless said otherwise", "[config]") {
    using std::chrono::hours;
    const Keep standard = load("").config.keep;
    CHECK(!standard.archive);
    CHECK(!standard.runs);
    CHECK(!standard.versions);
    CHECK(standard.partial == hours{7 * 24});
    const Keep keep =
        load("keep: {archive: 30d, runs: 2y, versions: forever, partial: forever}").config.keep;
    CHECK(keep.archive == hours{30 * 24});
    CHECK(keep.runs == hours{2 * 365 * 24});
    CHECK(!keep.versions);
    CHECK(!keep.partial);
}

TEST_CASE_METHOD(Home, "every type of value is read", "[config]") {
    const SourceConfig source = listed(
        "enabled: yes, every: 1h30m, not_before: 07:15, zone: Asia/Kolkata, max_bytes: 2GiB, "
        "max_redirects: 0, allow_http: true,"
        "redirect_hosts: one.example, no_isin: [], dates: mdy, mic: XETR, currency: EUR,"
        "csv: {delimiter: tab, encoding: windows-1251, header_within: 3, max_record: 64kB},"
        "sheets: {only: [\"1.*\"], except: 1.0 All, announced: 'Rows:', max_text: 1MiB},"
        "select: {cfi: [ES, D], mic: XETR, country: [DE, FR], authority: DE},"
        "guards: {max_shrink: 2.5%, max_rejected: 0%, allow_empty: true, detect_cut: no}");
    CHECK(source.enabled);
    CHECK(source.cadence.every == std::chrono::minutes{90});
    CHECK(source.cadence.not_before == std::chrono::minutes{7 * 60 + 15});
    CHECK(source.cadence.zone.name() == "Asia/Kolkata");
    CHECK(source.fetch.max_bytes == 2ULL * 1024 * 1024 * 1024);
    CHECK(source.fetch.max_redirects == 0);
    CHECK(source.fetch.allow_http);
    CHECK(source.fetch.redirect_hosts == std::vector<std::string>{"one.example"});
    CHECK(source.validate.no_isin.empty());
    CHECK(source.validate.dates == DateOrder::month_day);
    CHECK(source.validate.mic == "XETR");
    CHECK(source.validate.currency == "EUR");
    CHECK(source.parse.delimiter == '\t');
    CHECK(source.parse.encoding == Encoding::windows_1251);
    CHECK(source.parse.header_within == 3);
    CHECK(source.parse.max_record == 64'000);
    CHECK(source.parse.sheets.only == std::vector<std::string>{"1.*"});
    CHECK(source.parse.sheets.except == std::vector<std::string>{"1.0 All"});
    CHECK(source.parse.sheets.announced == "Rows:");
    CHECK(source.parse.sheets.max_text == 1024 * 1024);
    CHECK(source.select.cfi == std::vector<std::string>{"ES", "D"});
    CHECK(source.select.mic == std::vector<std::string>{"XETR"});
    CHECK(source.select.country == std::vector<std::string>{"DE", "FR"});
    CHECK(source.select.authority == std::vector<std::string>{"DE"});
    CHECK(source.guards.max_shrink == Approx(0.025));
    CHECK(source.guards.max_rejected == 0);
    CHECK(source.guards.allow_empty);
    CHECK_FALSE(source.guards.detect_cut);
}

TEST_CASE_METHOD(Home, "the default in the table is the default in the program", "[config]") {
    const SourceConfig loaded =
        *load("sources: {own: {url: https://x.example/, format: lines}}\n").config.find("own");
    const SourceConfig plain;
    CHECK(loaded.cadence.every == plain.cadence.every);
    CHECK(loaded.cadence.not_before == plain.cadence.not_before);
    CHECK(loaded.cadence.zone.name() == plain.cadence.zone.name());
    CHECK(loaded.guards.min_records == plain.guards.min_records);
    CHECK(loaded.guards.max_shrink == Approx(plain.guards.max_shrink));
    CHECK(loaded.guards.max_rejected == Approx(plain.guards.max_rejected));
    CHECK(loaded.guards.allow_empty == plain.guards.allow_empty);
    CHECK(loaded.guards.detect_cut == plain.guards.detect_cut);
    CHECK(loaded.parse.delimiter == plain.parse.delimiter);
    CHECK(loaded.parse.header_within == plain.parse.header_within);
    CHECK(loaded.parse.max_record == plain.parse.max_record);
    CHECK(loaded.parse.sheets.only == plain.parse.sheets.only);
    CHECK(loaded.parse.sheets.max_text == plain.parse.sheets.max_text);
    CHECK(loaded.validate.no_isin == plain.validate.no_isin);
    CHECK(loaded.select.empty());
    CHECK(loaded.fetch.max_redirects == plain.fetch.max_redirects);
    CHECK(loaded.fetch.total_timeout == plain.fetch.total_timeout);
    CHECK(loaded.fetch.max_header == plain.fetch.max_header);
    CHECK(loaded.fetch.addresses.allowed == plain.fetch.addresses.allowed);
    CHECK(loaded.fetch.retry.attempts == plain.fetch.retry.attempts);
    CHECK(loaded.fetch.retry.budget == plain.fetch.retry.budget);
    CHECK(loaded.fetch.retry.cooldown_403 == plain.fetch.retry.cooldown_403);
    CHECK(loaded.fetch.retry.cooldown_429 == plain.fetch.retry.cooldown_429);
}

TEST_CASE_METHOD(Home, "a header without a value is not sent", "[config]") {
    CHECK(listed("headers: {Referer: ''}").fetch.headers.empty());
}

TEST_CASE_METHOD(Home,
                 "the digest of the mapping does not depend on the order of keys",
                 "[config]") {
    const std::string one = listed("csv: {delimiter: ;, encoding: utf-8}, dates: dmy").mapping;
    CHECK(listed("dates: dmy, csv: {encoding: utf-8, delimiter: ;}").mapping == one);
    const std::string columns = listed("other_columns: {a: A, b: B}").mapping;
    CHECK(listed("other_columns: {b: B, a: A}").mapping == columns);
    CHECK(listed("other_columns: {a: B, b: A}").mapping != columns);
}
