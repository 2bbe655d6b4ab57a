#include "parse/foreign.hpp"
#include "parse/format.hpp"
#include "parse/header.hpp"
#include "parse/json_row.hpp"
#include "parse/text_start.hpp"
#include "util/error.hpp"
#include "util/json_events.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

class JsonParser final : public JsonListener {
public:
    JsonParser(ByteSource& input, const ParseOptions& options, const RecordSink& sink)
        : options_(options),
          sink_(sink),
          start_(input),
          finder_(options.columns),
          in_order_(ColumnMap::in_order(options.columns)),
          row_(options.columns) {}

    ParseSummary parse();

    void begin(JsonContainer container) override;
    void end() override;
    void key(std::string_view name) override;
    void value(std::string_view text) override;

private:
    struct Level {
        bool is_array = false;
        bool is_rows = false;
        std::size_t elements = 0;
    };

    void refuse_other_formats() const;
    void enter_element();
    void begin_row();
    void check_size() const;
    void finish_row();
    void take_object();
    void take_array();
    bool look_for_names(const std::vector<std::string_view>& cells);
    void emit(const std::vector<std::string_view>& cells, const ColumnMap& map);
    [[noreturn]] void fail_without_isin(std::string_view what) const;
    void judge_end();

    const ParseOptions& options_;
    const RecordSink& sink_;
    TextStart start_;
    HeaderFinder finder_;
    ColumnMap in_order_;  ///< of rows that are objects
    ColumnMap by_name_{};
    bool has_names_ = false;  ///< by_name_ is set

    JsonPlace place_{};
    std::vector<Level> levels_{};
    std::vector<std::string> steps_{};  ///< to the value that comes next, outside of rows
    bool found_rows_ = false;
    std::vector<std::string> names_{};  ///< of columns, from json.columns
    std::string announced_{};
    std::size_t names_size_ = 0;

    bool in_row_ = false;
    Position row_at_{};
    JsonRow row_;
    std::string first_row_{};  ///< for a message
    bool saw_isin_ = false;
    RawRecord record_{};
    ParseSummary summary_{};
};

void JsonParser::enter_element() {
    if (!levels_.empty() && levels_.back().is_array) {
        steps_.back() = std::to_string(levels_.back().elements++);
    }
}

void JsonParser::begin_row() {
    in_row_ = true;
    row_.clear();
    row_at_ = {.line = place_.line, .byte = place_.byte};
    check_size();
}

/// Only a row is ever in memory.
void JsonParser::check_size() const {
    if (place_.byte - row_at_.byte > options_.max_record) {
        fail(ErrorKind::data,
             "line {}, byte {}: a row of more than {} bytes",
             row_at_.line,
             row_at_.byte,
             options_.max_record);
    }
}

void JsonParser::begin(JsonContainer container) {
    if (!in_row_) {
        enter_element();
        if (levels_.empty() || !levels_.back().is_rows) {
            const bool is_array = container == JsonContainer::array;
            const bool is_rows = is_array && options_.json.rows.matches(steps_);
            found_rows_ = found_rows_ || is_rows;
            levels_.push_back({.is_array = is_array, .is_rows = is_rows});
            steps_.emplace_back();
            return;
        }
        begin_row();
    }
    check_size();
    row_.begin(container);
}

void JsonParser::end() {
    if (!in_row_) {
        levels_.pop_back();
        steps_.pop_back();
    } else if (row_.end()) {
        check_size();
        finish_row();
    }
}

void JsonParser::key(std::string_view name) {
    if (in_row_) {
        check_size();
        row_.key(name);
    } else {
        steps_.back() = name;
    }
}

void JsonParser::value(std::string_view text) {
    if (in_row_) {
        check_size();
        row_.value(text);
        return;
    }
    enter_element();
    if (!levels_.empty() && levels_.back().is_rows) {
        begin_row();
        row_.value(text);
        finish_row();
        return;
    }
    const JsonOptions& paths = options_.json;
    found_rows_ = found_rows_ || (text.empty() && paths.rows.matches(steps_));  // null
    if (paths.columns &&
        (paths.columns->matches(steps_) || paths.columns->matches_inside(steps_))) {
        names_.emplace_back(text);
        names_size_ += text.size();
        if (names_size_ > options_.max_record) {
            fail(ErrorKind::data, "names of columns of more than {} bytes", options_.max_record);
        }
    }
    if (paths.total && paths.total->matches(steps_)) {
        announced_ = text.substr(0, 100);
    }
}

