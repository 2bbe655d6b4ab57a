#include "config/load.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/atomic_file.hpp"
#include "util/error.hpp"

#include <algorithm>

using namespace isinfetch;
using isinfetch::test::TempDir;

namespace {

void write_file(const std::filesystem::path& path, std::string_view text) {
    make_directories(path.parent_path());
    AtomicFile file(path);
    file.write(text);
    file.commit();
}

/// A user's world in a directory: nothing of the machine's own configuration is read.
struct World {
    TempDir directory{};
    ConfigInputs inputs{};

    World() {
        write_file(directory / "catalogue" / "x.yaml",
                   "sources:\n"
                   "  listed:\n"
                   "    url: https://publisher.example/list.csv\n"
                   "    format: csv\n"
                   "    columns: {isin: ISIN, name: [Name, Title]}\n"
                   "    guards: {max_shrink: 1%, min_records: 7}\n");
        inputs.environment = {{"ISINFETCH_CATALOGUE", (directory / "catalogue").string()},
                              {"XDG_CONFIG_HOME", (directory / "etc").string()},
                              {"XDG_STATE_HOME", (directory / "state").string()}};
    }

    std::filesystem::path main_file() const {
        return directory / "etc" / "isinfetch" / "isinfetch.yaml";
    }

    LoadedConfig load(std::string_view text = "") {
        write_file(main_file(), text);
        return load_config(inputs);
    }

    SourceConfig listed(std::string_view text = "") {
        const LoadedConfig loaded = load(text);
        REQUIRE(loaded.config.find("listed") != nullptr);
        return *loaded.config.find("listed");
    }
};

}  // namespace

