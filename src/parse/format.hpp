// The formats that lists are published in: one table, one file of this folder each.
#pragma once

#include "core/record.hpp"
#include "parse/json_path.hpp"
#include "util/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

class WholeFile;

/// One column of interest and the names that it had over the years.
struct Column {
    std::string target{};  ///< a field of field_table(), or the name of a further column
    std::vector<std::string> names{};  ///< compared by plain_name(); "#6" is the sixth column,
                                       ///< taken when it has no name
};

enum class Encoding {
    automatic,
    utf_8,
    utf_16,
    windows_1251,
    windows_1252,
    iso_8859_1,
    big5,
    shift_jis,
    euc_kr,
    gb18030,
};

/// Bytes of a line, counting from 1, both ends included, as layout documents say it.
struct ByteRange {
    std::size_t first = 0;  ///< 0: none
    std::size_t last = 0;

    /// "231-242", or "12" for one byte; none for anything else.
    static std::optional<ByteRange> parse(std::string_view text);

    /// What of them `line` has.
    std::string_view of(std::string_view line) const noexcept;
};

/// Of `fixed`.
struct FixedOptions {
    std::uint64_t length = 0;            ///< of every line, in bytes; 0: any
    std::vector<std::string> records{};  ///< what the lines of records begin with; none: all do
    std::string trailer{};               ///< what the last line begins with; empty: there is none
    ByteRange total{};                   ///< in the trailer: the number of lines, itself included
};

/// Of `html-table`.
struct HtmlOptions {
    /// A column with more than one thing in its cells.
    struct Split {
        std::vector<std::string> columns{};  ///< its names over the years
        std::vector<std::string> at{};       ///< what stands between, in the order of trial
        std::vector<std::string> into{};     ///< the names of the columns that it becomes
    };

    Split split{};
    std::string section{};  ///< name of a column with the last row of one cell; empty: none
};

/// Of `json`.
struct JsonOptions {
    JsonPath rows{};                    ///< the array whose elements are the rows
    std::optional<JsonPath> columns{};  ///< the array of the columns' names, if rows are arrays
    std::optional<JsonPath> total{};    ///< the number of rows that the document announces
    std::size_t max_depth = 64;         ///< objects and arrays in each other
};

/// Of `xml`.
struct XmlOptions {
    std::string
        rows{};  ///< local name of the elements that are rows; empty: those in the outermost
};

/// Which sheets of a workbook are read, and how.
struct SheetOptions {
    std::vector<std::string> only{};    ///< patterns (matches_pattern); empty: all but hidden ones
    std::vector<std::string> except{};  ///< patterns of those that repeat others, or say nothing
    std::string announced{};            ///< what stands before the number of rows, above the header
    std::uint64_t max_text = std::uint64_t{256} * 1024 * 1024;  ///< bytes that cells share
};

struct ParseOptions {
    /// Of several columns with the target "isin", each has ISINs of its own.
    std::vector<Column> columns{};
    char delimiter = 0;  ///< 0: found in the header
    /// What text is that is not UTF-8; `automatic` judges by the bytes (guess_encoding). A byte
    /// order mark and well-formed UTF-8 win over it, because publishers change without notice.
    Encoding encoding = Encoding::automatic;
    std::uint64_t header_within = 50;  ///< lines, or rows, in which the header must be found
    std::string member{};  ///< pattern of the file in an archive of several; empty: the only list
    std::uint64_t max_record =
        std::uint64_t{1024} * 1024;  ///< bytes; more means an open quote or not this format
    SheetOptions sheets{};
    FixedOptions fixed{};
    HtmlOptions html{};
    JsonOptions json{};
    XmlOptions xml{};
};

/// What a file says of itself, where its format has words for that.
struct FileHeader {
    std::string message{};     ///< its name: "DLTINS_20171027_01of01"
    std::string definition{};  ///< its schema: "auth.036.001.03"
    std::string date{};        ///< YYYY-MM-DD, of the publication
};

/// What a parser learned of the file as a whole.
struct ParseSummary {
    FileHeader header{};
    std::uint64_t rows = 0;       ///< not blank, after the header: records and footnotes
    std::uint64_t footnotes = 0;  ///< rows that end before the ISIN column
    bool line_end = true;         ///< does the last line have its line end?
    std::string incomplete{};     ///< what makes the end of the file look cut; empty: nothing
    bool has_end = false;         ///< its format says where it ends, and that is where it ended
    std::string encoding{};       ///< "ascii", "utf-8", "windows-1251", "mixed" …
    std::vector<std::string> warnings{};  ///< for people: "encoding is utf-8, not windows-1251"
};

/// Called once per record, in file order. May throw; the parser then stops and lets it through.
using RecordSink = std::function<void(const RawRecord&)>;

/// What a source calls the columns of a format: there are none to call; by their names; by where in
/// a line they are, see ByteRange.
enum class ColumnNames { none, words, bytes };

struct Format {
    /// Reads `input` to its end. Throws Error{protocol} when the file is not this format at all
    /// (HTML, no header), Error{data} when it is cut or damaged; an odd single record is passed on
    /// for validate() to judge.
    using Parse = ParseSummary (*)(ByteSource& input,
                                   const ParseOptions& options,
                                   const RecordSink& sink);

    /// The same for formats whose beginning cannot be understood without their end.
    using ParseWhole = ParseSummary (*)(const WholeFile& file,
                                        const ParseOptions& options,
                                        const RecordSink& sink);

    std::string_view name;     ///< as written after `format:` in the configuration
    std::string_view summary;  ///< one line, for `isinfetch formats` and isinfetch.yaml(5)
    ColumnNames columns = ColumnNames::none;  ///< unless none, that of the ISIN must be named
    Parse parse = nullptr;                    ///< null: it has the other one; read_list() knows
    ParseWhole parse_whole = nullptr;
};

/// All formats, sorted by name.
std::span<const Format> formats() noexcept;

/// nullptr when there is no format of that name.
const Format* find_format(std::string_view name) noexcept;

}  // namespace isinfetch
