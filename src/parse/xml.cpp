#include "parse/byte_window.hpp"
#include "parse/expat_reader.hpp"
#include "parse/foreign.hpp"
#include "parse/format.hpp"
#include "parse/header.hpp"
#include "parse/json_row.hpp"
#include "parse/text_start.hpp"
#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::size_t kBlock = std::size_t{64} * 1024;
constexpr std::size_t kDeepest = 64;  // elements in each other; lists have some ten

/// An element of a row is a member of the one that it is in, as in an object of JSON; so are the
/// attributes of the row's own element.
class XmlParser final : public XmlHandler {
public:
    XmlParser(ByteSource& input, const ParseOptions& options, const RecordSink& sink)
        : options_(options),
          sink_(sink),
          start_(input),
          window_(start_.text(), kBlock, 0),
          reader_(*this, options.max_record),
          finder_(options.columns),
          in_order_(ColumnMap::in_order(options.columns)),
          row_(options.columns) {}

    ParseSummary parse();

    void start(std::string_view name,
               const XmlAttributes& attributes,
               std::uint64_t begin) override;
    void end(std::string_view name, std::uint64_t end) override;
    void text(std::string_view text) override;

private:
    struct Element {
        bool is_object = false;  ///< it has elements inside
        std::string text{};      ///< its own and theirs
    };

    void refuse_other_formats() const;
    bool is_row(std::string_view name) const;
    void count_lines(std::uint64_t up_to);
    void begin_row(const XmlAttributes& attributes, std::uint64_t begin);
    void finish_element();
    void finish_row();
    void check_size(std::uint64_t end) const;
    [[noreturn]] void fail_without_isin() const;

    const ParseOptions& options_;
    const RecordSink& sink_;
    TextStart start_;
    ByteWindow window_;
    XmlReader reader_;
    HeaderFinder finder_;
    ColumnMap in_order_;
    std::size_t depth_ = 0;
    std::vector<Element> elements_{};  ///< of the row: itself and those that are open in it
    std::uint64_t line_ = 1;           ///< of the byte line_at_
    std::uint64_t line_at_ = 0;
    std::uint64_t texts_ = 0;  ///< bytes of text in the row
    Position row_at_{};
    JsonRow row_;
    std::string first_row_{};  ///< for a message
    bool saw_isin_ = false;
    RawRecord record_{};
    ParseSummary summary_{};
};

/// Without a name, what stands in the outermost element are the rows.
bool XmlParser::is_row(std::string_view name) const {
    return options_.xml.rows.empty() ? depth_ == 2 : name == options_.xml.rows;
}

void XmlParser::start(std::string_view name, const XmlAttributes& attributes, std::uint64_t begin) {
    if (++depth_ > kDeepest) {
        fail(ErrorKind::data, "byte {}: more than {} elements in each other", begin, kDeepest);
    }
    if (elements_.empty()) {
        if (is_row(name)) {
            begin_row(attributes, begin);
        }
        return;
    }
    if (Element& outer = elements_.back(); !outer.is_object) {
        outer.is_object = true;
        row_.begin(JsonContainer::object);
    }
    row_.key(name);
    elements_.emplace_back();
}

/// Asked for places in their order, none before what the reader has told.
void XmlParser::count_lines(std::uint64_t up_to) {
    if (up_to > line_at_) {
        const std::string_view passed = window_.view(line_at_, up_to);
        line_ += static_cast<std::uint64_t>(std::ranges::count(passed, '\n'));
        line_at_ = up_to;
    }
}

void XmlParser::begin_row(const XmlAttributes& attributes, std::uint64_t begin) {
    count_lines(begin);
    row_at_ = {.line = line_, .byte = begin};
    texts_ = 0;
    row_.clear();
    elements_.push_back({.is_object = true});
    row_.begin(JsonContainer::object);
    attributes.each([&](std::string_view name, std::string_view value) {
        row_.key(name);
        row_.value(value);
    });
}

/// Only a row is ever in memory.
void XmlParser::check_size(std::uint64_t end) const {
    if (end - row_at_.byte > options_.max_record || texts_ > options_.max_record) {
        fail(ErrorKind::data,
             "line {}, byte {}: a row of more than {} bytes",
             row_at_.line,
             row_at_.byte,
             options_.max_record);
    }
}

void XmlParser::text(std::string_view text) {
    if (!elements_.empty()) {
        texts_ += text.size();
        check_size(row_at_.byte);
        elements_.back().text += text;
    }
}

void XmlParser::end(std::string_view /*name*/, std::uint64_t end) {
    --depth_;
    if (elements_.empty()) {
        return;
    }
    check_size(end);
    if (elements_.size() > 1) {
        finish_element();
    } else {
        elements_.pop_back();
        row_.end();
        finish_row();
    }
}

/// The value of an element with others inside is what they say, with blanks between.
void XmlParser::finish_element() {
    const Element element = std::move(elements_.back());
    elements_.pop_back();
    if (element.is_object) {
        row_.end();
    }
    const std::string_view text = trim(element.text);
    row_.value(text);
    std::string& outer = elements_.back().text;
    if (!text.empty() && elements_.size() > 1) {
        outer += outer.empty() ? "" : " ";
        outer += text;
    }
}

void XmlParser::finish_row() {
    if (row_.is_empty()) {
        return;
    }
    ++summary_.rows;
    if (first_row_.empty()) {
        first_row_ = row_.text();
    }
    saw_isin_ = saw_isin_ || row_.has_isin();
    if (!saw_isin_ && summary_.rows >= options_.header_within) {
        fail_without_isin();
    }
    const std::vector<std::string_view> cells(row_.cells().begin(), row_.cells().end());
    record_.position = row_at_;
    record_.text = row_.text();
    in_order_.deliver(cells, record_, sink_);
}

void XmlParser::fail_without_isin() const {
    fail(ErrorKind::protocol,
         "no element named {} in the first {} rows, which begin with '{}'",
         finder_.wanted(),
         summary_.rows,
         printable(first_row_, 60));
}

void XmlParser::refuse_other_formats() const {
    const std::string_view first = start_.first();
    const bool marked = start_.mark() == ByteOrderMark::utf_8;
    const std::string_view text = trim(first.substr(marked ? 3 : 0));
    const bool is_html = html_title(text).has_value();
    if (start_.wide().empty() && (is_html || !text.starts_with('<'))) {
        refuse_foreign(likely_format(text), "XML", text);
    }
}

ParseSummary XmlParser::parse() {
    refuse_other_formats();
    while (window_.fill(line_at_)) {
        const std::string_view piece = window_.rest();
        reader_.feed(piece);
        window_.take(piece.size());
        count_lines(reader_.told());
        if (!elements_.empty()) {
            check_size(reader_.fed());
        }
    }
    reader_.finish();
    if (first_row_.empty()) {
        fail(ErrorKind::protocol,
             "no rows{}; the file begins with '{}'",
             options_.xml.rows.empty() ? "" : " named '" + options_.xml.rows + "'",
             printable(trim(start_.first()), 60));
    }
    if (!saw_isin_) {
        fail_without_isin();
    }
    summary_.has_end = true;
    summary_.encoding = start_.wide().empty() ? "utf-8" : std::string(start_.wide());
    return std::move(summary_);
}

}  // namespace

ParseSummary parse_xml(ByteSource& input, const ParseOptions& options, const RecordSink& sink) {
    return XmlParser(input, options, sink).parse();
}

}  // namespace isinfetch
