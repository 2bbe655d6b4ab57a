#include "core/validate.hpp"

#include "core/cfi.hpp"
#include "core/currency.hpp"
#include "core/fisn.hpp"
#include "core/isin_verdict.hpp"
#include "core/lei.hpp"
#include "core/mic.hpp"
#include "core/national_lint.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::size_t kTextKept = 500;

bool means_none(std::string_view cell, const std::vector<std::string>& words) {
    return cell.empty() || std::find(words.begin(), words.end(), cell) != words.end();
}

/// Why the cell is no ISIN; empty when it is one.
std::string_view reason_against(std::string_view cell) noexcept {
    if (const Inspection inspection = Isin::inspect(cell); !inspection.good()) {
        return describe(inspection.defect);
    }
    return is_placeholder(cell) ? "placeholder for a missing ISIN" : "";
}

void fill_field(std::size_t field,
                const RawRecord& record,
                const ValidateOptions& options,
                Listing& listing,
                Tally& warnings) {
    const std::string_view text = trim(record.fields[field]);
    std::string& target = listing.fields[field];
    if (!field_table()[field].is_date || text.empty()) {
        target = text;
        return;
    }
    const auto date = parse_date(text, options.dates);
    target = date.value_or("");
    if (!date && !means_none(text, options.no_isin)) {
        ++warnings["unreadable date"];
    }
}

std::string_view complaint_about_lei(std::string_view text) noexcept {
    const Inspection found = inspect_lei(text);
    if (found.good()) {
        return "";
    }
    return found.defect == Defect::check_digit ? "LEI check digit" : "malformed LEI";
}

std::string_view complaint_about_cfi(std::string_view text) noexcept {
    const Inspection found = inspect_cfi(text);
    if (found.good()) {
        return "";
    }
    return found.defect == Defect::unknown ? "unknown CFI" : "malformed CFI";
}

std::string_view complaint_about_mic(std::string_view text) noexcept {
    return inspect_mic(text).good() ? "" : "malformed MIC";
}

bool is_ascii_letter(char character) noexcept {
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
}

// The column may hold the publisher's own word ("Рубль", "R$"): only what looks like a code is
// expected to be one.
std::string_view complaint_about_currency(std::string_view text) noexcept {
    const bool is_word = text.size() != 3 || !std::ranges::all_of(text, is_ascii_letter);
    return is_word || inspect_currency(text).good() ? "" : "unknown currency";
}

// Many short names of before 2018 are none of ISO 18774: they have a class of their own, so that
// the others do not drown.
std::string_view complaint_about_fisn(std::string_view text) noexcept {
    if (inspect_fisn(text).good()) {
        return "";
    }
    const bool has_slash = text.find('/') != std::string_view::npos;
    return has_slash ? "malformed FISN" : "short name that is no FISN";
}

struct Check {
    Field field;
    std::string_view (*complaint)(std::string_view text) noexcept;  ///< "" when all is well
};

constexpr std::array<Check, 5> kChecks{{
    {Field::mic, complaint_about_mic},
    {Field::fisn, complaint_about_fisn},
    {Field::cfi, complaint_about_cfi},
    {Field::currency, complaint_about_currency},
    {Field::lei, complaint_about_lei},
}};

void count(std::string_view complaint, Tally& tally) {
    const auto known = tally.find(complaint);
    if (known != tally.end()) {
        ++known->second;
    } else {
        tally.emplace(complaint, 1);
    }
}

/// Looks at the codes of a row as published, and leaves them so.
void check_codes(const Listing& listing, const ValidateOptions& options, Tally& warnings) {
    for (const Check& check : kChecks) {
        const std::string& text = listing[check.field];
        if (text.empty()) {
            continue;
        }
        const std::string_view complaint = check.complaint(text);
        if (!complaint.empty() && !means_none(text, options.no_isin)) {
            count(complaint, warnings);
        }
    }
}

void check_isin(std::string_view isin, Remarks& remarks) {
    const IsinWarnings found = isin_warnings(isin);
    for (const IsinWarningInfo& info : isin_warning_table()) {
        if (found.has(info.warning)) {
            count(info.name, remarks.warnings);
        }
    }
    if (const auto note = note_national_number(isin)) {
        count(note->kind, remarks.notes);
    }
}

void fill_others(const RawRecord& record, Listing& listing) {
    if (record.others.empty()) {
        listing.other.clear();
        return;
    }
    auto pairs = record.others;
    for (auto& [name, value] : pairs) {
        value = trim(value);
    }
    json_object(std::move(pairs), listing.other);
}

}  // namespace

Verdict validate(const RawRecord& record,
                 const ValidateOptions& options,
                 Listing& listing,
                 Rejection& rejection,
                 Remarks& remarks) {
    const std::string_view cell = trim(record.fields[index(Field::isin)]);
    if (means_none(cell, options.no_isin)) {
        return Verdict::no_isin;
    }
    if (const std::string_view reason = reason_against(cell); !reason.empty()) {
        rejection = {.position = record.position,
                     .reason = std::string(reason),
                     .value = printable(cell),
                     .text = std::string(record.text.substr(0, kTextKept))};
        return Verdict::rejected;
    }
    check_isin(cell, remarks);
    for (std::size_t field = 0; field < kFieldCount; ++field) {
        fill_field(field, record, options, listing, remarks.warnings);
    }
    check_codes(listing, options, remarks.warnings);
    fill_others(record, listing);
    listing.event = record.event;
    listing.valid.from = record.valid.from;
    listing.valid.to = record.valid.to;
    if (listing[Field::mic].empty()) {
        listing[Field::mic] = options.mic;
    }
    if (listing[Field::currency].empty()) {
        listing[Field::currency] = options.currency;
    }
    if (listing.venue().empty()) {
        listing[Field::venue] = listing[Field::mic];
    }
    return Verdict::accepted;
}

}  // namespace isinfetch
