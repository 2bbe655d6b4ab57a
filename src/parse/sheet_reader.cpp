#include "parse/sheet_reader.hpp"

#include "util/error.hpp"
#include "util/pattern.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

bool matches_any(std::string_view name, const std::vector<std::string>& patterns) {
    return std::ranges::any_of(
        patterns, [name](const std::string& pattern) { return matches_pattern(name, pattern); });
}

std::uint64_t count_filled(const std::vector<std::string_view>& cells) {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(cells, [](std::string_view cell) { return !trim(cell).empty(); }));
}

/// "4,524", "4 524", "4.524" and "4524" are one number; none when there is anything else.
std::optional<std::uint64_t> parse_count(std::string_view text) {
    constexpr std::uint64_t kMost = 1'000'000'000'000;
    std::optional<std::uint64_t> count;
    for (const char letter : text) {
        if (letter >= '0' && letter <= '9') {
            count = count.value_or(0) * 10 + static_cast<std::uint64_t>(letter - '0');
        } else if (std::string_view(",. '\xC2\xA0").find(letter) == std::string_view::npos) {
            return std::nullopt;
        }
        if (count.value_or(0) > kMost) {
            return std::nullopt;
        }
    }
    return count;
}

/// A remark is words, an ISIN is not.
bool is_sentence(std::string_view text) {
    constexpr std::size_t kLongestIsin = 20;  // with some blanks in it
    text = trim(text);
    return text.size() > kLongestIsin && text.find(' ') != std::string_view::npos;
}

}  // namespace

SheetReader::SheetReader(const ParseOptions& options, const RecordSink& sink)
    : options_(options), sink_(sink), finder_(options.columns) {}

bool SheetReader::begin(std::string_view name, Sight sight) {
    names_.emplace_back(name);
    const SheetOptions& sheets = options_.sheets;
    if ((!sheets.only.empty() && !matches_any(name, sheets.only)) ||
        matches_any(name, sheets.except)) {
        return false;
    }
    if (sight == Sight::hidden && sheets.only.empty()) {
        hidden_.push_back(fmt::format("'{}'", printable(name, 40)));
        return false;
    }
    sheet_ = name;
    first_text_.clear();
    has_header_ = false;
    records_ = 0;
    announced_.reset();
    return true;
}

void SheetReader::take(const std::vector<std::string_view>& cells, Position position) {
    std::uint64_t bytes = 0;
    for (const std::string_view cell : cells) {
        bytes += cell.size();
    }
    if (bytes > options_.max_record) {
        fail(ErrorKind::data,
             "sheet '{}', row {}: its texts have more than {} bytes",
             printable(sheet_),
             position.line,
             options_.max_record);
    }
    if (count_filled(cells) == 0) {
        return;
    }
    if (has_header_ || find_header(cells, position) == HeaderFinder::Found::data) {
        take_data(cells, position);
    }
}

HeaderFinder::Found SheetReader::find_header(const std::vector<std::string_view>& cells,
                                             Position position) {
    using Found = HeaderFinder::Found;
    if (first_text_.empty()) {
        const auto first =
            std::ranges::find_if(cells, [](std::string_view cell) { return !trim(cell).empty(); });
        first_text_ = trim(*first);
    }
    const Found found =
        position.line <= options_.header_within ? finder_.look_at(cells, map_) : Found::nothing;
    has_header_ = found != Found::nothing;
    if (found == Found::nothing) {
        look_for_announcement(cells);
    } else {
        width_ = count_filled(cells);
        ++read_;
    }
    return found;
}

/// A row with one text alone that is no ISIN, or that has the columns' names again.
bool SheetReader::is_note(const std::vector<std::string_view>& cells) const {
    const std::string_view isin =
        map_.isin() < cells.size() ? trim(cells[map_.isin()]) : std::string_view{};
    if (!isin.empty() && finder_.is_isin_name(isin)) {
        return true;
    }
    return count_filled(cells) == 1 && (!map_.has_isin(cells) || (width_ > 1 && is_sentence(isin)));
}

void SheetReader::take_data(const std::vector<std::string_view>& cells, Position position) {
    ++summary_.rows;
    if (is_note(cells)) {
        ++summary_.footnotes;
        look_for_announcement(cells);
        return;
    }
    ++records_;
    with_isin_ += map_.has_isin(cells) ? 1U : 0U;
    text_ = sheet_;
    text_ += ':';
    for (const std::string_view cell : cells) {
        text_ += ' ';
        text_ += cell;
        text_ += ';';
    }
    record_.position = position;
    record_.text = text_;
    map_.deliver(cells, record_, sink_);
}