TEST_CASE_METHOD(World, "a mistake is named by its file and line", "[config]") {
    struct Mistake {
        const char* yaml;
        int line;
        const char* message;
    };
    // clang-format off
    const auto mistake = GENERATE(values<Mistake>({
        {"jbos: 3\n", 1, "unknown key 'jbos', did you mean 'jobs'?"},
        {"\njobs: many\n", 2, "jobs: 'many' is not a whole number such as 1000"},
        {"jobs: 0\n", 1, "jobs: 0 is not between 1 and 1000"},
        {"jobs: [1]\n", 1, "expected a single value"},
        {"store_mode: 0666\n", 1, "'0666' is none of 0644, 0640, 0600"},
        {"store_cache: 64mb\n", 1, "'64mb' is not a size such as 64MiB"},
        {"lock_wait: 5\n", 1, "'5' is not a duration such as 30s, 5m, 20h or 7d"},
        {"keep:\n  archive: 30\n", 2, "'30' is not an age such as 30d or 2y, or 'forever'"},
        {"keep: {runs: y}\n", 1, "'y' is not an age"},
        {"keep: {runs: 1.5y}\n", 1, "'1.5y' is not an age"},
        {"keep: {versions: never}\n", 1, "'never' is not an age"},
        {"keep: {lists: 1d}\n", 1, "unknown key 'keep.lists'"},
        {"network: fast\n", 1, "'network' takes keys below it, not 'fast': write 'network: {proxy: …}'"},
        {"network:\n  retry: [5]\n", 2, "'network.retry' takes keys below it, not a list: write 'retry: {attempts: …}'"},
        {"network:\n  prxy: x\n", 2, "unknown key 'network.prxy', did you mean 'proxy'?"},
        {"network:\n  retry:\n    attempt: 3\n", 3, "did you mean 'attempts'?"},
        {"sources:\n  - name: a\n", 1, "sources are named by their key: write 'a:' and its keys below it, without '- '"},
        {"sources: []\n", 1, "write 'nse-equity: {enabled: true}' below it"},
        {"sources: [listed]\n", 1, "write 'listed: {enabled: true}' below it"},
        {"sources: listed\n", 1, "write 'listed: {enabled: true}' below it"},
        {"sources: {Big: {}}\n", 1, "'Big' is no name for a source"},
        {"sources: {listed: yes}\n", 1, "source 'listed' takes keys below it, not 'yes': write 'listed: {enabled: true}'"},
        {"sources: {listed: no}\n", 1, "write 'listed: {enabled: false}'"},
        {"sources:\n  listed: [url]\n", 2, "source 'listed' takes keys below it, not a list: write 'listed: {enabled: true}'"},
        {"sources:\n  listed:\n    enabeld: true\n", 3, "unknown key 'sources.listed.enabeld', did you mean 'enabled'?"},
        {"sources:\n  listed:\n    enabled: maybe\n", 3, "sources.listed.enabled: 'maybe' is none of true, false, yes, no"},
        {"sources:\n  listed:\n    every: often\n", 3, "'often' is not a duration"},
        {"sources:\n  listed:\n    format: cvs\n", 3, "'cvs' is none of csv, firds, fixed"},
        {"sources:\n  listed:\n    discovery: magic\n", 3, "'magic' is none of"},
        {"sources:\n  listed:\n    guards: {max_shrink: 0.05}\n", 3, "'0.05' is not a percentage such as 5%"},
        {"sources:\n  listed:\n    guards: {max_shrnk: 5%}\n", 3, "did you mean 'max_shrink'?"},
        {"sources:\n  listed:\n    csv: {delimiter: ;;}\n", 3, "';;' is not one character"},
        {"sources:\n  listed:\n    csv: {encoding: latin1}\n", 3, "sources.listed.csv.encoding: 'latin1' is none of auto, utf-8"},
        {"sources:\n  listed:\n    csv: {encoding: latin1}\n", 3, "did you mean 'iso-8859-1'?"},
        {"sources:\n  listed:\n    csv: {encoding: CP1251}\n", 3, "did you mean 'windows-1251'?"},
        {"sources:\n  listed:\n    csv: {encoding: utf8}\n", 3, "did you mean 'utf-8'?"},
        {"sources:\n  listed:\n    isin_from: cusp\n", 3, "did you mean 'cusip'?"},
        {"sources:\n  listed:\n    mic: XETRA\n", 3, "sources.listed.mic: 'XETRA' is no MIC: four capital letters or digits such as XETR"},
        {"sources:\n  listed:\n    mic: xetr\n", 3, "'xetr' is no MIC"},
        {"sources:\n  listed:\n    currency: Euro\n", 3, "sources.listed.currency: 'Euro' is no currency: a code of ISO 4217 such as EUR"},
        {"sources:\n  listed:\n    columns: {isin: #7}\n", 3, "'#' begins a comment here: write \"#7\""},
        {"sources:\n  listed:\n    columns:\n      isin: #7\n", 4, "column 'isin' has no name ('#' begins a comment: write \"#7\")"},
        {"sources:\n  listed:\n    dates: iso\n", 3, "'iso' is none of dmy, mdy, ymd"},
        {"sources:\n  listed:\n    decimal: dot\n", 3, "'dot' is none of point, comma"},
        {"sources:\n  listed:\n    isin_from: figi\n", 3, "'figi' is none of cusip"},
        {"sources:\n  listed:\n    no_isin_where: CALL\n", 3, "expected 'column: words' pairs"},
        {"sources:\n  listed:\n    fixed: {total: 42-32}\n", 3, "'42-32' is no range of bytes such as 32-42"},
        {"sources:\n  listed:\n    json: {rows: data..rows}\n", 3, "'data..rows' is no path such as data.rows or /data/rows"},
        {"sources:\n  listed:\n    columns: {nam: Name}\n", 3, "'nam' is no standard field, did you mean 'name'?"},
        {"sources:\n  listed:\n    columns: {isin: []}\n", 3, "column 'isin' has no name"},
        {"sources:\n  listed:\n    other_columns: {lei: LEI}\n", 3, "'lei' is a standard field"},
        {"sources:\n  listed:\n    headers: [a]\n", 3, "expected 'name: value' pairs"},
        {"sources:\n  listed:\n    redirect_hosts: {a: b}\n", 3, "expected a list"},
        {"sources:\n  listed:\n    checksum: md5:12\n", 3, "'md5:12' is not md5: and 32"},
        {"sources:\n  listed:\n    url: http://far.example/x\n", 3, "allow_http"},
        {"sources:\n  listed:\n    url: ftp://far.example/x\n", 3, "ftp"},
        {"sources:\n  listd:\n    enabled: true\n", 2, "source 'listd' needs a url and a format, or did you mean 'listed'?"},
        {"sources:\n  own:\n    url: https://x.example/\n", 2, "source 'own' needs a format: write 'format: csv', see 'isinfetch formats'"},
        {"sources:\n  own:\n    format: csv\n", 2, "source 'own' needs a url"},
        {"sources:\n  own:\n    format: cvs\n", 3, "source 'own' needs a url"},
        {"sources:\n  own: {}\n", 2, "source 'own' needs a url and a format"},
        {"sources:\n  own:\n    url: https://x.example/\n    format: csv\n", 2, "needs columns: {isin: NAME}"},
        {"sources:\n  own:\n    url: https://x.example/\n    format: html-table\n", 2, "needs columns: {isin: NAME}"},
        {"sources:\n  own:\n    url: https://x.example/\n    format: fixed\n", 2, "needs columns: {isin: FIRST-LAST}"},
        {"sources:\n  own:\n    url: https://x.example/\n    format: fixed\n    columns: {isin: ISIN}\n", 2,
         "column 'isin': 'ISIN' is no range of bytes such as 231-242"},
        {"sources:\n  own:\n    url: https://x.example/\n    format: xlsx\n", 2, "needs columns: {isin: NAME}"},
        {"sources:\n  listed:\n    sheets: {onyl: A}\n", 3, "onyl"},
        {"a list\n", 1, "expected 'key: value' pairs"},
        {"jobs: 3\njobs: 4\n", 2, "key 'jobs' is there already, in line 1"},
        {"jobs: &a 3\n", 1, "anchors"},
        {"jobs: *a\n", 1, "a text that begins with '*' needs quotes: write \"*a\""},
        {"jobs: !!int 3\n", 1, "tags"},
        {"jobs: 3\n---\njobs: 4\n", 2, "only one document"},
        {"jobs: [1\n", 1, "'[' is not closed: ']' is missing"},
        {"a:\n\tb: c\n", 2, ""},
    }));
    // clang-format on
    CAPTURE(mistake.yaml);
    try {
        load(mistake.yaml);
        FAIL("nothing was thrown");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::config);
        const std::string where = main_file().string() + ":" + std::to_string(mistake.line) + ": ";
        CHECK_THAT(error.what(), StartsWith(where));
        CHECK_THAT(error.what(), ContainsSubstring(mistake.message));
    }
}

