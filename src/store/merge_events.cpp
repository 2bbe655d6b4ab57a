#include "store/current_versions.hpp"
#include "store/merge.hpp"
#include "store/staged_ahead.hpp"
#include "store/version_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace isinfetch {

namespace {

constexpr std::size_t kSamples = 20;

/// What merges of events and of full lists share: the histories that they edit, and the counts.
class HistoryMerge {
public:
    HistoryMerge(Connection& connection, const MergePlan& plan, Staging& staging)
        : connection_(connection),
          plan_(plan),
          staged_(staging),
          keys_(connection, plan.source),
          versions_(connection, plan.source, plan.run_source, plan.published) {}

    MergeCounts run_events() {
        for (bool more = read_key(); more; more = read_key()) {
            load(*listing_, listing_->event == Event::cancelled);
            if (!listing_->known_only || concerns(history_, *listing_, plan_.published)) {
                note(apply_event(history_, *listing_, plan_.published, plan_.lists));
                save();
            }
        }
        return finish();
    }

    MergeCounts run_full() {
        if (plan_.records == 0 && !has_versions()) {
            return run_first();
        }
        CurrentVersions current(
            connection_, plan_.source, VersionParts::all, plan_.is_late ? plan_.published : "");
        Version* old = current.next();
        bool more = read_key();
        while (old != nullptr || more) {
            const int order = old == nullptr ? 1
                              : !more        ? -1
                                             : compare_keys(old->listing, *listing_);
            reconcile(order <= 0 ? old : nullptr, order >= 0 ? listing_ : nullptr);
            old = order <= 0 ? current.next() : old;
            more = order >= 0 ? read_key() : more;
        }
        return finish();
    }

private:
    static int compare_keys(const Listing& left, const Listing& right) {
        const int order = left.isin().compare(right.isin());
        return order != 0 ? order : left.venue().compare(right.venue());
    }

    /// The next key of what was staged, with the last record of it; false after the last.
    bool read_key() {
        if (!ahead_ && !staged_.next(*next_)) {
            return false;
        }
        counts_.isins += next_->isin() != listing_->isin() ? 1U : 0U;
        std::swap(listing_, next_);
        while ((ahead_ = staged_.next(*next_)) && compare_keys(*next_, *listing_) == 0) {
            note_duplicate();
            std::swap(listing_, next_);
        }
        return true;
    }

    bool has_versions() {
        const std::array<Parameter, 1> parameters{plan_.source};
        return query_integer(connection_,
                             "SELECT 1 FROM listing WHERE added_run IN"
                             " (SELECT id FROM run_source WHERE source_id = $1) LIMIT 1",
                             parameters)
            .has_value();
    }

    /// The first list of a source that has published nothing before.
    MergeCounts run_first() {
        while (read_key()) {
            ++counts_.added;
            ++opened_;
            versions_.add(*listing_, "added");
        }
        return finish();
    }

    // Nearly always the current version is all that matters. The others do for what was published
    // out of turn, and where there is none.
    void load(const Listing& key, bool whole) {
        if (!whole) {
            keys_.read_current(key.isin(), key.venue(), history_);
            whole = history_.empty() || history_.front().published > plan_.published;
        }
        if (whole) {
            keys_.read_all(key.isin(), key.venue(), history_);
        }
    }

    void reconcile(Version* old, const Listing* listed) {
        const bool is_early = old != nullptr && old->published <= plan_.published;
        if (is_early && listed != nullptr && old->listing == *listed) {
            return;
        }
        if (is_early && old->is_current) {
            history_.resize(1);
            swap(history_.front(), *old);
        } else {
            load(old != nullptr ? old->listing : *listed, true);
        }
        note(apply_listed(history_, listed, plan_.published, plan_.lists));
        save();
    }

    MergeCounts finish() {
        versions_.finish();
        counts_.listings = static_cast<std::uint64_t>(plan_.records + opened_ - closed_);
        return std::move(counts_);
    }

    void note(const Outcome& outcome) {
        constexpr std::array<std::uint64_t MergeCounts::*, 8> kCounts{nullptr,
                                                                      &MergeCounts::added,
                                                                      &MergeCounts::changed,
                                                                      &MergeCounts::cosmetic,
                                                                      &MergeCounts::terminated,
                                                                      &MergeCounts::cancelled,
                                                                      &MergeCounts::reconciled,
                                                                      &MergeCounts::missing};
        if (outcome.effect != Effect::none) {
            ++(counts_.*kCounts[static_cast<std::size_t>(outcome.effect)]);
        }
        for (const Anomaly anomaly : outcome.anomalies) {
            note(anomaly);
        }
    }

