#include "core/validate.hpp"

#include "core/isin.hpp"
#include "core/prefix.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <algorithm>

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
                Warnings& warnings) {
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

void fill_others(const RawRecord& record, Listing& listing) {
    if (record.others.empty()) {
        listing.other.clear();
        return;
    }
    auto pairs = record.others;
    for (auto& [name, value] : pairs) {
        value = trim(value);
    }
    listing.other = json_object(std::move(pairs));
}

}  // namespace

Verdict validate(const RawRecord& record,
                 const ValidateOptions& options,
                 Listing& listing,
                 Rejection& rejection,
                 Warnings& warnings) {
    const std::string_view cell = trim(record.fields[index(Field::isin)]);
    if (means_none(cell, options.no_isin)) {
        return Verdict::no_isin;
    }
    if (const std::string_view reason = reason_against(cell); !reason.empty()) {
        rejection = {record.position,
                     std::string(reason),
                     printable(cell),
                     std::string(record.text.substr(0, kTextKept))};
        return Verdict::rejected;
    }
    if (!is_assigned_prefix(cell.substr(0, 2))) {
        ++warnings["unknown prefix"];
    }
    for (std::size_t field = 0; field < kFieldCount; ++field) {
        fill_field(field, record, options, listing, warnings);
    }
    fill_others(record, listing);
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
