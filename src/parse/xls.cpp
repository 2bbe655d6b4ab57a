#include "parse/biff_records.hpp"
#include "parse/foreign.hpp"
#include "parse/format.hpp"
#include "parse/office_file.hpp"
#include "parse/sheet_reader.hpp"
#include "parse/whole_file.hpp"
#include "parse/xls_sheet.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <map>

namespace isinfetch {

namespace {

// Types of records.
constexpr std::uint16_t kEnd = 0x000A;
constexpr std::uint16_t kDateMode = 0x0022;
constexpr std::uint16_t kEncrypted = 0x002F;
constexpr std::uint16_t kCodePage = 0x0042;
constexpr std::uint16_t kSheet = 0x0085;
constexpr std::uint16_t kStyle = 0x00E0;
constexpr std::uint16_t kSharedTexts = 0x00FC;
constexpr std::uint16_t kFormat = 0x041E;
constexpr std::uint16_t kBegin = 0x0809;

constexpr std::uint32_t kBiff5 = 0x0500;
constexpr std::uint32_t kBiff8 = 0x0600;
constexpr std::size_t kMaxSheets = 10'000;
constexpr std::size_t kMaxStyles = 100'000;

void check_count(std::size_t count, std::size_t most, std::string_view what) {
    if (count == most) {
        fail(ErrorKind::data, "the workbook has more than {} {}", most, what);
    }
}

void refuse_foreign_file(const WholeFile& file) {
    constexpr std::size_t kLookAt = 4096;
    const std::string beginning = read_piece(file.path(), 0, kLookAt);
    if (beginning.starts_with(OfficeFile::kMagic)) {
        return;
    }
    if (beginning.empty()) {
        fail(ErrorKind::protocol, "the file is empty");
    }
    refuse_foreign(likely_format(beginning), "an old workbook (xls)", beginning);
}

/// The stream that is the workbook.
std::unique_ptr<ByteSource> open_workbook(OfficeFile& file) {
    for (const std::string_view name : {"Workbook", "Book"}) {
        if (file.has(name)) {
            return file.open(name);
        }
    }
    fail(ErrorKind::protocol,
         "{} where an old workbook (xls) was expected",
         file.has("EncryptedPackage") ? "an encrypted workbook" : "another Office document");
}

/// First come the records of the workbook as a whole, then those of one sheet after the other, each
/// from a beginning to an end; charts may lie within a sheet.
class XlsParser {
public:
    XlsParser(ByteSource& stream, const ParseOptions& options, const RecordSink& sink)
        : records_(stream),
          context_{.strings =
                       SharedTexts({.bytes = options.sheets.max_text, .text = options.max_record}),
                   .max_record = options.max_record},
          reader_(options, sink) {}

    ParseSummary parse();

private:
    struct Sheet {
        std::string name{};
        bool is_worksheet = false;
        SheetReader::Sight sight = SheetReader::Sight::shown;
        bool is_done = false;
    };

    void read_workbook();
    void take_global();
    void add_sheet();
    void add_format();
    void add_style();
    void add_shared_texts();
    void check_version() const;
    void read_sheet(Sheet& sheet);
    void skip_substream();
    void next_or_fail();