TEST_CASE_METHOD(World, "all mistakes are told at once", "[config]") {
    CHECK_THROWS_WITH(load("jbos: 3\nlock_wait: x\nsources:\n  listed: {every: y}\n"),
                      ContainsSubstring(":1: ") && ContainsSubstring("\n") &&
                          ContainsSubstring(":2: ") && ContainsSubstring(":4: "));
}

TEST_CASE_METHOD(World, "a user's entry replaces just the keys that it gives", "[config]") {
    const SourceConfig source = listed(
        "sources:\n  listed:\n    enabled: true\n    guards: {max_shrink: 2%}\n"
        "    columns: {name: Bezeichnung}\n");
    CHECK(source.enabled);
    CHECK(source.url == "https://publisher.example/list.csv");
    CHECK(source.guards.max_shrink == Approx(0.02));
    CHECK(source.guards.min_records == 7);
    REQUIRE(source.parse.columns.size() == 2);
    CHECK(source.parse.columns[0].names == std::vector<std::string>{"ISIN"});
    CHECK(source.parse.columns[1].names == std::vector<std::string>{"Bezeichnung"});
}

TEST_CASE_METHOD(World, "a key without a value changes nothing", "[config]") {
    CHECK(listed("sources:\n  listed:\n").guards.min_records == 7);
    CHECK(load("sources:\n").config.sources.size() == 1);
    CHECK(load("# nothing\n").config.sources.size() == 1);
}

TEST_CASE_METHOD(World, "each layer wins over the one below it", "[config]") {
    CHECK(load().config.jobs == 3);
    CHECK(load("jobs: 4\n").config.jobs == 4);
    write_file(directory / "etc" / "isinfetch" / "conf.d" / "b.yaml", "jobs: 6\n");
    write_file(directory / "etc" / "isinfetch" / "conf.d" / "a.yaml", "jobs: 5\n");
    write_file(directory / "etc" / "isinfetch" / "conf.d" / "ignored.txt", "jobs: 99\n");
    CHECK(load("jobs: 4\n").config.jobs == 6);
    inputs.environment.emplace_back("ISINFETCH_JOBS", "7");
    CHECK(load("jobs: 4\n").config.jobs == 7);
    inputs.settings = {"jobs=8", "jobs=9"};
    CHECK(load("jobs: 4\n").config.jobs == 9);
}

