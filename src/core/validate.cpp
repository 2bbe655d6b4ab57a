#include "core/validate.hpp"

#include "core/cfi.hpp"
#include "core/currency.hpp"
#include "core/fisn.hpp"
#include "core/identifiers.hpp"
#include "core/isin_verdict.hpp"
#include "core/lei.hpp"
#include "core/mic.hpp"
#include "core/national_lint.hpp"
#include "util/entities.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <iterator>

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

void count(std::string_view complaint, Tally& tally) {
    const auto known = tally.find(complaint);
    if (known != tally.end()) {
        ++known->second;
    } else {
        tally.emplace(complaint, 1);
    }
}

void replace_nul(std::string& text) {
    if (text.find('\0') == std::string::npos) {
        return;
    }
    std::string result;
    for (const char letter : text) {
        result += letter == '\0' ? std::string_view("\xEF\xBF\xBD") : std::string_view(&letter, 1);
    }
    text = std::move(result);
}

void check_controls(std::string& text, Tally& warnings) {
    if (!has_control(text)) {
        return;
    }
    const bool has_nul = text.find('\0') != std::string::npos;
    count(has_nul ? "NUL in a text" : "control character in a text", warnings);
    replace_nul(text);
}

void fill_text(std::string_view text,
               const ValidateOptions& options,
               std::string& target,
               Tally& warnings) {
    if (options.entities && text.find('&') != std::string_view::npos) {
        const std::string decoded = decode_entities(text);
        target = trim(decoded);
    } else {
        target = text;
    }
    check_controls(target, warnings);
}

void fill_field(std::size_t field,
                const RawRecord& record,
                const ValidateOptions& options,
                Listing& listing,
                Tally& warnings) {
    const std::string_view text = trim(record.fields[field]);
    std::string& target = listing.fields[field];
    if (!field_table()[field].is_date || text.empty()) {
        fill_text(text, options, target, warnings);
        return;
    }
    const bool is_past = field == index(Field::first_trade);
    const auto date = parse_date(text, options.dates, is_past ? kPastCentury : kCentury);
    target = date.value_or("");
    if (!date && !means_none(text, options.no_isin)) {
        count("unreadable date", warnings);
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

std::string further_value(const std::pair<std::string_view, std::string_view>& column,
                          const ValidateOptions& options,
                          Tally& warnings) {
    const std::string_view text = trim(column.second);
    const auto& numbers = options.numbers;
    if (text.empty() || std::find(numbers.begin(), numbers.end(), column.first) == numbers.end()) {
        std::string value;
        fill_text(text, options, value, warnings);
        return value;
    }
    if (auto number = plain_number(text, options.decimal)) {
        return *number;
    }
    if (!means_none(text, options.no_isin)) {
        count("unreadable number", warnings);
    }
    return std::string(text);
}

void fill_others(const RawRecord& record,
                 const ValidateOptions& options,
                 Judgement& judgement,
                 Tally& warnings) {
    judgement.others = record.others;
    judgement.texts.clear();
    const bool is_as_published = options.numbers.empty() && !options.entities;
    for (auto& column : judgement.others) {
        column.second = trim(column.second);
        if (!is_as_published || has_control(column.second)) {
            column.second = judgement.texts.emplace_back(further_value(column, options, warnings));
        }
    }
}

/// The text of a standard field or of a further column.
std::string_view text_of(const RawRecord& record, const std::string& column) {
    for (std::size_t field = 0; field < kFieldCount; ++field) {
        if (field_table()[field].name == column) {
            return trim(record.fields[field]);
        }
    }
    for (const auto& [name, value] : record.others) {
        if (name == column) {
            return trim(value);
        }
    }
    return {};
}

bool says_none(const RawRecord& record, const std::vector<NoIsinWhere>& rules) {
    return std::any_of(rules.begin(), rules.end(), [&](const NoIsinWhere& rule) {
        const std::string_view text = text_of(record, rule.column);
        return std::find(rule.words.begin(), rule.words.end(), text) != rule.words.end();
    });
}

/// The ISIN that is made of a cell, or why there is none; both empty where nobody can make one.
struct Made {
    std::string isin{};
    std::string_view reason{};
};

Made make_isin(std::string_view cell, const NumberInIsin& number) {
    std::string text;
    std::copy_if(cell.begin(), cell.end(), std::back_inserter(text), [](char letter) {
        return letter != ' ';
    });
    const Identifier* kind = find_identifier(number.name);
    if (const Inspection inspection = kind->inspect(text); !inspection.good()) {
        return {.reason = describe(inspection.defect)};
    }
    const Conversion conversion = isin_from_number(text, number, "");
    return {.isin = conversion.text};
}

Verdict reject(const RawRecord& record,
               std::string_view cell,
               std::string_view reason,
               Rejection& rejection) {
    std::string_view text = record.text.substr(0, kTextKept);
    text.remove_suffix(unfinished_utf8(text));
    rejection = {.position = record.position,
                 .reason = std::string(reason),
                 .value = printable(cell),
                 .text = std::string(text)};
    replace_nul(rejection.text);
    return Verdict::rejected;
}

}  // namespace

Verdict validate(const RawRecord& record,
                 const ValidateOptions& options,
                 Judgement& judgement,
                 Remarks& remarks) {
    const std::string_view cell = trim_unseen(record.fields[index(Field::isin)]);
    if (means_none(cell, options.no_isin) || says_none(record, options.no_isin_where)) {
        return Verdict::no_isin;
    }
    Made made;
    if (options.isin_from != nullptr) {
        made = make_isin(cell, *options.isin_from);
        if (!made.reason.empty()) {
            return reject(record, cell, made.reason, judgement.rejection);
        }
        if (made.isin.empty()) {
            count("number of another country", remarks.warnings);
            return Verdict::no_isin;
        }
    }
    const std::string_view isin = options.isin_from == nullptr ? cell : made.isin;
    if (const std::string_view reason = reason_against(isin); !reason.empty()) {
        return reject(record, cell, reason, judgement.rejection);
    }
    check_isin(isin, remarks);
    Listing& listing = judgement.listing;
    for (std::size_t field = 0; field < kFieldCount; ++field) {
        fill_field(field, record, options, listing, remarks.warnings);
    }
    listing[Field::isin] = isin;
    check_codes(listing, options, remarks.warnings);
    fill_others(record, options, judgement, remarks.warnings);
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
