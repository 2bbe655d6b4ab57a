// The parts of a workbook file: a zip archive of XML documents that point to one another.
#pragma once

#include "parse/expat_reader.hpp"
#include "parse/meter.hpp"
#include "parse/whole_file.hpp"
#include "parse/zip_directory.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// From one part to another. Source: ECMA-376-2, §9.3.
struct XlsxRelationship {
    std::string id{};
    std::string kind{};  ///< the last part of its type's address: "worksheet", "sharedStrings" …
    std::string target{};  ///< name of a part: "xl/worksheets/sheet1.xml"
};

class XlsxPackage {
public:
    /// Documents are checked as XmlReader does, with `max_token`. `file` must outlive it. Throws
    /// Error{protocol} for what is no zip file, Error{data} for a damaged one.
    XlsxPackage(const WholeFile& file, std::uint64_t max_token);

    /// Names are compared without regard to the case of letters (ECMA-376-2, §9.1.1.3).
    bool has(std::string_view part) const noexcept { return find(part) != nullptr; }

    /// Tells `handler` what is in a part. What the handler throws comes through; what the document
    /// does wrong is Error{data} or {protocol} and begins with the part's name. Unpacks in a thread
    /// of its own what is large.
    void read(std::string_view part, XmlHandler& handler);

    /// Where a part points to, inside of the package; empty when it points nowhere. "" is the
    /// package itself.
    std::vector<XlsxRelationship> relationships(std::string_view part);

private:
    const ZipEntry* find(std::string_view part) const noexcept;

    const WholeFile& file_;
    std::uint64_t max_token_;
    std::vector<ZipEntry> entries_{};
    Meter meter_;
};

}  // namespace isinfetch
