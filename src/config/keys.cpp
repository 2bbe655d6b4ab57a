#include "config/keys.hpp"

#include "config/values.hpp"
#include "core/record.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

using V = Value;
using S = SourceConfig;
using G = Globals;

int to_small_count(const Value& value, std::uint64_t least) {
    const std::uint64_t count = to_count(value);
    if (count < least || count > 1000) {
        fail_at(value, fmt::format("{} is not between {} and 1000", count, least));
    }
    return static_cast<int>(count);
}

/// libcurl itself takes no more, from 8.3 on and in older ones as Debian mends them.
std::uint64_t to_header_size(const Value& value) {
    constexpr std::uint64_t kLeast = 0x400;
    constexpr std::uint64_t kMost = std::uint64_t{300} * 1024;
    const std::uint64_t size = to_size(value);
    if (size < kLeast || size > kMost) {
        fail_at(value, fmt::format("'{}' is not between 1KiB and 300KiB", printable(value.text)));
    }
    return size;
}

/// HTTP statuses by which a publisher may say that a file is not there.
std::vector<int> to_statuses(const Value& value) {
    std::vector<int> statuses;
    for (const std::string& text : to_texts(value)) {
        const bool digits =
            text.size() == 3 && text.find_first_not_of("0123456789") == std::string::npos;
        const int status = digits ? std::stoi(text) : 0;
        if (status < 400 || status > 599) {
            fail_at(value,
                    fmt::format("'{}' is not an HTTP status from 400 to 599", printable(text)));
        }
        statuses.push_back(status);
    }
    return statuses;
}

/// A row of one of the tables that find by name: formats, discovery methods.
template <class Row>
const Row* to_row(const Value& value, std::span<const Row> table) {
    std::vector<std::string> names;
    for (const Row& row : table) {
        if (row.name == to_text(value)) {
            return &row;
        }
        names.emplace_back(row.name);
    }
    fail_at(value, none_of(value.text, names));
}

std::vector<std::string> field_names() {
    std::vector<std::string> names;
    for (const FieldInfo& field : field_table()) {
        names.emplace_back(field.name);
    }
    return names;
}

/// A name with a letter or digit in it, or "#6" for the sixth column.
bool is_column_name(std::string_view name) {
    if (!name.starts_with('#')) {
        return !plain_name(name).empty();
    }
    name.remove_prefix(1);
    return !name.empty() && name.size() < 5 && name.front() != '0' &&
           name.find_first_not_of("0123456789") == std::string_view::npos;
}

void set_column(S& source, const std::string& target, const Value& names) {
    const Column column{target, to_texts(names)};
    if (column.names.empty()) {
        const bool is_nothing = names.kind == Value::Kind::scalar;
        fail_at(names,
                fmt::format("column '{}' has no name{}",
                            target,
                            is_nothing ? " ('#' begins a comment: write \"#7\")" : ""));
    }
    for (const std::string& name : column.names) {
        if (!is_column_name(name)) {
            fail_at(names,
                    fmt::format("'{}' names no column: write its name, or \"#6\" for the sixth",
                                printable(name)));
        }
    }
    source.parse.columns.push_back(column);
}

void set_columns(S& source, const Value& value) {
    if (!is_mapping(value)) {
        fail_at(value, "expected 'field: column name' pairs");
    }
    const std::vector<std::string> fields = field_names();
    for (const auto& [field, names] : value.members) {
        if (std::find(fields.begin(), fields.end(), field) == fields.end()) {
            const auto near = closest(field, fields);
            fail_at(names,
                    fmt::format("'{}' is no standard field{}; other_columns takes any name",
                                printable(field),
                                near ? ", did you mean '" + *near + "'?" : ""));
        }
        set_column(source, field, names);
    }
}

/// Each item is one column, by one name or by the names that it had over the years.
void set_isin_columns(S& source, const Value& value) {
    if (value.kind != Value::Kind::list) {
        set_column(source, "isin", value);
        return;
    }
    for (const Value& names : value.items) {
        set_column(source, "isin", names);
    }
}