void JsonParser::finish_row() {
    in_row_ = false;
    if (row_.is_empty()) {
        return;
    }
    ++summary_.rows;
    if (first_row_.empty()) {
        first_row_ = row_.text();
    }
    if (row_.is_object()) {
        take_object();
    } else {
        take_array();
    }
}

void JsonParser::fail_without_isin(std::string_view what) const {
    fail(ErrorKind::protocol,
         "no {} named {} in the first {} rows, which begin with '{}'",
         what,
         finder_.wanted(),
         summary_.rows,
         printable(first_row_, 60));
}

void JsonParser::take_object() {
    saw_isin_ = saw_isin_ || row_.has_isin();
    if (!saw_isin_ && summary_.rows >= options_.header_within) {
        fail_without_isin("member");
    }
    const std::vector<std::string_view> cells(row_.cells().begin(), row_.cells().end());
    emit(cells, in_order_);
}

/// The names are where the configuration says, or in a row of their own. False for such a row.
bool JsonParser::look_for_names(const std::vector<std::string_view>& cells) {
    if (options_.json.columns) {
        const std::vector<std::string_view> names(names_.begin(), names_.end());
        if (finder_.look_at(names, by_name_) == HeaderFinder::Found::nothing) {
            fail(ErrorKind::protocol,
                 "no column named {} among those at '{}', which {}",
                 finder_.wanted(),
                 options_.json.columns->text(),
                 names_.empty() ? "are missing before the rows"
                                : "are '" + printable(join(names_, "', '")) + "'");
        }
        has_names_ = true;
        return true;
    }
    const HeaderFinder::Found found = finder_.look_at(cells, by_name_);
    has_names_ = found != HeaderFinder::Found::nothing;
    if (!has_names_ && summary_.rows >= options_.header_within) {
        fail_without_isin("column");
    }
    return found == HeaderFinder::Found::data;
}

void JsonParser::take_array() {
    saw_isin_ = true;
    const std::vector<std::string_view> cells(row_.cells().begin(), row_.cells().end());
    if (!has_names_ && !look_for_names(cells)) {
        --summary_.rows;
        saw_isin_ = has_names_;
        return;
    }
    if (by_name_.ends_before_isin(cells.size())) {
        ++summary_.footnotes;
        return;
    }
    emit(cells, by_name_);
}

void JsonParser::emit(const std::vector<std::string_view>& cells, const ColumnMap& map) {
    record_.position = row_at_;
    record_.text = row_.text();
    map.deliver(cells, record_, sink_);
}

void JsonParser::refuse_other_formats() const {
    const std::string_view first = start_.first();
    const bool marked = start_.mark() == ByteOrderMark::utf_8;
    const std::string_view text = trim(first.substr(marked ? 3 : 0));
    const bool may_be_json = text.starts_with('{') || text.starts_with('[') || text.empty();
    if (start_.wide().empty() && !may_be_json) {
        refuse_foreign(likely_format(text), "JSON", text);
    }
}

void JsonParser::judge_end() {
    if (!found_rows_) {
        fail(ErrorKind::protocol,
             "no rows at '{}'; the file begins with '{}'",
             options_.json.rows.text(),
             printable(trim(start_.first()), 60));
    }
    if (!first_row_.empty() && !saw_isin_) {
        fail_without_isin("member or column");
    }
    if (!options_.json.total) {
        return;
    }
    std::erase(announced_, ',');
    if (announced_.empty()) {
        summary_.warnings.push_back(
            fmt::format("no number of rows at '{}'", options_.json.total->text()));
    } else if (announced_ != std::to_string(summary_.rows)) {
        summary_.incomplete = fmt::format(
            "{} rows are announced, the file has {}", printable(announced_), summary_.rows);
    }
}

ParseSummary JsonParser::parse() {
    refuse_other_formats();
    read_json(start_.text(),
              {.max_value = options_.max_record, .max_depth = options_.json.max_depth},
              place_,
              *this);
    judge_end();
    summary_.has_end = true;
    summary_.encoding = start_.wide().empty() ? "utf-8" : std::string(start_.wide());
    return std::move(summary_);
}

}  // namespace

ParseSummary parse_json(ByteSource& input, const ParseOptions& options, const RecordSink& sink) {
    return JsonParser(input, options, sink).parse();
}

}  // namespace isinfetch