TEST_CASE_METHOD(World, "environment variables name keys of any depth", "[config]") {
    inputs.environment.insert(inputs.environment.end(),
                              {{"ISINFETCH_NETWORK__RETRY__ATTEMPTS", "2"},
                               {"ISINFETCH_SOURCES__LISTED__URL", "https://other.example/"},
                               {"ISINFETCH_SOURCES__LISTED__REDIRECT_HOSTS", "[a, b]"},
                               {"ISINFETCH_JBOS", "3"},
                               {"ISINFETCH_CONFIGURED", "x"}});
    const LoadedConfig loaded = load();
    const SourceConfig& source = loaded.config.sources.front();
    CHECK(source.fetch.retry.attempts == 2);
    CHECK(source.url == "https://other.example/");
    CHECK(source.fetch.redirect_hosts == std::vector<std::string>{"a", "b"});
    REQUIRE(loaded.warnings.size() == 2);
    CHECK(loaded.warnings[0] ==
          "environment ISINFETCH_JBOS: means no key, did you mean ISINFETCH_JOBS?");
}

TEST_CASE_METHOD(World, "a secret may come from a file", "[config]") {
    write_file(directory / "secret", "http://user:password@proxy.example:3128\n");
    inputs.environment.emplace_back("ISINFETCH_NETWORK__PROXY_FILE",
                                    (directory / "secret").string());
    CHECK(listed().fetch.proxy == "http://user:password@proxy.example:3128");
}

TEST_CASE_METHOD(World, "settings of the command line reach any key", "[config]") {
    inputs.settings = {"sources.listed.guards.max_shrink=3%",
                       "sources.listed.columns.isin=[A, B]",
                       "sources.new.url=https://new.example/a=b",
                       "sources.new.format=lines"};
    const LoadedConfig loaded = load();
    CHECK(loaded.config.find("listed")->guards.max_shrink == Approx(0.03));
    CHECK(loaded.config.find("listed")->parse.columns[0].names ==
          std::vector<std::string>{"A", "B"});
    CHECK(loaded.config.find("new")->url == "https://new.example/a=b");
    inputs.settings = {"jobs"};
    CHECK_THROWS_WITH(load(), "--set 'jobs': expected KEY=VALUE");
    inputs.settings = {"jbos=3"};
    CHECK_THROWS_WITH(load(), StartsWith("--set jbos: unknown key 'jbos'"));
}

TEST_CASE_METHOD(World, "sources take from network what they do not say", "[config]") {
    const SourceConfig source = listed(
        "network: {user_agent: ours, stall_timeout: 9s, total_timeout: 2h, max_header: 300KiB,"
        " allow_addresses: [private, 127.0.0.1], cooldown: {http_403: 1h}}\n"
        "sources: {listed: {proxy: 'http://p.example'}}\n");
    CHECK(source.fetch.user_agent == "ours");
    CHECK(source.fetch.stall_timeout == std::chrono::seconds{9});
    CHECK(source.fetch.retry.cooldown_403 == std::chrono::hours{1});
    CHECK(source.fetch.proxy == "http://p.example");
    CHECK(source.fetch.total_timeout == std::chrono::hours{2});
    CHECK(source.fetch.max_header == 300 * 1024);
    const AllowedAddresses both{{Network::parse("127.0.0.1").value()}, true};
    CHECK(source.fetch.addresses.allowed == both);
}

TEST_CASE_METHOD(World, "a source may allow fewer addresses than all of them", "[config]") {
    const SourceConfig source =
        listed("network: {allow_addresses: private}\nsources: {listed: {allow_addresses: []}}\n");
    CHECK(source.fetch.addresses.allowed == AllowedAddresses{});
    CHECK(source.fetch.addresses.own_urls.front() == source.url);
}

TEST_CASE_METHOD(World, "the venue is a MIC when a column of MICs tells rows apart", "[config]") {
    CHECK_FALSE(listed().venue_is_mic);
    CHECK_FALSE(listed("sources: {listed: {mic: XETR}}\n").venue_is_mic);
    CHECK(listed("sources: {listed: {columns: {mic: MIC}}}\n").venue_is_mic);
    CHECK_FALSE(listed("sources: {listed: {columns: {mic: MIC, venue: Market}}}\n").venue_is_mic);
}

