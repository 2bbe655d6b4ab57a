#include "parse/xlsx_workbook.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kMaxSheets = 10'000;
constexpr std::size_t kMaxStyles = 100'000;

/// A sheet by the id of its relationship.
struct Reference {
    std::string name{};
    std::string id{};
    SheetReader::Sight sight = SheetReader::Sight::shown;
};

std::optional<std::uint64_t> parse_id(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    return failure == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

class WorkbookHandler final : public XmlHandler {
public:
    void start(std::string_view name,
               const XmlAttributes& attributes,
               std::uint64_t /*begin*/) override {
        is_workbook_ = is_workbook_ || name == "workbook";
        if (name == "workbookPr") {
            const std::string_view value = attributes.find("date1904");
            is_1904_ = value == "1" || value == "true" || value == "on";
        } else if (name == "sheet") {
            if (references_.size() == kMaxSheets) {
                fail(ErrorKind::data, "the workbook has more than {} sheets", kMaxSheets);
            }
            const std::string_view state = attributes.find("state");  // hidden, veryHidden
            references_.push_back({.name = std::string(attributes.find("name")),
                                   .id = std::string(attributes.find("id")),
                                   .sight = state.empty() || state == "visible"
                                                ? SheetReader::Sight::shown
                                                : SheetReader::Sight::hidden});
        }
    }
    void end(std::string_view /*name*/, std::uint64_t /*end*/) override {}
    void text(std::string_view /*text*/) override {}

    bool is_workbook() const noexcept { return is_workbook_; }
    bool is_1904() const noexcept { return is_1904_; }
    const std::vector<Reference>& references() const noexcept { return references_; }

private:
    bool is_workbook_ = false;
    bool is_1904_ = false;
    std::vector<Reference> references_{};
};

class StylesHandler final : public XmlHandler {
public:
    void start(std::string_view name,
               const XmlAttributes& attributes,
               std::uint64_t /*begin*/) override {
        if (name == "numFmt") {
            add_code(attributes);
        } else if (name == "cellXfs") {
            in_cells_ = true;
        } else if (name == "xf" && in_cells_) {
            check_count(styles_.size());
            styles_.push_back(find(parse_id(attributes.find("numFmtId")).value_or(0)));
        }
    }
    void end(std::string_view name, std::uint64_t /*end*/) override {
        in_cells_ = in_cells_ && name != "cellXfs";
    }
    void text(std::string_view /*text*/) override {}

    std::vector<NumberStyle>& styles() noexcept { return styles_; }

private:
    static void check_count(std::size_t count) {
        if (count == kMaxStyles) {
            fail(ErrorKind::data, "the workbook has more than {} styles", kMaxStyles);
        }
    }

    void add_code(const XmlAttributes& attributes) {
        check_count(codes_.size());
        if (const auto id = parse_id(attributes.find("numFmtId"))) {
            codes_[*id] = style_of_code(attributes.find("formatCode"));
        }
    }

    NumberStyle find(std::uint64_t id) const {
        const auto own = codes_.find(id);
        return own == codes_.end() ? built_in_style(id) : own->second;
    }

    bool in_cells_ = false;
    std::map<std::uint64_t, NumberStyle> codes_{};
    std::vector<NumberStyle> styles_{};
};

/// The name of the part that is the workbook.
std::string find_workbook(XlsxPackage& package) {
    std::string part = "xl/workbook.xml";
    for (const XlsxRelationship& relationship : package.relationships("")) {
        if (relationship.kind == "officeDocument" && !relationship.target.empty()) {
            part = relationship.target;
            break;
        }
    }
    if (lower(part).ends_with(".bin")) {
        fail(ErrorKind::protocol, "a binary workbook (xlsb) where xlsx was expected");
    }
    if (!package.has(part)) {
        fail(ErrorKind::protocol,
             "a zip file where a workbook (xlsx) was expected: it has no '{}'",
             printable(part));
    }
    return part;
}

}  // namespace

XlsxWorkbook read_xlsx_workbook(XlsxPackage& package) {
    const std::string part = find_workbook(package);
    WorkbookHandler handler;
    package.read(part, handler);
    if (!handler.is_workbook()) {
        fail(ErrorKind::protocol,
             "another Office document where a workbook (xlsx) was expected: '{}' is none",
             printable(part));
    }
    XlsxWorkbook workbook;
    if (handler.is_1904()) {
        workbook.dates = DateSystem::from_1904;
    }
    const std::vector<XlsxRelationship> relationships = package.relationships(part);
    const auto has_kind = [&](std::string_view kind) {
        const auto found = std::ranges::find(relationships, kind, &XlsxRelationship::kind);
        return found == relationships.end() ? std::string() : found->target;
    };
    workbook.strings = has_kind("sharedStrings");
    workbook.styles = has_kind("styles");
    std::map<std::string_view, const XlsxRelationship*> by_id;
    for (const XlsxRelationship& relationship : relationships) {
        by_id.emplace(relationship.id, &relationship);
    }
    for (const Reference& sheet : handler.references()) {
        const auto found = by_id.find(sheet.id);
        if (found == by_id.end()) {
            fail(ErrorKind::data,
                 "sheet '{}': the workbook does not say where it is",
                 printable(sheet.name));
        }
        if (found->second->kind == "worksheet") {  // others are charts and dialogues
            workbook.sheets.push_back(
                {.name = sheet.name, .part = found->second->target, .sight = sheet.sight});
        }
    }
    return workbook;
}

std::vector<NumberStyle> read_xlsx_styles(XlsxPackage& package, const std::string& part) {
    StylesHandler handler;
    package.read(part, handler);
    return std::move(handler.styles());
}

}  // namespace isinfetch
