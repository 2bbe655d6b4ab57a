#include "parse/foreign.hpp"

#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace isinfetch {

namespace {

struct Magic {
    std::string_view bytes;
    Foreign foreign;
};

constexpr std::array kForeignFormats{
    Magic{"\x1F\x8B", {"a gzip file", {}}},
    Magic{"\xD0\xCF\x11\xE0", {"an old Office file", "xls"}},
    Magic{"%PDF", {"a PDF file", {}}},
    Magic{"7z\xBC\xAF\x27\x1C", {"a 7-Zip archive", {}}},
    Magic{"Rar!", {"a RAR archive", {}}},
    Magic{"BZh", {"a bzip2 file", {}}},
    Magic{"\xFD"
          "7zXZ",
          {"an xz file", {}}},
    Magic{"\x28\xB5\x2F\xFD", {"a zstd file", {}}},
    Magic{"{\\rtf", {"an RTF document", {}}},
    Magic{"SQLite format 3", {"an SQLite database", {}}},
    Magic{"PAR1", {"a Parquet file", {}}},
};

constexpr std::string_view kZip = "a zip file";

bool is_zip(std::string_view beginning) noexcept {
    return beginning.starts_with("PK\x03\x04") || beginning.starts_with("PK\x05\x06");
}

/// A zip archive tells what it is by the first of its files. Source: ECMA-376-2 §10; OpenDocument
/// 1.3, part 2, §3.3.
Foreign zip_contents(std::string_view beginning) {
    constexpr std::size_t kNameAt = 30;
    const std::string_view name =
        beginning.substr(std::min(kNameAt, beginning.size())).substr(0, 512);
    const bool has_mimetype = name.starts_with("mimetype");
    if (has_mimetype && (beginning.find("vnd.oasis.opendocument") != std::string_view::npos ||
                         beginning.find("content.xml") != std::string_view::npos)) {
        return {"an OpenDocument file (ods)", {}};
    }
    constexpr std::array<std::string_view, 5> kParts{
        "[Content_Types].xml", "_rels/", "docProps/", "xl/", "customXml/"};
    const bool is_package = std::ranges::any_of(
        kParts, [name](std::string_view part) { return name.starts_with(part); });
    const bool is_other = beginning.find("word/") != std::string_view::npos ||
                          beginning.find("ppt/") != std::string_view::npos;
    if (is_package && is_other) {
        return {"an Office document that is no workbook", {}};
    }
    return is_package ? Foreign{"an Excel workbook", "xlsx"} : Foreign{kZip, {}};
}

Foreign xml_contents(std::string_view beginning) {
    if (beginning.find("progid=\"Excel.Sheet\"") != std::string_view::npos) {
        return {"a workbook of Excel 2003 in XML", {}};
    }
    const bool is_firds =
        beginning.find("urn:iso:std:iso:20022:tech:xsd") != std::string_view::npos;
    return {"XML", is_firds ? "firds" : "xml"};
}

}  // namespace

Foreign foreign_format(std::string_view beginning) {
    if (html_title(beginning)) {
        const bool has_table = lower(beginning).find("<table") != std::string::npos;
        return {"HTML", has_table ? "html-table" : ""};
    }
    if (is_zip(beginning)) {
        return zip_contents(beginning);
    }
    if (beginning.starts_with("<?xml")) {
        return xml_contents(beginning);
    }
    const auto* const known = std::ranges::find_if(
        kForeignFormats, [&](const Magic& magic) { return beginning.starts_with(magic.bytes); });
    return known == kForeignFormats.end() ? Foreign{} : known->foreign;
}

Foreign packed_document(std::string_view beginning) {
    const Foreign found = is_zip(beginning) ? zip_contents(beginning) : Foreign{};
    return found.what == kZip ? Foreign{} : found;
}

Foreign likely_format(std::string_view beginning) {
    if (const Foreign foreign = foreign_format(beginning); !foreign.what.empty()) {
        return foreign;
    }
    const std::string_view text = trim(beginning);
    if (text.starts_with("{\"") || text.starts_with("[{") || text.starts_with("[[") ||
        text.starts_with("{\n") || text.starts_with("{\r") || text.starts_with("[\n")) {
        return {"JSON", "json"};
    }
    if (text.starts_with('<')) {
        return {"XML", "xml"};
    }
    if (text.empty() || is_binary(beginning)) {
        return {"something else", {}};
    }
    const std::string_view line = text.substr(0, text.find('\n'));
    return line.find_first_of(";,\t|") == std::string_view::npos ? Foreign{"text", "lines"}
                                                                 : Foreign{"text", "csv"};
}

bool is_binary(std::string_view beginning) noexcept {
    constexpr std::size_t kWithin = 512;
    constexpr std::ptrdiff_t kTenth = 10;
    beginning = beginning.substr(0, kWithin);
    beginning = beginning.substr(0, beginning.find_last_not_of('\0') + 1);
    const auto odd = std::ranges::count_if(beginning, [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte < 0x20 && !(byte >= '\t' && byte <= '\r');
    });
    const bool has_nul = beginning.find('\0') != std::string_view::npos;
    return has_nul && odd * kTenth > static_cast<std::ptrdiff_t>(beginning.size());
}

void refuse_foreign(const Foreign& foreign, std::string_view expected, std::string_view beginning) {
    const std::string remedy =
        foreign.format.empty()
            ? "look whether the address is right"
            : fmt::format(
                  "set 'format: {}' if that is the list, or look whether the address is right",
                  foreign.format);
    fail(ErrorKind::protocol,
         "{} where {} was expected: {}; it begins with '{}'",
         foreign.what,
         expected,
         remedy,
         printable(beginning, 60));
}

}  // namespace isinfetch