TEST_CASE_METHOD(World, "the digest of the mapping changes with the meaning of files", "[config]") {
    const std::string digest = listed().mapping;
    CHECK(digest.size() == 64);
    CHECK(listed("sources: {listed: {every: 1h, enabled: true}}\n").mapping == digest);
    CHECK(listed("sources: {listed: {columns: {name: [Name, Title]}}}\n").mapping == digest);
    for (const char* change : {"columns: {name: [Title, Name]}",
                               "columns: {lei: LEI}",
                               "mic: XETR",
                               "no_isin: [x]",
                               "dates: mdy",
                               "select: {cfi: E}",
                               "csv: {delimiter: tab}"}) {
        CAPTURE(change);
        CHECK(listed(std::string("sources: {listed: {") + change + "}}\n").mapping != digest);
    }
}

TEST_CASE_METHOD(World, "the state directory is found in the order of the manual", "[config]") {
    CHECK(load().config.state_dir == directory / "state" / "isinfetch");
    CHECK(load("state_dir: /from/file\n").config.state_dir == "/from/file");
    inputs.environment.emplace_back("STATE_DIRECTORY", "/from/systemd:/second");
    write_file(directory / "explicit.yaml", "state_dir: /from/file\n");
    inputs.file = directory / "explicit.yaml";
    CHECK(load_config(inputs).config.state_dir == "/from/systemd");
    inputs.environment.emplace_back("ISINFETCH_STATE_DIR", "/from/environment");
    CHECK(load_config(inputs).config.state_dir == "/from/environment");
    inputs.state_dir = "/from/option";
    CHECK(load_config(inputs).config.state_dir == "/from/option");
}

TEST_CASE_METHOD(World, "catalogue files that nobody asks for are not parsed", "[config]") {
    write_file(directory / "catalogue" / "broken.yaml", "sources: [\n");
    inputs.sources.emplace();
    CHECK(load().config.sources.empty());
    CHECK(load("sources: {listed: {every: 1h}}\n").config.find("listed") != nullptr);
    inputs.sources = {"listed"};
    CHECK(load().config.find("listed") != nullptr);
    inputs.sources = {"listd"};
    CHECK_THROWS_WITH(load(), ContainsSubstring("broken.yaml"));
    write_file(directory / "catalogue" / "broken.yaml", "sources: {x: {enabled: true}}\n");
    inputs.sources.emplace();
    CHECK_THROWS_WITH(load(), ContainsSubstring("'x' needs a url"));
    write_file(directory / "catalogue" / "broken.yaml", "");
    CHECK_THROWS_WITH(load("sources: {listd: {enabled: true}}\n"),
                      ContainsSubstring("did you mean 'listed'?"));
}

TEST_CASE("without HOME a state directory must be given", "[config]") {
    const TempDir directory;
    write_file(directory / "x.yaml", "jobs: 1\n");
    ConfigInputs inputs;
    inputs.file = directory / "x.yaml";
    CHECK_THROWS_WITH(load_config(inputs), ContainsSubstring("give --state-dir"));
    inputs.system_user = true;
    CHECK(load_config(inputs).config.state_dir == "/var/lib/isinfetch");
}

TEST_CASE_METHOD(World, "a file that was asked for must be there", "[config]") {
    inputs.file = directory / "missing.yaml";
    CHECK_THROWS_WITH(load_config(inputs), ContainsSubstring("missing.yaml: no such file"));
    inputs.file.reset();
    inputs.environment.emplace_back("ISINFETCH_CONFIG", "/no/such/file");
    CHECK_THROWS_WITH(load_config(inputs), "/no/such/file: no such file");
}

TEST_CASE_METHOD(World, "an explicit file stands alone, without conf.d", "[config]") {
    write_file(directory / "own" / "isinfetch.yaml", "jobs: 4\n");
    write_file(directory / "own" / "conf.d" / "x.yaml", "jobs: 5\n");
    inputs.file = directory / "own" / "isinfetch.yaml";
    CHECK(load_config(inputs).config.jobs == 4);
    CHECK_THROWS_AS(drop_in_directory(inputs), Error);
    inputs.file.reset();
    CHECK(drop_in_directory(inputs) == directory / "etc" / "isinfetch" / "conf.d");
}

