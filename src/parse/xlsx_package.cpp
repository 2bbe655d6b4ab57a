#include "parse/xlsx_package.hpp"

#include "parse/foreign.hpp"
#include "parse/read_ahead.hpp"
#include "parse/text_start.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace isinfetch {

namespace {

constexpr std::size_t kBlock = std::size_t{64} * 1024;
constexpr std::size_t kMaxRelationships = 10'000;

class Metered final : public ByteSource {
public:
    Metered(std::unique_ptr<ByteSource> source, Meter& meter)
        : source_(std::move(source)), meter_(meter) {}

    std::size_t read(std::span<char> buffer) override {
        return meter_.count(source_->read(buffer));
    }

private:
    std::unique_ptr<ByteSource> source_;
    Meter& meter_;
};

/// Passes everything on, but for documents that are too deep: the XML library remembers every
/// element that is open. Knows whether a failure was the handler's own.
class Guarded final : public XmlHandler {
public:
    explicit Guarded(XmlHandler& handler) : handler_(handler) {}

    void start(std::string_view name,
               const XmlAttributes& attributes,
               std::uint64_t begin) override {
        constexpr std::uint64_t kDeepest = 100;
        if (++depth_ > kDeepest) {
            fail(ErrorKind::data, "byte {}: more than {} elements in one another", begin, kDeepest);
        }
        pass_on([&] { handler_.start(name, attributes, begin); });
    }

    void end(std::string_view name, std::uint64_t end) override {
        --depth_;
        pass_on([&] { handler_.end(name, end); });
    }

    void text(std::string_view text) override {
        pass_on([&] { handler_.text(text); });
    }

    bool has_failed() const noexcept { return has_failed_; }

private:
    template <class Act>
    void pass_on(Act act) {
        has_failed_ = true;
        act();
        has_failed_ = false;
    }

    XmlHandler& handler_;
    std::uint64_t depth_ = 0;
    bool has_failed_ = false;
};

/// The next bytes of a part; none at its end.
void feed(XmlReader& reader,
          const Guarded& guarded,
          std::string_view bytes,
          std::string_view part) {
    try {
        if (bytes.empty()) {
            reader.finish();
        } else {
            reader.feed(bytes);
        }
    } catch (const Error& error) {
        if (guarded.has_failed()) {
            throw;
        }
        fail(error.kind(), "{}: {}", printable(part), error.what());
    }
}

/// Where a target leads to that is written in the part `from`; "" when it leads out of the package.
std::string resolve(std::string_view from, std::string target) {
    std::ranges::replace(target, '\\', '/');
    std::vector<std::string> steps;
    if (!target.starts_with('/')) {
        for (const std::string_view step : split(from.substr(0, from.rfind('/') + 1), '/')) {
            steps.emplace_back(step);
        }
    }
    for (const std::string_view step : split(target, '/')) {
        steps.emplace_back(step);
    }
    std::vector<std::string> path;
    for (const std::string& step : steps) {
        if (step == ".." && path.empty()) {
            return {};
        }
        if (step == "..") {
            path.pop_back();
        } else if (!step.empty() && step != ".") {
            path.push_back(step);
        }
    }
    return join(path, "/");
}

class RelationshipHandler final : public XmlHandler {
public:
    explicit RelationshipHandler(std::string_view from) : from_(from) {}

    void start(std::string_view name,
               const XmlAttributes& attributes,
               std::uint64_t /*begin*/) override {
        if (name != "Relationship" || attributes.find("TargetMode") == "External") {
            return;
        }
        if (found_.size() == kMaxRelationships) {
            fail(ErrorKind::data, "more than {} relationships", kMaxRelationships);
        }
        const std::string_view type = attributes.find("Type");
        found_.push_back({.id = std::string(attributes.find("Id")),
                          .kind = std::string(type.substr(type.rfind('/') + 1)),
                          .target = resolve(from_, std::string(attributes.find("Target")))});
    }
    void end(std::string_view /*name*/, std::uint64_t /*end*/) override {}
    void text(std::string_view /*text*/) override {}

