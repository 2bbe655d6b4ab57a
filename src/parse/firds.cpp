#include "parse/firds.hpp"

#include "parse/byte_window.hpp"
#include "parse/firds_document.hpp"
#include "parse/firds_scanner.hpp"
#include "parse/foreign.hpp"
#include "parse/text_start.hpp"
#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace isinfetch {

namespace {

constexpr std::size_t kBlock = std::size_t{256} * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Two readers take turns. The XML parser sees the document without the records that the scanner
/// recognised: between records, and only there, these are cut out of what is fed to it. So it still
/// judges the rest of the document, up to its end.
class FirdsParser {
public:
    FirdsParser(ByteSource& input, const ParseOptions& options, const RecordSink& sink)
        : options_(options),
          sink_(sink),
          start_(input),
          window_(start_.text(), kBlock, FirdsScanner::kPadding),
          document_(record_,
                    [this](Event event, std::uint64_t begin, std::uint64_t end) {
                        deliver(event, begin, end);
                    }),
          reader_(document_, options.max_record) {}

    ParseSummary parse(FirdsPath path);

private:
    void refuse_foreign();
    bool fill();
    bool may_scan() const noexcept;
    bool scan_record();
    void skip_blanks();
    void skip(std::size_t bytes);
    std::string_view next_piece() const;
    bool feed();
    void deliver(Event event, std::uint64_t begin, std::uint64_t end);
    void check_length(std::uint64_t begin, std::uint64_t end) const;
    std::uint64_t line_at(std::uint64_t offset);
    ParseSummary summary();

    const ParseOptions& options_;
    const RecordSink& sink_;
    TextStart start_;
    ByteWindow window_;  ///< its offset is the reader's place, always
    FirdsRecord record_{};
    FirdsDocument document_;
    XmlReader reader_;
    FirdsPath path_ = FirdsPath::quick;
    std::optional<FirdsScanner> scanner_{};
    std::uint64_t line_ = 1;  ///< at line_offset_
    std::uint64_t line_offset_ = 0;
    std::uint64_t rows_ = 0;
};

void FirdsParser::refuse_foreign() {
    window_.fill(0);
    std::string_view text = window_.rest();
    if (text.empty()) {
        fail(ErrorKind::protocol, "the file is empty");
    }
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    const bool is_html = html_title(text.substr(0, 4096)).has_value();
    if (is_html || !trim(text).starts_with('<')) {
        const std::string_view beginning = text.substr(0, 4096);
        isinfetch::refuse_foreign(likely_format(beginning), "FIRDS XML", beginning);
    }
}

/// Reads on. Keeps what is needed of an unfinished record or tag.
bool FirdsParser::fill() {
    const std::uint64_t keep = document_.open_record().value_or(reader_.told());
    line_at(keep);
    return window_.fill(keep);
}

bool FirdsParser::may_scan() const noexcept {
    return path_ == FirdsPath::quick && document_.is_between_records() &&
           reader_.told() == reader_.fed();
}

void FirdsParser::skip(std::size_t bytes) {
    window_.take(bytes);
    reader_.skip(bytes);
}

void FirdsParser::skip_blanks() {
    const std::string_view rest = window_.rest();
    skip(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
}

/// False when what follows is for the XML parser.
bool FirdsParser::scan_record() {
    if (!scanner_) {
        scanner_.emplace(*document_.message());
    }
    skip_blanks();
    const FirdsScanner::Result result = scanner_->scan(window_.rest(), record_);
    switch (result.found) {
        case FirdsScanner::Found::cut:
            return window_.rest().size() <= options_.max_record && fill();
        case FirdsScanner::Found::unknown:
            return false;
        case FirdsScanner::Found::record:
            break;
    }
    const std::uint64_t begin =
        window_.offset() + static_cast<std::size_t>(result.record.data() - window_.rest().data());
    deliver(result.event, begin, begin + result.record.size());
    skip(result.length);
    line_offset_ = window_.offset();  // no line ends in it
    return true;
}

/// What to feed to the XML parser: up to where the scanner may take over, if that can be told.
/// Never less than what is waiting there for its end: that would make it look again and again at
/// what it knows.
std::string_view FirdsParser::next_piece() const {
    const std::string_view rest = window_.rest();
    const bool is_behind = document_.saw_container() && !document_.is_in_container();
    if (path_ == FirdsPath::general || is_behind) {
        return rest;
    }
    std::string mark = ">";
    if (document_.is_in_container()) {
        const FirdsMessage& message = *document_.message();
        mark = message.wrapper.empty() ? message.kinds.front().element : message.wrapper;
        mark += '>';
    }
    const auto waiting = static_cast<std::size_t>(reader_.fed() - reader_.told());
    const std::size_t end = rest.find(mark, waiting);
    return end == std::string_view::npos ? rest : rest.substr(0, end + mark.size());
}

/// False at the end of the file.
bool FirdsParser::feed() {
    if (window_.rest().empty() && !fill()) {
        return false;
    }
    const std::string_view piece = next_piece();
    reader_.feed(piece);
    window_.take(piece.size());
    if (const auto begin = document_.open_record()) {
        check_length(*begin, reader_.fed());
    }
    return true;
}

void FirdsParser::check_length(std::uint64_t begin, std::uint64_t end) const {
    if (end - begin > options_.max_record) {
        fail(
            ErrorKind::data, "byte {}: a record of more than {} bytes", begin, options_.max_record);
    }
}

/// Asked for places in their order.
std::uint64_t FirdsParser::line_at(std::uint64_t offset) {
    const std::string_view passed = window_.view(line_offset_, offset);
    line_ += static_cast<std::uint64_t>(std::ranges::count(passed, '\n'));
    line_offset_ = offset;
    return line_;
}

void FirdsParser::deliver(Event event, std::uint64_t begin, std::uint64_t end) {
    check_length(begin, end);
    ++rows_;
    sink_(record_.finish(event, {line_at(begin), begin}, window_.view(begin, end)));
}

ParseSummary FirdsParser::summary() {
    ParseSummary summary{.header = document_.header(), .rows = rows_, .has_end = true};
    summary.encoding = start_.wide().empty() ? "utf-8" : start_.wide();
    const auto warn = [&](std::uint64_t count, std::string_view what) {
        if (count > 0) {
            summary.warnings.push_back(fmt::format("{} {}", count, what));
        }
    };
    const FirdsOddities& oddities = record_.oddities();
    warn(oddities.endless, "days in the year 9999, taken as none");
    warn(oddities.repeated, "records with a field twice");
    warn(oddities.wordy, "cancellations with more than their key");
    for (const auto& [kind, count] : document_.unknown_kinds()) {
        warn(count, fmt::format("records of the unknown kind '{}'", printable(kind)));
    }
    return summary;
}

ParseSummary FirdsParser::parse(FirdsPath path) {
    path_ = path;
    refuse_foreign();
    bool goes_on = true;
    while (goes_on) {
        goes_on = (may_scan() && scan_record()) || feed();
    }
    reader_.finish();
    if (!document_.saw_container()) {
        fail(ErrorKind::protocol,
             "no FIRDS message: the outermost element is '{}'",
             printable(document_.root()));
    }
    return summary();
}

}  // namespace

ParseSummary read_firds(ByteSource& input,
                        const ParseOptions& options,
                        const RecordSink& sink,
                        FirdsPath path) {
    return FirdsParser(input, options, sink).parse(path);
}

ParseSummary parse_firds(ByteSource& input, const ParseOptions& options, const RecordSink& sink) {
    return read_firds(input, options, sink, FirdsPath::quick);
}

}  // namespace isinfetch
