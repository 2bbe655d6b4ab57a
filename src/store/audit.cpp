#include "store/audit.hpp"

#include "core/isin.hpp"
#include "store/audit_versions.hpp"
#include "store/query.hpp"
#include "store/snapshot.hpp"
#include "store/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace isinfetch {

namespace {

constexpr std::uint64_t kCheckEvery = 4096;  // rows

constexpr std::array<AuditFindingInfo, 12> kFindings{{
    {AuditFinding::damaged_store, "damaged_store", "the database complains about its own file"},
    {AuditFinding::missing_file, "missing_file", "a file that was applied is not in the archive"},
    {AuditFinding::wrong_digest, "wrong_digest", "a file is not the one that its name says"},
    {AuditFinding::wrong_size, "wrong_size", "a file is longer or shorter than it was"},
    {AuditFinding::wrong_check_digit, "wrong_check_digit", "a listing has an ISIN that is none"},
    {AuditFinding::wrong_interval,
     "wrong_interval",
     "a version ends before it begins, or half ends"},
    {AuditFinding::overlap, "overlap", "two versions of one listing hold at once"},
    {AuditFinding::hole, "hole", "a version was replaced by one that is not there"},
    {AuditFinding::wrong_run, "wrong_run", "a version is of a run that did not bring it"},
    {AuditFinding::wrong_count, "wrong_count", "there are more or fewer listings than was counted"},
    {AuditFinding::wrong_head, "wrong_head", "a source's newest list is not the one that it names"},
    {AuditFinding::wrong_view, "wrong_view", "a view shows more or less than there is"},
}};

/// What is known of a source, and what is counted while its versions go by.
struct Audited {
    SourceState state{};
    std::string kept_since{};
    bool is_wanted = true;
    std::set<std::int64_t> lists{};  ///< versions of its list
    std::int64_t current = 0;
};

class Audit {
public:
    Audit(Connection& connection, const Check& check, const FindingSink& sink)
        : connection_(connection), check_(check), sink_(sink) {}

    std::uint64_t run(const std::vector<std::string>& sources, AuditDepth depth) {
        load(sources);
        walk();
        for (const auto& [id, source] : sources_) {
            if (source.is_wanted) {
                check_head(source);
                check_lists(source);
            }
        }
        if (depth == AuditDepth::whole && sources.empty()) {
            check_views();
        }
        return rows_;
    }

private:
    void load(const std::vector<std::string>& wanted) {
        for (SourceState& state : load_states(connection_)) {
            Audited source{.state = std::move(state)};
            const std::string& name = source.state.source;
            source.is_wanted = wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
            for (const ListVersion& list : list_versions(connection_, name)) {
                source.lists.insert(list.run_source);
            }
            const std::array<Parameter, 1> parameters{source.state.id};
            source.kept_since =
                query_text(connection_, "SELECT kept_since FROM source WHERE id = $1", parameters)
                    .value_or("");
            sources_.emplace(source.state.id, std::move(source));
        }
    }

    /// All versions in the order of the index that has them by ISIN.
    void walk() {
        const auto row = connection_.stream(
            "SELECT isin, source_id, id, venue, published, superseded, opened_as, closed_as,"
            " added_run, closed_run FROM listing ORDER BY isin, source_id, venue, added_run",
            {});
        std::int64_t source = 0;
        while (row->next()) {
            if (rows_++ % kCheckEvery == 0) {
                check_();
            }
            if (row->text(0) != isin_ || row->integer(1) != source) {
                finish_group(source);
                begin_group(std::string(row->text(0)));
                source = row->integer(1);
            }
            versions_.push_back({.id = row->integer(2),
                                 .venue = std::string(row->text(3)),
                                 .published = std::string(row->text(4)),
                                 .superseded = std::string(row->text(5)),
                                 .opened_as = std::string(row->text(6)),
                                 .closed_as = std::string(row->text(7)),
                                 .added_run = row->integer(8),
                                 .closed_run = row->integer(9)});
        }
        finish_group(source);
        begin_group("");
    }

    void begin_group(std::string isin) {
        versions_.clear();
        if (isin != isin_) {
            instruments_ += is_listed_ ? 1 : 0;
            is_listed_ = false;
            isin_ = std::move(isin);
        }
    }

    void finish_group(std::int64_t key) {
        const auto found = sources_.find(key);
        if (versions_.empty() || found == sources_.end()) {
            return;
        }
        Audited& source = found->second;
        for (const VersionSpan& version : versions_) {
            source.current += version.closed_run == 0 ? 1 : 0;
            is_listed_ = is_listed_ || version.closed_run == 0;
        }
        if (!source.is_wanted) {
            return;
        }
        if (!Isin::parse(isin_)) {
            tell(AuditFinding::wrong_check_digit, source, isin_);
        }
        audit_versions(
            versions_, source.kept_since, [&](AuditFinding finding, const VersionSpan& version) {
                tell(finding, source, describe(version));
            });
        for (const VersionSpan& version : versions_) {
            const bool is_known =
                source.lists.contains(version.added_run) &&
                (version.closed_run == 0 || source.lists.contains(version.closed_run));
            if (!is_known) {
                tell(AuditFinding::wrong_run, source, describe(version));
            }
        }
    }