    BiffRecords records_;
    XlsContext context_;
    SheetReader reader_;
    std::map<std::uint64_t, Sheet> sheets_{};  ///< by the place of their beginning
    std::map<std::uint32_t, NumberStyle> codes_{};
};

void XlsParser::next_or_fail() {
    if (!records_.next()) {
        fail(ErrorKind::data,
             "byte {} of the workbook: it ends too early: it is incomplete",
             records_.offset());
    }
}

void XlsParser::check_version() const {
    const std::uint32_t version = records_.two(0);
    if (records_.type() != kBegin || (version != kBiff8 && version != kBiff5)) {
        fail(ErrorKind::protocol,
             "a workbook of an unknown version, {:#06x}: that of Excel 5 or later was expected",
             version);
    }
}

void XlsParser::read_workbook() {
    next_or_fail();
    check_version();
    context_.is_biff8 = records_.two(0) == kBiff8;
    for (next_or_fail(); records_.type() != kEnd; next_or_fail()) {
        take_global();
    }
}

void XlsParser::take_global() {
    switch (records_.type()) {
        case kEncrypted:
            fail(ErrorKind::protocol, "an encrypted workbook: it needs a password");
        case kDateMode:
            context_.dates = records_.two(0) == 1 ? DateSystem::from_1904 : DateSystem::from_1900;
            return;
        case kCodePage:
            context_.code_page = CodePage(records_.two(0));
            return;
        case kSheet:
            return add_sheet();
        case kFormat:
            return add_format();
        case kStyle:
            return add_style();
        case kSharedTexts:
            return add_shared_texts();
        default:
            return;
    }
}

void XlsParser::add_sheet() {
    check_count(sheets_.size(), kMaxSheets, "sheets");
    const std::uint32_t place = records_.four(0);
    const bool is_hidden = (records_.one(4) & 3U) != 0;  // or very hidden: MS-XLS §2.4.28
    Sheet sheet{.is_worksheet = records_.one(5) == 0,
                .sight = is_hidden ? SheetReader::Sight::hidden : SheetReader::Sight::shown};
    append_xls_text(records_, 7, records_.one(6), context_, sheet.name);
    sheets_.emplace(place, std::move(sheet));
}

void XlsParser::add_format() {
    check_count(codes_.size(), kMaxStyles, "styles");
    const std::uint32_t number = records_.two(0);
    std::string code;
    if (context_.is_biff8) {
        append_xls_text(records_, 4, records_.two(2), context_, code);
    } else {
        append_xls_text(records_, 3, records_.one(2), context_, code);
    }
    codes_[number] = style_of_code(code);
}

void XlsParser::add_style() {
    check_count(context_.styles.size(), kMaxStyles, "styles");
    const std::uint32_t format = records_.two(2);
    const auto own = codes_.find(format);
    context_.styles.push_back(own == codes_.end() ? built_in_style(format) : own->second);
}

/// How many there are is said, but texts that nobody has are not missed.
void XlsParser::add_shared_texts() {
    const std::uint32_t count = records_.four(4);
    BiffReader reader(records_, 8);
    std::string text;
    for (std::uint32_t i = 0; i < count && !reader.at_end(); ++i) {
        text.clear();
        const std::uint32_t characters = reader.two();
        reader.text(characters, text);
        context_.strings.add(text);
    }
}

void XlsParser::skip_substream() {
    std::uint64_t depth = 1;
    while (depth > 0) {
        next_or_fail();
        if (records_.type() == kBegin) {
            ++depth;
        } else if (records_.type() == kEnd) {
            --depth;
        }
    }
}

void XlsParser::read_sheet(Sheet& sheet) {
    sheet.is_done = true;
    if (!sheet.is_worksheet || !reader_.begin(sheet.name, sheet.sight)) {
        return skip_substream();
    }
    XlsSheet rows(sheet.name, context_, reader_);
    for (next_or_fail(); records_.type() != kEnd; next_or_fail()) {
        if (records_.type() == kBegin) {
            skip_substream();
        } else {
            rows.take(records_);
        }
    }
    rows.finish();
    reader_.end();
}

ParseSummary XlsParser::parse() {
    read_workbook();
    while (records_.next()) {
        const auto sheet = sheets_.find(records_.offset());
        if (records_.type() == kBegin && sheet != sheets_.end()) {
            read_sheet(sheet->second);
        }
    }
    for (const auto& [place, sheet] : sheets_) {
        if (!sheet.is_done) {
            fail(ErrorKind::data,
                 "sheet '{}': it is not where the workbook says, at byte {}",
                 printable(sheet.name),
                 place);
        }
    }
    return reader_.finish();
}

}  // namespace

ParseSummary parse_xls(const WholeFile& file, const ParseOptions& options, const RecordSink& sink) {
    refuse_foreign_file(file);
    OfficeFile office(file.path());
    const auto stream = open_workbook(office);
    return XlsParser(*stream, options, sink).parse();
}

}  // namespace isinfetch