    void note(Anomaly anomaly) {
        const std::string_view name = anomaly_table()[static_cast<std::size_t>(anomaly)].name;
        ++counts_.anomalies[std::string(name)];
        if (counts_.conflicts.size() < kSamples) {
            counts_.conflicts.push_back({.reason = std::string(name),
                                         .value = listing_->isin(),
                                         .text = fmt::format("venue {}", listing_->venue())});
        }
    }

    void note_duplicate() {
        ++counts_.duplicates;
        if (*next_ != *listing_ || next_->event != listing_->event) {
            note(Anomaly::duplicate_key_in_day);
        }
    }

    void save() {
        const std::int64_t before = opened_ - closed_;
        for (Version& version : history_) {
            if (!version.edited) {
                continue;
            }
            if (version.id != 0) {
                closed_ += version.is_current && !version.superseded.empty() ? 1 : 0;
                note_for_undo(version);
                versions_.edit(version);
                continue;
            }
            opened_ += version.superseded.empty() ? 1 : 0;
            insert(version);
        }
        counts_.removed += opened_ - closed_ < before ? 1U : 0U;
    }

    // One of a full list that was applied before: it keeps its word, see NextFull. It is that
    // list's; but of each run, a key has one version at most.
    std::int64_t earlier_run(const Version& version) {
        const std::array<Parameter, 5> parameters{plan_.source,
                                                  plan_.run_source,
                                                  version.listing.isin(),
                                                  version.listing.venue(),
                                                  version.published};
        const auto run = query_integer(
            connection_,
            "SELECT id FROM run_source WHERE source_id = $1 AND id <> $2 AND status = 'updated'"
            " AND undoes IS NULL AND undone_run IS NULL AND NOT EXISTS (SELECT 1 FROM listing "
            "WHERE isin = $3 AND source_id = $1 AND venue = $4"
            " AND added_run = run_source.id)"
            " ORDER BY CASE WHEN published = $5 THEN 0 ELSE 1 END, id DESC LIMIT 1",
            parameters);
        return run.value_or(plan_.run_source);
    }

    /// That a current version was not closed yet need not be noted.
    void note_for_undo(const Version& version) {
        identity_.clear();
        append_identity(version, identity_);
        if (!version.superseded.empty() && version.as_read == identity_) {
            return;
        }
        const std::array<Parameter, 2> parameters{plan_.run_source, version.id};
        connection_.execute(
            "INSERT INTO undo (run_source_id, listing_id, published, superseded, valid_from,"
            " valid_to, cancelled, closed_run, opened_as, closed_as)"
            " SELECT $1, id, published, superseded, valid_from, valid_to, cancelled, closed_run,"
            " opened_as, closed_as FROM listing WHERE id = $2",
            parameters);
    }

    void insert(Version& version) {
        if (version.published == plan_.published) {
            versions_.add(version);
            return;
        }
        const std::string isin = version.listing.isin();
        const std::string venue = version.listing.venue();
        versions_.finish();
        const std::int64_t run = earlier_run(version);
        versions_.add_earlier(version, run);
        const std::array<Parameter, 5> parameters{plan_.run_source, isin, plan_.source, venue, run};
        connection_.execute(
            "INSERT INTO undo (run_source_id, listing_id) SELECT $1, id FROM listing"
            " WHERE isin = $2 AND source_id = $3 AND venue = $4 AND added_run = $5",
            parameters);
    }

    Connection& connection_;
    const MergePlan& plan_;
    StagedAhead staged_;
    KeyVersions keys_;
    VersionWriter versions_;
    History history_{};
    Listing room_{};
    Listing more_room_{};
    Listing* listing_ = &room_;  // the key at work, as staged
    Listing* next_ = &more_room_;
    bool ahead_ = false;  // is there something in next_?
    std::string identity_{};
    std::int64_t opened_ = 0;
    std::int64_t closed_ = 0;
    MergeCounts counts_{};
};

}  // namespace

MergeCounts merge_events(Connection& connection, const MergePlan& plan, Staging& staging) {
    return HistoryMerge(connection, plan, staging).run_events();
}

MergeCounts merge_full(Connection& connection, const MergePlan& plan, Staging& staging) {
    return HistoryMerge(connection, plan, staging).run_full();
}

}  // namespace isinfetch