    std::vector<XlsxRelationship>& found() noexcept { return found_; }

private:
    std::string_view from_;
    std::vector<XlsxRelationship> found_{};
};

/// Does an old Office file hold nothing but an encrypted workbook? Its directory says so, in
/// UTF-16. Source: MS-CFB §2.2 and §2.6.1, MS-OFFCRYPTO §2.3.4.4.
bool is_encrypted_package(const WholeFile& file) {
    constexpr std::string_view kName("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);
    constexpr std::size_t kLookAt = 4096;
    const std::string header = read_piece(file.path(), 0, 512);
    const auto number = [&header](std::size_t at) {
        return at < header.size()
                   ? static_cast<std::uint64_t>(static_cast<unsigned char>(header[at]))
                   : 0;
    };
    const std::uint64_t first =
        number(48) | number(49) << 8U | number(50) << 16U | number(51) << 24U;
    const std::uint64_t place = (first + 1) << std::min<std::uint64_t>(number(30), 20);
    return read_piece(file.path(), place, kLookAt).find(kName) != std::string::npos;
}

[[noreturn]] void refuse(const WholeFile& file, std::string_view beginning) {
    if (beginning.empty()) {
        fail(ErrorKind::protocol, "the file is empty");
    }
    Foreign foreign = likely_format(beginning);
    if (foreign.format == "xls" && is_encrypted_package(file)) {
        foreign = {.what = "an encrypted workbook"};
    }
    refuse_foreign(foreign, "a workbook (xlsx)", beginning);
}

}  // namespace

XlsxPackage::XlsxPackage(const WholeFile& file, std::uint64_t max_token)
    : file_(file),
      max_token_(max_token),
      meter_(file.name(), std::filesystem::file_size(file.path()), file.limits()) {
    const std::string beginning = read_piece(file.path(), 0, kBlock);
    if (!beginning.starts_with("PK\x03\x04")) {
        refuse(file, beginning);
    }
    entries_ = read_zip_directory(file.path(), file.name());
    for (ZipEntry& entry : entries_) {
        std::ranges::replace(entry.name, '\\', '/');
    }
}

const ZipEntry* XlsxPackage::find(std::string_view part) const noexcept {
    const auto found = std::ranges::find_if(
        entries_, [part](const ZipEntry& entry) { return same_but_for_looks(entry.name, part); });
    return found == entries_.end() ? nullptr : &*found;
}

void XlsxPackage::read(std::string_view part, XmlHandler& handler) {
    constexpr std::uint64_t kLarge = std::uint64_t{256} * 1024;
    const ZipEntry* entry = find(part);
    if (entry == nullptr || entry->unpacked == 0) {
        fail(ErrorKind::data, "the workbook has no '{}', or an empty one", printable(part));
    }
    const std::string name = fmt::format("{}: {}", file_.name(), printable(part));
    std::unique_ptr<ByteSource> source =
        std::make_unique<Metered>(open_zip_entry(file_.path(), *entry, name), meter_);
    if (entry->packed >= kLarge) {
        source = std::make_unique<ReadAhead>(std::move(source));
    }
    TextStart start(*source);
    Guarded guarded(handler);
    XmlReader reader(guarded, max_token_);
    std::vector<char> buffer(kBlock);
    std::size_t count = 0;
    do {
        count = start.text().read(buffer);
        feed(reader, guarded, {buffer.data(), count}, part);
    } while (count > 0);
}

std::vector<XlsxRelationship> XlsxPackage::relationships(std::string_view part) {
    const std::size_t folder = part.rfind('/') + 1;
    const std::string rels =
        fmt::format("{}_rels/{}.rels", part.substr(0, folder), part.substr(folder));
    if (!has(rels)) {
        return {};
    }
    RelationshipHandler handler(part);
    read(rels, handler);
    return std::move(handler.found());
}

}  // namespace isinfetch
