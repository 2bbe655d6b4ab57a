#include "parse/missing_header.hpp"

#include "parse/foreign.hpp"
#include "parse/header.hpp"
#include "parse/row_reader.hpp"
#include "parse/text_decoder.hpp"

#include <fmt/format.h>

#include <array>

namespace isinfetch {

namespace {

constexpr std::array kDelimiters{';', ',', '\t', '|'};

std::string shown(char delimiter) {
    return delimiter == '\t' ? "tab" : fmt::format("'{}'", delimiter);
}

/// How a text may be read.
struct Reading {
    Encoding encoding = Encoding::automatic;
    char delimiter = 0;
};

/// The number of the line that would name the columns; 0 when there is none.
std::size_t find_line(const std::vector<std::string>& lines,
                      const ParseOptions& options,
                      const Reading& reading) {
    HeaderFinder finder(options.columns);
    TextDecoder decoder(reading.encoding);
    ColumnMap map;
    std::vector<std::string_view> cells;
    std::string scratch;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        split_fields(decoder.decode(lines[i]), reading.delimiter, cells, scratch);
        if (finder.look_at(cells, map) == HeaderFinder::Found::header) {
            return i + 1;
        }
    }
    return 0;
}

std::string explain_by_delimiter(const std::vector<std::string>& lines,
                                 const ParseOptions& options) {
    for (const char delimiter : kDelimiters) {
        const std::size_t line =
            options.delimiter == 0
                ? 0
                : find_line(lines, options, {.encoding = options.encoding, .delimiter = delimiter});
        if (line != 0) {
            return fmt::format("csv.delimiter is {}, but line {} has {}",
                               shown(options.delimiter),
                               line,
                               shown(delimiter));
        }
    }
    return {};
}

/// The line that is a header when the lines are read so; 0: none is.
std::size_t line_in(Encoding encoding,
                    const std::vector<std::string>& lines,
                    const ParseOptions& options) {
    const std::span<const char> delimiters =
        options.delimiter == 0 ? usual_delimiters() : std::span(&options.delimiter, 1);
    for (const char delimiter : delimiters) {
        const std::size_t line =
            find_line(lines, options, {.encoding = encoding, .delimiter = delimiter});
        if (line != 0) {
            return line;
        }
    }
    return 0;
}

std::string explain_by_encoding(const std::vector<std::string>& lines,
                                const ParseOptions& options) {
    using enum Encoding;
    for (const Encoding encoding : {windows_1251, windows_1252, shift_jis, big5, euc_kr, gb18030}) {
        if (const std::size_t line = line_in(encoding, lines, options); line != 0) {
            return fmt::format("csv.encoding is {}, but line {} has it as {}",
                               name(options.encoding),
                               line,
                               name(encoding));
        }
    }
    return {};
}

std::string explain_by_format(const std::vector<std::string>& lines) {
    const Foreign likely = lines.empty() ? Foreign{} : likely_format(lines.front() + '\n');
    const bool is_other = likely.format == "json" || likely.format == "xml";
    return is_other ? fmt::format("it looks like {}: set 'format: {}' if that is the list",
                                  likely.what,
                                  likely.format)
                    : std::string();
}

}  // namespace

std::span<const char> usual_delimiters() noexcept {
    return kDelimiters;
}

std::string explain_missing_header(const std::vector<std::string>& lines,
                                   const ParseOptions& options) {
    std::string why = explain_by_delimiter(lines, options);
    if (why.empty()) {
        why = explain_by_encoding(lines, options);
    }
    return why.empty() ? explain_by_format(lines) : why;
}

}  // namespace isinfetch
