// What migrations after the first one bring, as scripts with places for fmt.
#pragma once

#include <string_view>

namespace isinfetch {

// What a merge replaced, so that it can be undone; where lists of changes can be read off in key
// order. `undo.listing_id` refers to listing(id) without a foreign key: a version that goes takes
// nothing along but what can no longer be undone.
constexpr std::string_view kOperations = R"(
ALTER TABLE source ADD COLUMN kept_since TEXT;
ALTER TABLE run_source ADD COLUMN previous TEXT CHECK (previous IS NULL OR json_valid(previous));
ALTER TABLE run_source ADD COLUMN undoes {integer} REFERENCES run_source (id);
ALTER TABLE run_source ADD COLUMN undone_run {integer} REFERENCES run_source (id);
ALTER TABLE file ADD COLUMN pruned TEXT;

CREATE TABLE undo (
    id {id},
    run_source_id {integer} NOT NULL REFERENCES run_source (id),
    listing_id {integer} NOT NULL,
    published TEXT,
    superseded TEXT,
    valid_from TEXT,
    valid_to TEXT,
    cancelled TEXT,
    closed_run {integer},
    opened_as TEXT,
    closed_as TEXT,
    UNIQUE (run_source_id, listing_id)
){end};

-- What deleting an old run has to look at.
CREATE INDEX run_source_undoes ON run_source (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX run_source_undone ON run_source (undone_run) WHERE undone_run IS NOT NULL;

-- What a run opened and closed, in key order: the differences between two versions come out of
-- them without being sorted.
DROP INDEX listing_added;
DROP INDEX listing_closed;
CREATE INDEX listing_added ON listing (added_run, isin, venue);
CREATE INDEX listing_closed ON listing (closed_run, isin, venue) WHERE closed_run IS NOT NULL;
)";

// What a run ended without another version that follows, in key order: few rows, among all that it
// closed.
constexpr std::string_view kEndedIndex = R"(
CREATE INDEX listing_ended ON listing (closed_run, isin, venue)
    WHERE closed_as IN ('removed', 'missing_in_full');
)";

// What the judgement of freshness goes by, beside the times of asking.
constexpr std::string_view kFreshness = R"(
ALTER TABLE source ADD COLUMN last_status TEXT;
ALTER TABLE source ADD COLUMN failing_since TEXT;
ALTER TABLE source ADD COLUMN newest_publication TEXT;
ALTER TABLE source ADD COLUMN waiting_for TEXT;
ALTER TABLE source ADD COLUMN waiting_reason TEXT;
ALTER TABLE source ADD COLUMN waiting_since TEXT;
ALTER TABLE source ADD COLUMN waiting_behind {integer} NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN older_since TEXT;
ALTER TABLE source ADD COLUMN older_runs {integer} NOT NULL DEFAULT 0;
)";

// How old a lease is; the runs that have not ended, which every run looks for.
constexpr std::string_view kLiveness = R"(
ALTER TABLE source ADD COLUMN lease_since TEXT;
CREATE INDEX run_open ON run (id) WHERE finished IS NULL;
)";

}  // namespace isinfetch