/// The number is behind the words, or in the next cell that says something. "Number of
/// Instruments:" without one announces nothing.
void SheetReader::look_for_announcement(const std::vector<std::string_view>& cells) {
    const std::string& words = options_.sheets.announced;
    if (words.empty()) {
        return;
    }
    std::string said;
    for (const std::string_view cell : cells) {
        const std::string_view text = trim(cell);
        const bool has_words = lower(text.substr(0, words.size())) == lower(words);
        if (said.empty() && has_words) {
            said = fmt::format("{} ", text.substr(words.size()));
        } else if (!said.empty() && trim(said).find_first_of("0123456789") == std::string::npos) {
            said += text;
        }
    }
    std::string_view number = trim(said);
    if (number.starts_with(':') || number.starts_with('=')) {
        number = trim(number.substr(1));
    }
    if (const auto count = parse_count(number)) {
        announced_ = count;
    }
}

void SheetReader::check_announcement() {
    if (announced_ && *announced_ != records_ && summary_.incomplete.empty()) {
        summary_.incomplete = fmt::format("sheet '{}': it announces {} rows and has {}",
                                          printable(sheet_),
                                          *announced_,
                                          records_);
    }
}

std::string SheetReader::complaint() const {
    if (!finder_.near_miss().empty()) {
        return fmt::format("sheet '{}': {}", printable(sheet_), finder_.near_miss());
    }
    return fmt::format("sheet '{}': no column named {} in its first {} rows; it begins with '{}'",
                       printable(sheet_),
                       finder_.wanted(),
                       options_.header_within,
                       printable(first_text_, 60));
}

void SheetReader::end() {
    if (has_header_) {
        check_announcement();
        return;
    }
    if (!options_.sheets.only.empty()) {
        fail(ErrorKind::protocol, "{}", complaint());
    }
    if (!first_text_.empty()) {
        complaints_.push_back(complaint());
    }
}

/// A sheet that has gone, or has another name now, must not be missed by nobody.
void SheetReader::check_names() const {
    for (const std::string& pattern : options_.sheets.only) {
        const auto is_it = [&pattern](const std::string& name) {
            return matches_pattern(name, pattern);
        };
        if (std::ranges::none_of(names_, is_it)) {
            fail(ErrorKind::protocol,
                 "no sheet is named '{}': the workbook has {}",
                 pattern,
                 all_names());
        }
    }
}

std::string SheetReader::all_names() const {
    constexpr std::size_t kNamed = 20;
    std::vector<std::string> quoted;
    for (const std::string& name : names_) {
        quoted.push_back(quoted.size() == kNamed ? "…" : fmt::format("'{}'", printable(name, 40)));
        if (quoted.size() > kNamed) {
            break;
        }
    }
    return quoted.empty() ? "none" : join(quoted, ", ");
}

void SheetReader::miss_result(Position position) {
    if (++unsolved_ == 1) {
        first_unsolved_ = fmt::format("sheet '{}', row {}", printable(sheet_), position.line);
    }
}

/// Programs that write workbooks without calculating leave formulas without results.
void SheetReader::judge_formulas() {
    if (unsolved_ == 0) {
        return;
    }
    const std::string said = fmt::format(
        "{}: the first of {} formulas without a stored result: open the workbook in a spreadsheet "
        "program and save it",
        first_unsolved_,
        unsolved_);
    if (with_isin_ == 0) {
        fail(ErrorKind::data, "{}", said);
    }
    summary_.warnings.push_back(said);
}

void SheetReader::tell_hidden() {
    if (hidden_.empty()) {
        return;
    }
    const std::string names = join(hidden_, ", ");
    if (read_ == 0) {
        fail(ErrorKind::protocol,
             "no sheet to read: {} hidden in the workbook: name what is wanted in sheets.only",
             hidden_.size() == 1 ? names + " is" : names + " are");
    }
    summary_.warnings.push_back(fmt::format(
        "hidden sheets were not read: {}: name them in sheets.only or sheets.except", names));
}

ParseSummary SheetReader::finish() {
    check_names();
    judge_formulas();
    if (read_ == 0 && !complaints_.empty()) {
        fail(ErrorKind::protocol, "{}", complaints_.front());
    }
    tell_hidden();
    if (read_ == 0) {
        fail(ErrorKind::protocol, "no sheet to read: the workbook has {}", all_names());
    }
    for (const std::string& complaint : complaints_) {
        summary_.warnings.push_back(complaint);
    }
    summary_.has_end = true;
    summary_.encoding = "utf-8";
    return std::move(summary_);
}

}  // namespace isinfetch
