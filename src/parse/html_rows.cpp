#include "parse/html_rows.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::size_t kBufferSize = std::size_t{64} * 1024;
constexpr std::size_t kMostCells = 16'384;  // of a row; HTML itself allows 1000 columns for a cell
constexpr std::size_t kTagKept = 256;       // a longer one has no attribute that matters
constexpr std::size_t kNameKept = 16;

constexpr std::array<std::string_view, 6> kRawText{
    "script", "style", "textarea", "title", "xmp", "iframe"};

/// What stands before and behind them are words of their own.
constexpr std::array<std::string_view, 8> kBreaks{
    "br", "p", "/p", "div", "/div", "li", "/li", "hr"};

constexpr std::array<std::string_view, 7> kRowEnds{
    "/tr", "thead", "/thead", "tbody", "/tbody", "tfoot", "/tfoot"};

bool is_blank(char letter) noexcept {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r' || letter == '\f';
}

bool is_letter(char letter) noexcept {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

template <std::size_t Count>
bool holds(const std::array<std::string_view, Count>& names, std::string_view name) noexcept {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

HtmlRows::HtmlRows(ByteSource& input, std::uint64_t max_row)
    : input_(input), max_row_(max_row), buffer_(kBufferSize) {}

bool HtmlRows::fill() {
    if (begin_ == end_) {
        begin_ = 0;
        end_ = input_.read(buffer_);
    }
    return begin_ < end_;
}

bool HtmlRows::next(HtmlRow& row) {
    is_ready_ = false;
    while (!is_ready_ && fill()) {
        const char letter = buffer_[begin_++];
        step(letter);
        ++position_.byte;
        position_.line += letter == '\n' ? 1 : 0;
    }
    if (!is_ready_ && in_row_) {
        close_row(false);
    }
    row = ready_row_;
    row.markup = ready_;
    return is_ready_;
}

void HtmlRows::step(char letter) {
    switch (state_) {
        case State::text:
            if (letter == '<') {
                state_ = State::opening;
                tag_at_ = position_;
                tag_ = letter;
                name_.clear();
            } else {
                keep({&letter, 1});
            }
            return;
        case State::opening:
            step_opening(letter);
            return;
        case State::declaration:
            step_declaration(letter);
            return;
        case State::comment:
            step_comment(letter);
            return;
        case State::bogus:
            state_ = letter == '>' ? State::text : State::bogus;
            return;
        case State::tag:
            step_tag(letter);
            return;
        case State::raw:
            step_raw(letter);
            return;
    }
}

/// Behind "<" or "</".
void HtmlRows::step_opening(char letter) {
    const bool is_end = tag_.size() == 2;
    if (is_letter(letter)) {
        state_ = State::tag;
        part_ = Part::name;
        name_ = is_end ? "/" : "";
        step_tag(letter);
    } else if (letter == '/' && !is_end) {
        tag_ += letter;
    } else if (letter == '!' && !is_end) {
        state_ = State::declaration;
        tag_.clear();
    } else if (letter == '?' || is_end) {
        state_ = letter == '>' ? State::text : State::bogus;
    } else {
        // No tag: a less-than sign of the text.
        state_ = State::text;
        keep("&lt;");
        step(letter);
    }
}

/// Behind "<!": a comment, or something like <!DOCTYPE html>.
void HtmlRows::step_declaration(char letter) {
    tag_ += letter;
    if (tag_ == "--") {
        state_ = State::comment;
        dashes_ = 2;
    } else if (letter == '>') {
        state_ = State::text;
    } else if (tag_ != "-") {
        state_ = State::bogus;
    }
}

void HtmlRows::step_comment(char letter) {
    if (letter == '>' && dashes_ >= 2) {
        state_ = State::text;
    }
    dashes_ = letter == '-' ? std::min(dashes_ + 1, 2) : 0;
}

void HtmlRows::step_tag(char letter) {
    if (tag_.size() <= kTagKept) {
        tag_ += letter;
    }
    if (letter == '>' && part_ != Part::quoted) {
        state_ = State::text;
        finish_tag();
    } else {
        step_part(letter);
    }
}

HtmlRows::Part HtmlRows::after_attribute(char letter) noexcept {
    if (letter == '=') {
        return Part::equals;
    }
    return letter == '/' ? Part::between : Part::attribute;
}

/// A quote is one only behind "=": elsewhere in a tag it is a part of a name.
void HtmlRows::step_part(char letter) {
    switch (part_) {
        case Part::name:
            if (is_blank(letter) || letter == '/') {
                part_ = Part::between;
            } else if (name_.size() < kNameKept) {
                name_ += lower({&letter, 1});
            }
            return;
        case Part::between:
            part_ = is_blank(letter) || letter == '/' ? Part::between : Part::attribute;
            return;
        case Part::attribute:
            part_ = after_attribute(letter);
            return;
        case Part::equals:
            quote_ = letter;
            if (!is_blank(letter)) {
                part_ = letter == '"' || letter == '\'' ? Part::quoted : Part::unquoted;
            }
            return;
        case Part::quoted:
            part_ = letter == quote_ ? Part::between : Part::quoted;
            return;
        case Part::unquoted:
            part_ = is_blank(letter) ? Part::between : Part::unquoted;
            return;
    }
}

/// In a script nothing counts but its end tag.
void HtmlRows::step_raw(char letter) {
    if (raw_tail_ == raw_end_) {
        if (letter == '>' || letter == '/' || is_blank(letter)) {
            state_ = State::tag;
            part_ = Part::between;
            name_ = raw_end_.substr(1);
            tag_.clear();
            step_tag(letter);
            return;
        }
        raw_tail_.clear();
    }
    raw_tail_ += lower({&letter, 1});
    if (!raw_end_.starts_with(raw_tail_)) {
        raw_tail_ = letter == '<' ? "<" : "";
    }
}

void HtmlRows::finish_tag() {
    if (holds(kRawText, name_)) {
        state_ = State::raw;
        raw_end_ = "</" + name_;
        raw_tail_.clear();
    } else if (name_ == "table") {
        open_table_here();
    } else if (name_ == "/table") {
        close_table();
    } else if (name_ == "tr") {
        close_row(true);
        open_row("<tr>");
    } else if (holds(kRowEnds, name_)) {
        close_row(true);
    } else if (name_ == "td" || name_ == "th") {
        add_cell();
    } else if (name_ == "/td" || name_ == "/th") {
        keep("<" + name_ + ">");
    } else if (holds(kBreaks, name_)) {
        keep(" ");
    }
}

void HtmlRows::keep(std::string_view bytes) {
    if (!in_row_ || cells_ == 0) {
        return;
    }
    row_ += bytes;
    if (row_.size() > max_row_) {
        fail(ErrorKind::data,
             "line {}, byte {}: a row of more than {} bytes",
             row_at_.line,
             row_at_.byte,
             max_row_);
    }
}

void HtmlRows::open_row(std::string_view tag) {
    if (tables_.empty()) {
        return;
    }
    in_row_ = true;
    cells_ = 0;
    row_ = tag;
    row_at_ = tag_at_;
}

/// The tag of a row may be left out before its first cell.
void HtmlRows::add_cell() {
    if (!in_row_) {
        open_row("<tr>");
    }
    if (!in_row_) {
        return;
    }
    if (++cells_ > kMostCells) {
        fail(ErrorKind::data,
             "line {}, byte {}: a row of more than {} cells",
             row_at_.line,
             row_at_.byte,
             kMostCells);
    }
    keep(tag_.size() > kTagKept ? "<td>" : tag_);
}

void HtmlRows::close_row(bool by_tag) {
    if (in_row_ && cells_ > 0) {
        std::swap(ready_, row_);
        ready_row_ = {.position = row_at_, .table = tables_.back(), .closed = by_tag};
        is_ready_ = true;
    }
    in_row_ = false;
}

void HtmlRows::open_table_here() {
    constexpr std::size_t kDeepest = 100;
    if (tables_.size() == kDeepest) {
        fail(ErrorKind::data,
             "line {}, byte {}: more than {} tables in each other",
             tag_at_.line,
             tag_at_.byte,
             kDeepest);
    }
    in_row_ = false;
    tables_.push_back(++table_count_);
}

void HtmlRows::close_table() {
    if (!tables_.empty()) {
        close_row(true);
        tables_.pop_back();
    }
}

}  // namespace isinfetch