void set_other_columns(S& source, const Value& value) {
    if (!is_mapping(value)) {
        fail_at(value, "expected 'name: column name' pairs");
    }
    const std::vector<std::string> fields = field_names();
    for (const auto& [name, names] : value.members) {
        if (std::find(fields.begin(), fields.end(), name) != fields.end()) {
            fail_at(names, fmt::format("'{}' is a standard field: it belongs under columns", name));
        }
        set_column(source, name, names);
    }
}

void set_no_isin_where(S& source, const Value& value) {
    if (!is_mapping(value)) {
        fail_at(value, "expected 'column: words' pairs");
    }
    for (const auto& [column, words] : value.members) {
        source.validate.no_isin_where.push_back({column, to_texts(words)});
    }
}

// clang-format off
constexpr std::array kGlobalKeys{
    Key<G>{"state_dir", "path", "", "store, archive, locks; see FILES for the default",
           [](G& g, const V& v) { g.config.state_dir = to_path(v); }},
    Key<G>{"store", "text", "", "sqlite:PATH or postgresql://…; else isinfetch.db in state_dir",
           [](G& g, const V& v) { g.config.store = to_text(v); }},
    Key<G>{"store_password", "text", "", "of the store's server, where the location has none",
           [](G& g, const V& v) { g.config.store_password = to_line(v); }},
    Key<G>{"store_mode", "name", "0644", "who may read the store: everybody, the group, the user",
           [](G& g, const V& v) { g.config.store_mode = to_row<FileModes>(v, file_modes()); }},
    Key<G>{"store_lease", "duration", "1m", "a host that is silent so long loses a source to another",
           [](G& g, const V& v) { g.config.store_lease = to_timeout(v); }},
    Key<G>{"store_timeout", "duration", "10m", "the longest that one statement may take on the server",
           [](G& g, const V& v) { g.config.store_timeout = to_timeout(v); }},
    Key<G>{"host_name", "text", "", "by which hosts know this one; else as the machine is called",
           [](G& g, const V& v) { g.config.host_name = to_line(v); }},
    Key<G>{"store_cache", "size", "64MiB", "memory that the store may use to cache pages",
           [](G& g, const V& v) { g.config.store_cache = to_size(v); }},
    Key<G>{"sort_memory", "size", "32MiB", "memory for sorting a list; the rest goes to disk",
           [](G& g, const V& v) { g.config.sort_memory = to_size(v); }},
    Key<G>{"jobs", "count", "3", "sources that are worked on at once",
           [](G& g, const V& v) { g.config.jobs = to_small_count(v, 1); }},
    Key<G>{"lock_wait", "duration", "5m", "how long to wait for another run of a source",
           [](G& g, const V& v) { g.config.lock_wait = to_duration(v); }},
    Key<G>{"keep.archive", "age", "forever", "prune removes archived files that are older",
           [](G& g, const V& v) { g.config.keep.archive = to_age(v); }},
    Key<G>{"keep.runs", "age", "forever", "prune removes older runs that brought no list",
           [](G& g, const V& v) { g.config.keep.runs = to_age(v); }},
    Key<G>{"keep.versions", "age", "forever", "prune removes versions that ended earlier",
           [](G& g, const V& v) { g.config.keep.versions = to_age(v); }},
    Key<G>{"keep.partial", "age", "7d", "prune removes older downloads that were never finished",
           [](G& g, const V& v) { g.config.keep.partial = to_age(v); }},
    Key<G>{"network.proxy", "url", "", "proxy; else what http_proxy, https_proxy and no_proxy say",
           [](G& g, const V& v) { g.network.proxy = to_line(v); }},
    Key<G>{"network.ca_file", "path", "", "certificates to trust instead of the system's",
           [](G& g, const V& v) { g.network.ca_file = to_path(v); }},
    Key<G>{"network.user_agent", "text", "isinfetch", "sent as User-Agent",
           [](G& g, const V& v) { g.network.user_agent = to_line(v); }},
    Key<G>{"network.connect_timeout", "duration", "30s", "for making a connection",
           [](G& g, const V& v) { g.network.connect_timeout = to_timeout(v); }},
    Key<G>{"network.stall_timeout", "duration", "60s", "a transfer that stands still so long fails",
           [](G& g, const V& v) { g.network.stall_timeout = to_timeout(v); }},
    Key<G>{"network.total_timeout", "duration", "20m", "for one request, from its connection to its last byte",
           [](G& g, const V& v) { g.network.total_timeout = to_timeout(v); }},
    Key<G>{"network.max_header", "size", "256KiB", "larger headers and trailers of an answer are refused",
           [](G& g, const V& v) { g.network.max_header = to_header_size(v); }},
    Key<G>{"network.allow_addresses", "list of texts", "[]", "addresses and networks besides the Internet's; private",
           [](G& g, const V& v) { g.network.addresses.allowed = to_allowed_addresses(v); }},
    Key<G>{"network.max_redirects", "count", "5", "redirects that are followed",
           [](G& g, const V& v) { g.network.max_redirects = to_small_count(v, 0); }},
    Key<G>{"network.retry.attempts", "count", "5", "attempts for a file, the first one included",
           [](G& g, const V& v) { g.network.retry.attempts = to_small_count(v, 1); }},
    Key<G>{"network.retry.first_delay", "duration", "1s", "before the second attempt; then doubled",
           [](G& g, const V& v) { g.network.retry.first_delay = to_duration(v); }},
    Key<G>{"network.retry.max_delay", "duration", "60s", "the longest delay by doubling",
           [](G& g, const V& v) { g.network.retry.max_delay = to_duration(v); }},
    Key<G>{"network.retry.budget", "duration", "30m", "for all attempts and delays of a file",
           [](G& g, const V& v) { g.network.retry.budget = to_timeout(v); }},
    Key<G>{"network.cooldown.http_403", "duration", "24h", "not asked again so long after a 403",
           [](G& g, const V& v) { g.network.retry.cooldown_403 = to_duration(v); }},
    Key<G>{"network.cooldown.http_429", "duration", "4h", "after a 429 without Retry-After",
           [](G& g, const V& v) { g.network.retry.cooldown_429 = to_duration(v); }},
};