    std::string describe(const VersionSpan& version) const {
        return fmt::format("{} {}, {} of {}{}",
                           isin_,
                           version.venue,
                           version.opened_as,
                           version.published,
                           version.superseded.empty()
                               ? ""
                               : fmt::format(", {} of {}", version.closed_as, version.superseded));
    }

    void check_head(const Audited& source) {
        const SourceState& state = source.state;
        const std::int64_t newest = source.lists.empty() ? 0 : *source.lists.rbegin();
        if (state.head != newest) {
            tell(AuditFinding::wrong_head,
                 source,
                 fmt::format(
                     "its list is that of entry {}, but the newest one is {}", state.head, newest));
        }
        compare("current listings", source, state.records, source.current);
        if (state.head != 0) {
            const std::array<Parameter, 1> parameters{state.head};
            compare("listings of the newest list",
                    source,
                    query_integer(
                        connection_, "SELECT listings FROM run_source WHERE id = $1", parameters)
                        .value_or(0),
                    source.current);
        }
    }

    /// A backfill alone leaves no cursor.
    bool publishes_events(const SourceState& state) {
        const std::array<Parameter, 1> parameters{state.id};
        return !state.cursor.empty() ||
               query_integer(connection_,
                             "SELECT 1 FROM run_source WHERE source_id = $1"
                             " AND previous LIKE '%\"kind\":\"events\"%' LIMIT 1",
                             parameters)
                   .has_value();
    }

    // Events may say later what should have been said earlier: their counts are those of then.
    // Where versions were pruned, there is nothing to compare.
    void check_lists(const Audited& source) {
        if (publishes_events(source.state) || !source.kept_since.empty()) {
            return;
        }
        for (const ListVersion& list : list_versions(connection_, source.state.source)) {
            check_();
            const Counts& counts = list.counts;
            const std::uint64_t replaced = counts.changed + counts.cosmetic;
            compare(fmt::format("versions that the list of {} opened", list.published),
                    source,
                    static_cast<std::int64_t>(counts.added + replaced),
                    count("added_run", list.run_source));
            compare(fmt::format("versions that the list of {} closed", list.published),
                    source,
                    static_cast<std::int64_t>(counts.removed + replaced),
                    count("closed_run", list.run_source));
        }
    }

    void check_views() {
        std::int64_t current = 0;
        for (const auto& [id, source] : sources_) {
            current += source.current;
        }
        check_view("listing_current", current);
        check_view("instrument", instruments_);
    }

    void check_view(std::string_view view, std::int64_t expected) {
        check_();
        const auto shown =
            query_integer(connection_, fmt::format("SELECT count(*) FROM {}", view)).value_or(0);
        if (shown != expected) {
            sink_(AuditFinding::wrong_view,
                  "",
                  fmt::format("{}: {} rows instead of {}", view, shown, expected));
        }
    }

    std::int64_t count(std::string_view column, std::int64_t list) {
        const std::array<Parameter, 1> parameters{list};
        return query_integer(connection_,
                             fmt::format("SELECT count(*) FROM listing WHERE {} = $1", column),
                             parameters)
            .value_or(0);
    }

    void compare(const std::string& what,
                 const Audited& source,
                 std::int64_t noted,
                 std::int64_t counted) {
        if (noted != counted) {
            tell(AuditFinding::wrong_count,
                 source,
                 fmt::format("{}: {} instead of {}", what, counted, noted));
        }
    }

    void tell(AuditFinding finding, const Audited& source, const std::string& text) {
        sink_(finding, source.state.source, text);
    }

    Connection& connection_;
    const Check& check_;
    const FindingSink& sink_;
    std::map<std::int64_t, Audited> sources_{};
    std::vector<VersionSpan> versions_{};  // of isin_ in one source
    std::string isin_{};
    bool is_listed_ = false;  // is isin_ in any current list?
    std::int64_t instruments_ = 0;
    std::uint64_t rows_ = 0;
};

}  // namespace

std::span<const AuditFindingInfo> finding_table() noexcept {
    return kFindings;
}

std::uint64_t audit_store(Connection& connection,
                          const std::vector<std::string>& sources,
                          AuditDepth depth,
                          const Check& check,
                          const FindingSink& sink) {
    const Snapshot moment(connection);
    return Audit(connection, check, sink).run(sources, depth);
}

}  // namespace isinfetch