TEST_CASE_METHOD(World, "the tree that is shown tells every value and its origin", "[config]") {
    inputs.settings = {"jobs=9"};
    const LoadedConfig loaded = load("lock_wait: 1m\n");
    CHECK(loaded.tree.find("jobs")->origin == "--set jobs");
    CHECK(loaded.tree.find("lock_wait")->origin == main_file().string() + ":1");
    CHECK(loaded.tree.find("store_cache")->origin == "default");
    const Value* source = loaded.tree.find("sources")->find("listed");
    REQUIRE(source != nullptr);
    CHECK(source->find("url")->origin == (directory / "catalogue" / "x.yaml").string() + ":3");
    CHECK(source->find("guards")->find("max_rejected")->text == "5%");
}

TEST_CASE_METHOD(World, "every key can be given its default and is then the same", "[config]") {
    const SourceConfig before = listed();
    std::string globals;
    for (const KeyInfo& key : config_keys()) {
        CAPTURE(key.path);
        CHECK_FALSE(key.summary.empty());
        CHECK_FALSE(key.type.empty());
        const std::string prefix = "sources.NAME.";
        const bool of_source = key.path.starts_with(prefix);
        const std::string path =
            of_source ? "sources.listed." + key.path.substr(prefix.size()) : key.path;
        if (!key.fallback.empty() && !key.path.starts_with(prefix + "columns")) {
            inputs.settings.push_back(path + "=" + key.fallback);
        }
    }
    inputs.settings.push_back("sources.listed.guards.max_shrink=1%");
    inputs.settings.push_back("sources.listed.guards.min_records=7");
    const SourceConfig after = listed();
    CHECK(after.mapping == before.mapping);
    CHECK(after.cadence.every == before.cadence.every);
    CHECK(after.validate.no_isin == before.validate.no_isin);
}

TEST_CASE("the catalogue that is built in is correct, disabled, and knows its venues", "[config]") {
    const TempDir directory;
    ConfigInputs inputs;
    inputs.state_dir = directory.path();
    write_file(directory / "empty.yaml", "");
    inputs.file = directory / "empty.yaml";
    const LoadedConfig loaded = load_config(inputs);
    for (const char* name :
         {"nse-equity", "bse-equity", "xetra", "euronext-shares", "moex", "spb"}) {
        CAPTURE(name);
        const SourceConfig* source = loaded.config.find(name);
        REQUIRE(source != nullptr);
        CHECK_FALSE(source->enabled);
        CHECK_FALSE(source->title.empty());
        CHECK_FALSE(source->terms.empty());
    }
    CHECK(loaded.tree.find("sources")->find("xetra")->find("url")->origin.starts_with(
        "catalogue/xetra.yaml:"));
    const auto has_column_of_mics = [](const SourceConfig& source) {
        return source.format == find_format("firds") ||
               std::any_of(source.parse.columns.begin(),
                           source.parse.columns.end(),
                           [](const Column& column) { return column.target == "mic"; });
    };
    for (const SourceConfig& source : loaded.config.sources) {
        INFO(
            source.name << ": an entry has a mic, a column of them, or a no_mic that says why not");
        const bool has_mic = !source.validate.mic.empty() || has_column_of_mics(source);
        CHECK(has_mic != !source.no_mic.empty());
    }
    CHECK(loaded.config.find("nse-equity")->validate.mic == "XNSE");
}

TEST_CASE("every entry of the catalogue says when its list is stale", "[config][freshness]") {
    const TempDir directory;
    ConfigInputs inputs;
    inputs.state_dir = directory.path();
    write_file(directory / "empty.yaml", "");
    inputs.file = directory / "empty.yaml";
    const LoadedConfig loaded = load_config(inputs);
    CHECK(loaded.config.sources.size() > 40);
    for (const SourceConfig& source : loaded.config.sources) {
        CAPTURE(source.name);
        const Value* entry = loaded.tree.find("sources")->find(source.name);
        CHECK(entry->find("stale_after")->origin.starts_with("catalogue/"));
        // Longer than the longest weekend, and than two questions.
        const auto limit = source.cadence.stale_after.value_or(std::chrono::hours(24 * 9999));
        CHECK(limit >= std::chrono::hours(4 * 24));
        CHECK(limit > 2 * source.cadence.every);
    }
}
