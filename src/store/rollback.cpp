#include "store/rollback.hpp"

#include "util/error.hpp"
#include "util/interrupt.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace isinfetch {

namespace {

constexpr std::string_view kEvents = "events";

/// The members of SourceState that are kept, by the column that they have in table source. Not the
/// cool-down: that is the publisher's wish, whatever becomes of the list.
struct TextMember {
    std::string_view name;
    std::string SourceState::*member;
};
constexpr std::array<TextMember, 10> kTexts{{
    {"url", &SourceState::url},
    {"sha256", &SourceState::sha256},
    {"etag", &SourceState::etag},
    {"last_modified", &SourceState::last_modified},
    {"published", &SourceState::published},
    {"cursor", &SourceState::cursor},
    {"encoding", &SourceState::encoding},
    {"mapping", &SourceState::mapping},
    {"last_error", &SourceState::last_error},
    {"last_status", &SourceState::last_status},
}};

struct NumberMember {
    std::string_view name;
    std::int64_t SourceState::*member;
};
constexpr std::array<NumberMember, 3> kNumbers{{
    {"records", &SourceState::records},
    {"head", &SourceState::head},
    {"failures", &SourceState::failures},
}};

struct TimeMember {
    std::string_view name;
    std::optional<Timestamp> SourceState::*member;
};
constexpr std::array<TimeMember, 5> kTimes{{
    {"last_attempt", &SourceState::last_attempt},
    {"last_success", &SourceState::last_success},
    {"last_change", &SourceState::last_change},
    {"failing_since", &SourceState::failing_since},
    {"newest_publication", &SourceState::newest_publication},
}};

using Kept = std::map<std::string, std::string, std::less<>>;

Kept read_kept(const std::string& previous) {
    Kept kept;
    for (const auto& [name, value] : json_pairs(previous)) {
        kept.emplace(name, value);
    }
    return kept;
}

std::string value_of(const Kept& kept, std::string_view name) {
    const auto found = kept.find(name);
    return found == kept.end() ? std::string() : found->second;
}

std::int64_t number_of(const Kept& kept, std::string_view name) {
    const std::string text = value_of(kept, name);
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

SourceState restored(SourceState state, const Kept& kept) {
    for (const TextMember& text : kTexts) {
        state.*text.member = value_of(kept, text.name);
    }
    for (const NumberMember& number : kNumbers) {
        state.*number.member = number_of(kept, number.name);
    }
    for (const TimeMember& time : kTimes) {
        state.*time.member = parse_time(value_of(kept, time.name));
    }
    state.line_end = value_of(kept, "line_end") != "0";
    state.tail = json_strings(value_of(kept, "tail"));
    state.waiting = {.publication = value_of(kept, "waiting_for"),
                     .reason = value_of(kept, "waiting_reason"),
                     .since = parse_time(value_of(kept, "waiting_since")),
                     .behind = number_of(kept, "waiting_behind")};
    return state;
}

/// In this order, so that no key ever has two current versions: what the merge opened goes; then
/// what was not current before; then what was.
class Undo {
public:
    Undo(Connection& connection, Undone& result) : connection_(connection), result_(result) {}

    void run(const UndoableMerge& merge, std::int64_t by) {
        stop_if_interrupted();
        const std::int64_t version = merge.run_source;
        const bool is_events = value_of(read_kept(merge.previous), "kind") == kEvents;
        result_.removed += execute("DELETE FROM listing WHERE added_run = $1", version);
        result_.removed += execute(
            "DELETE FROM listing WHERE id IN (SELECT listing_id FROM undo"
            " WHERE run_source_id = $1 AND opened_as IS NULL)",
            version);
        result_.reopened += restore(version, "IS NOT NULL") + restore(version, "IS NULL");
        result_.reopened += execute(
            is_events ? "UPDATE listing SET superseded = NULL, closed_run = NULL, closed_as = NULL,"
                        " valid_to = NULL WHERE closed_run = $1 AND id NOT IN"
                        " (SELECT listing_id FROM undo WHERE run_source_id = $1)"
                      : "UPDATE listing SET superseded = NULL, closed_run = NULL, closed_as = NULL"
                        " WHERE closed_run = $1",
            version);
        execute("DELETE FROM undo WHERE run_source_id = $1", version);
        execute("DELETE FROM gap WHERE noticed_run = $1", version);
        execute("UPDATE gap SET filled_run = NULL WHERE filled_run = $1", version);
        const std::array<Parameter, 2> parameters{by, version};
        connection_.execute("UPDATE run_source SET undone_run = $1, previous = NULL WHERE id = $2",
                            parameters);
    }

private:
    std::uint64_t execute(std::string_view sql, std::int64_t version) {
        const std::array<Parameter, 1> parameters{version};
        return static_cast<std::uint64_t>(connection_.execute(sql, parameters));
    }

    std::uint64_t restore(std::int64_t version, std::string_view closed) {
        return execute(
            fmt::format("UPDATE listing SET (published, superseded, valid_from, valid_to,"
                        " cancelled, closed_run, opened_as, closed_as) ="
                        " (SELECT published, superseded, valid_from, valid_to, cancelled,"
                        " closed_run, opened_as, closed_as FROM undo"
                        " WHERE run_source_id = $1 AND listing_id = listing.id)"
                        " WHERE id IN (SELECT listing_id FROM undo"
                        " WHERE run_source_id = $1 AND closed_run {})",
                        closed),
            version);
    }

    Connection& connection_;
    Undone& result_;
};

/// The only run among `merges` whose name begins so.
std::string run_named(const std::vector<UndoableMerge>& merges,
                      const SourceState& source,
                      const std::string& beginning) {
    if (std::ranges::find(merges, beginning, &UndoableMerge::run_id) != merges.end()) {
        return beginning;
    }
    std::string found;
    for (const UndoableMerge& merge : merges) {
        if (!merge.run_id.starts_with(beginning) || merge.run_id == found) {
            continue;
        }
        if (!found.empty()) {
            fail(ErrorKind::usage,
                 "{}: several runs begin with '{}'",
                 source.source,
                 printable(beginning));
        }
        found = merge.run_id;
    }
    if (found.empty()) {
        fail(ErrorKind::usage,
             "{}: no run '{}' has brought a list that is still there: 'isinfetch history {}' names"
             " them",
             source.source,
             printable(beginning),
             source.source);
    }
    return found;
}

}  // namespace

void keep_previous(Connection& connection,
                   std::int64_t run_source,
                   const SourceState& previous,
                   MergeKind kind) {
    Kept kept;
    for (const TextMember& text : kTexts) {
        kept.emplace(text.name, previous.*text.member);
    }
    for (const NumberMember& number : kNumbers) {
        kept.emplace(number.name, std::to_string(previous.*number.member));
    }
    for (const TimeMember& time : kTimes) {
        const auto& moment = previous.*time.member;
        kept.emplace(time.name, moment ? format_time(*moment) : "");
    }
    const Waiting& waiting = previous.waiting;
    kept.emplace("waiting_for", waiting.publication);
    kept.emplace("waiting_reason", waiting.reason);
    kept.emplace("waiting_since", waiting.since ? format_time(*waiting.since) : "");
    kept.emplace("waiting_behind", std::to_string(waiting.behind));
    kept.emplace("line_end", previous.line_end ? "1" : "0");
    kept.emplace("tail", json_array(previous.tail));
    kept.emplace("kind", kind == MergeKind::events ? kEvents : "list");
    const std::string object = json_object(
        std::vector<std::pair<std::string_view, std::string_view>>(kept.begin(), kept.end()));
    const std::array<Parameter, 2> parameters{object, run_source};
    connection.execute("UPDATE run_source SET previous = $1 WHERE id = $2", parameters);
}

std::vector<UndoableMerge> merges_to_undo(Connection& connection,
                                          const SourceState& source,
                                          const std::string& run) {
    const std::array<Parameter, 1> parameters{source.id};
    const auto row = connection.query(
        "SELECT v.id, r.run_id, v.published, v.previous FROM run_source v"
        " JOIN run r ON r.id = v.run_id WHERE v.source_id = $1 AND v.status = 'updated'"
        " AND v.undoes IS NULL AND v.undone_run IS NULL ORDER BY v.id DESC",
        parameters);
    std::vector<UndoableMerge> merges;
    while (row->next()) {
        merges.push_back({.run_source = row->integer(0),
                          .run_id = std::string(row->text(1)),
                          .published = std::string(row->text(2)),
                          .previous = std::string(row->text(3))});
    }
    if (merges.empty()) {
        return merges;
    }
    const std::string wanted = run.empty() ? merges.front().run_id : run_named(merges, source, run);
    const auto last = std::find_if(
        merges.rbegin(), merges.rend(), [&](const auto& merge) { return merge.run_id == wanted; });
    merges.erase(last.base(), merges.end());
    return merges;
}

Undone undo_merges(Connection& connection,
                   const SourceState& source,
                   const std::vector<UndoableMerge>& merges,
                   std::int64_t by) {
    Undone result{.state = source};
    Undo undo(connection, result);
    for (const UndoableMerge& merge : merges) {
        if (merge.previous.empty()) {
            fail(ErrorKind::gone,
                 "{}: the list of {} cannot be undone: what was there before it has been pruned, or"
                 " was never kept (run {})",
                 source.source,
                 merge.published,
                 merge.run_id);
        }
        undo.run(merge, by);
        result.state = restored(result.state, read_kept(merge.previous));
    }
    const std::array<Parameter, 1> parameters{source.id};
    const std::int64_t current =
        query_integer(connection,
                      "SELECT count(*) FROM listing WHERE source_id = $1 AND closed_run IS NULL",
                      parameters)
            .value_or(0);
    if (current != result.state.records) {
        fail(ErrorKind::io,
             "{}: undoing gives {} listings instead of {}: nothing was undone: 'isinfetch verify"
             " {}' looks for the damage",
             source.source,
             current,
             result.state.records,
             source.source);
    }
    return result;
}

}  // namespace isinfetch