constexpr std::array kSourceKeys{
    Key<S>{"enabled", "flag", "false", "runs when no source is named",
           [](S& s, const V& v) { s.enabled = to_flag(v); }},
    Key<S>{"title", "text", "", "what the list is",
           [](S& s, const V& v) { s.title = to_text(v); }},
    Key<S>{"publisher", "text", "", "who publishes it",
           [](S& s, const V& v) { s.publisher = to_text(v); }},
    Key<S>{"homepage", "url", "", "where the publisher describes it",
           [](S& s, const V& v) { s.homepage = to_line(v); }},
    Key<S>{"terms", "text", "", "what may be done with it",
           [](S& s, const V& v) { s.terms = to_text(v); }},
    Key<S>{"attribution", "text", "", "what its terms ask of those who pass its data on to say",
           [](S& s, const V& v) { s.attribution = to_text(v); }},
    Key<S>{"schedule", "text", "", "when it is published, for people",
           [](S&, const V& v) { to_text(v); }},
    Key<S>{"evidence", "text", "", "how well the entry is known: A real files, B several clients, C one",
           [](S&, const V& v) { to_text(v); }},
    Key<S>{"url", "url", "", "https:, file:, or http: with allow_http or to this machine",
           [](S& s, const V& v) { s.url = to_line(v); }},
    Key<S>{"checksum", "text", "", "md5:HEX or sha256:HEX of the file, or the URL of either",
           [](S& s, const V& v) { s.checksum = to_checksum(v); }},
    Key<S>{"discovery", "name", "direct", "how the file is found; see isinfetch formats",
           [](S& s, const V& v) { s.discovery = to_row(v, discovery_methods()); }},
    Key<S>{"find.link", "text", "", "link-page: the link wanted; * is any text, see URLs with places",
           [](S& s, const V& v) { s.find.link = to_line(v); }},
    Key<S>{"find.days_back", "count", "7", "dated: days before today that are looked at",
           [](S& s, const V& v) { s.find.days_back = to_small_count(v, 0); }},
    Key<S>{"find.first", "count", "1", "numbered: the number to begin with; paged: of the first page",
           [](S& s, const V& v) { s.find.first = to_count(v); }},
    Key<S>{"find.gap", "count", "3", "numbered: numbers in a row that may be missing",
           [](S& s, const V& v) { s.find.gap = to_small_count(v, 0); }},
    Key<S>{"find.limit", "count", "100", "requests by which a file is looked for, and pages; more are an error",
           [](S& s, const V& v) { s.find.limit = to_small_count(v, 1); }},
    Key<S>{"find.missing", "list of texts", "[]", "dated, numbered, link-page: HTTP statuses that mean not there, as 404 does",
           [](S& s, const V& v) { s.find.missing = to_statuses(v); }},
    Key<S>{"find.attributes", "list of texts", "[]", "link-page: attributes with links in them besides href, such as data-href",
           [](S& s, const V& v) { s.find.attributes = to_texts(v); }},
    Key<S>{"find.total", "text", "", "paged: where JSON announces its rows, such as data.count",
           [](S& s, const V& v) { s.find.total = to_line(v); }},
    Key<S>{"format", "name", "", "how the file is read; see isinfetch formats",
           [](S& s, const V& v) { s.format = to_row(v, formats()); }},
    Key<S>{"open.member", "text", "", "the file wanted of a zip file of several; * is any text",
           [](S& s, const V& v) { s.parse.member = to_line(v); }},
    Key<S>{"every", "duration", "20h", "asked again so long after the last success",
           [](S& s, const V& v) { s.cadence.every = to_duration(v); }},
    Key<S>{"not_before", "time of day", "", "HH:MM when the day's list is there; asked for once it is",
           [](S& s, const V& v) { s.cadence.not_before = to_time_of_day(v); }},
    Key<S>{"stale_after", "age", "forever", "nothing newly published for longer: status says so, with 65",
           [](S& s, const V& v) { s.cadence.stale_after = to_age(v); }},
    Key<S>{"accept_older", "age", "1d", "a list older than the one that is there is believed so long after",
           [](S& s, const V& v) { s.accept_older = to_age(v); }},
    Key<S>{"zone", "time zone", "UTC", "whose clocks not_before means and whose days dated, such as Europe/Berlin",
           [](S& s, const V& v) { s.cadence.zone = to_zone(v); }},
    Key<S>{"allow_http", "flag", "false", "allow a URL or redirect without TLS",
           [](S& s, const V& v) { s.fetch.allow_http = to_flag(v); }},
    Key<S>{"headers", "mapping of texts", "{}", "request headers, sent to the URL's host only",
           [](S& s, const V& v) { s.fetch.headers = to_headers(v); }},
    Key<S>{"post", "text", "", "body of a POST request, JSON or the fields of a form; else it is a GET",
           [](S& s, const V& v) { s.fetch.post = to_text(v); }},
    Key<S>{"user_agent", "text", "", "instead of network.user_agent",
           [](S& s, const V& v) { s.fetch.user_agent = to_line(v); }},
    Key<S>{"redirect_hosts", "list of texts", "[]", "hosts a redirect or link may lead to; *.example.org",
           [](S& s, const V& v) { s.fetch.redirect_hosts = to_host_patterns(v); }},
    Key<S>{"allow_addresses", "list of texts", "", "instead of network.allow_addresses",
           [](S& s, const V& v) { s.fetch.addresses.allowed = to_allowed_addresses(v); }},
    Key<S>{"max_redirects", "count", "", "instead of network.max_redirects",
           [](S& s, const V& v) { s.fetch.max_redirects = to_small_count(v, 0); }},
    Key<S>{"max_bytes", "size", "4GiB", "a larger file is refused",
           [](S& s, const V& v) { s.fetch.max_bytes = to_size(v); }},
    Key<S>{"proxy", "url", "", "instead of network.proxy",
           [](S& s, const V& v) { s.fetch.proxy = to_line(v); }},
    Key<S>{"ca_file", "path", "", "instead of network.ca_file",
           [](S& s, const V& v) { s.fetch.ca_file = to_path(v); }},
    Key<S>{"csv.delimiter", "character", "auto", "one character, tab, or auto",
           [](S& s, const V& v) { s.parse.delimiter = to_delimiter(v); }},
    Key<S>{"csv.encoding", "name", "auto", "of text that is not UTF-8: utf-8, utf-16, windows-1251 …; see the manual",
           [](S& s, const V& v) { s.parse.encoding = to_encoding(v); }},
    Key<S>{"csv.header_within", "count", "50", "lines in which the header must be found",
           [](S& s, const V& v) { s.parse.header_within = to_count(v); }},
    Key<S>{"csv.max_record", "size", "1MiB", "a longer row is refused",
           [](S& s, const V& v) { s.parse.max_record = to_size(v); }},
    Key<S>{"sheets.only", "list of texts", "[]", "sheets of a workbook that are read, by name; * is any text",
           [](S& s, const V& v) { s.parse.sheets.only = to_texts(v); }},
    Key<S>{"sheets.except", "list of texts", "[]", "sheets that repeat others and are not read",
           [](S& s, const V& v) { s.parse.sheets.except = to_texts(v); }},
    Key<S>{"sheets.announced", "text", "", "words before the number of rows that a sheet says it has",
           [](S& s, const V& v) { s.parse.sheets.announced = to_line(v); }},
    Key<S>{"sheets.max_text", "size", "256MiB", "memory for the texts that cells share",
           [](S& s, const V& v) { s.parse.sheets.max_text = to_size(v); }},
    Key<S>{"fixed.encoding", "name", "", "of text that is not UTF-8, as csv.encoding",
           [](S& s, const V& v) { s.parse.encoding = to_encoding(v); }},
    Key<S>{"fixed.length", "count", "0", "bytes of every line; 0: any number",
           [](S& s, const V& v) { s.parse.fixed.length = to_count(v); }},
    Key<S>{"fixed.records", "list of texts", "[]", "what the lines of records begin with; []: every line is one",
           [](S& s, const V& v) { s.parse.fixed.records = to_texts(v); }},
    Key<S>{"fixed.trailer", "text", "", "what the last line begins with",
           [](S& s, const V& v) { s.parse.fixed.trailer = to_line(v); }},
    Key<S>{"fixed.total", "text", "", "bytes of the last line that tell the number of lines, as 32-42",
           [](S& s, const V& v) { s.parse.fixed.total = to_byte_range(v); }},
    Key<S>{"html.encoding", "name", "", "of text that is not UTF-8, as csv.encoding; else what the page says",
           [](S& s, const V& v) { s.parse.encoding = to_encoding(v); }},
    Key<S>{"html.split.column", "list of texts", "[]", "a column that holds several things, by its names",
           [](S& s, const V& v) { s.parse.html.split.columns = to_texts(v); }},
    Key<S>{"html.split.at", "list of texts", R"(["\u3000", " "])", "what stands between them: what is found first in this order",
           [](S& s, const V& v) { s.parse.html.split.at = to_texts(v); }},
    Key<S>{"html.split.into", "list of texts", "[]", "names of the columns that it becomes",
           [](S& s, const V& v) { s.parse.html.split.into = to_texts(v); }},
    Key<S>{"html.section", "text", "", "name of a column for the rows of one cell that head others",
           [](S& s, const V& v) { s.parse.html.section = to_line(v); }},
    Key<S>{"json.rows", "text", "", "path to the array of the rows, as data.0.rows or /data/0/rows; * is any part",
           [](S& s, const V& v) { s.parse.json.rows = to_json_path(v); }},
    Key<S>{"json.columns", "text", "", "path to the names of the columns, where rows are arrays",
           [](S& s, const V& v) { s.parse.json.columns = to_json_path(v); }},
    Key<S>{"json.total", "text", "", "path to the number of rows that the file announces",
           [](S& s, const V& v) { s.parse.json.total = to_json_path(v); }},
    Key<S>{"json.max_depth", "count", "64", "objects and arrays in each other; more are refused",
           [](S& s, const V& v) { s.parse.json.max_depth = to_count(v); }},
    Key<S>{"xml.rows", "text", "", "name of the elements that are rows; else those in the outermost one",
           [](S& s, const V& v) { s.parse.xml.rows = to_line(v); }},
    Key<S>{"columns", "mapping of lists", "{}", "standard field: its column's names over the years, or #6",
           set_columns},
    Key<S>{"isin_columns", "list of texts", "[]", "further columns of ISINs: a row is a record for each",
           set_isin_columns},
    Key<S>{"other_columns", "mapping of lists", "{}", "further columns to keep, by a name of yours",
           set_other_columns},
    Key<S>{"no_isin", "list of texts", R"([NA, N/A, "-", "0"])", "cells that mean that there is no ISIN",
           [](S& s, const V& v) { s.validate.no_isin = to_texts(v); }},
    Key<S>{"no_isin_where", "mapping of lists", "{}", "column: words that mean that the row has no ISIN",
           set_no_isin_where},
    Key<S>{"isin_from", "name", "", "what the ISIN's column holds instead: cusip, sedol, wkn, valor …",
           [](S& s, const V& v) { s.validate.isin_from = to_number_in_isin(v); }},
    Key<S>{"entities", "flag", "false", "texts have entities of HTML, such as &amp;",
           [](S& s, const V& v) { s.validate.entities = to_flag(v); }},
    Key<S>{"numbers", "list of texts", "[]", "further columns that hold numbers",
           [](S& s, const V& v) { s.validate.numbers = to_texts(v); }},
    Key<S>{"decimal", "name", "point", "the mark in those numbers: point or comma",
           [](S& s, const V& v) { s.validate.decimal = to_decimal_mark(v); }},
    Key<S>{"dates", "name", "dmy", "how 03/04/25 is meant: dmy, mdy or ymd",
           [](S& s, const V& v) { s.validate.dates = to_date_order(v); }},
    Key<S>{"mic", "MIC", "", "venue of all rows where no column tells it",
           [](S& s, const V& v) { s.validate.mic = to_mic(v); }},
    Key<S>{"no_mic", "text", "", "why a list has no MIC, for people",
           [](S& s, const V& v) { s.no_mic = to_text(v); }},
    Key<S>{"currency", "currency", "", "currency of all rows where no column tells it",
           [](S& s, const V& v) { s.validate.currency = to_currency(v); }},
    Key<S>{"select.cfi", "list of texts", "[]", "beginnings of the CFI codes that are kept: E, DB",
           [](S& s, const V& v) { s.select.cfi = to_codes(v, 1, 6); }},
    Key<S>{"select.mic", "list of texts", "[]", "MICs that are kept",
           [](S& s, const V& v) { s.select.mic = to_codes(v, 4, 4); }},
    Key<S>{"select.country", "list of texts", "[]", "first two letters of the ISINs that are kept",
           [](S& s, const V& v) { s.select.country = to_codes(v, 2, 2); }},
    Key<S>{"select.authority", "list of texts", "[]", "countries of the competent authorities that are kept (FIRDS)",
           [](S& s, const V& v) { s.select.authority = to_codes(v, 2, 2); }},
    Key<S>{"guards.min_records", "count", "1", "fewer valid records are refused",
           [](S& s, const V& v) { s.guards.min_records = to_count(v); }},
    Key<S>{"guards.max_shrink", "percentage", "5%", "a list that loses more is refused",
           [](S& s, const V& v) { s.guards.max_shrink = to_share(v); }},
    Key<S>{"guards.max_rejected", "percentage", "5%", "a file with more wrong ISINs is refused",
           [](S& s, const V& v) { s.guards.max_rejected = to_share(v); }},
    Key<S>{"guards.allow_empty", "flag", "false", "a list without one record is accepted",
           [](S& s, const V& v) { s.guards.allow_empty = to_flag(v); }},
    Key<S>{"guards.detect_cut", "flag", "true", "a file that looks cut is refused",
           [](S& s, const V& v) { s.guards.detect_cut = to_flag(v); }},
};
// clang-format on

}  // namespace

std::span<const Key<Globals>> global_keys() noexcept {
    return kGlobalKeys;
}

std::span<const Key<SourceConfig>> source_keys() noexcept {
    return kSourceKeys;
}

}  // namespace isinfetch
