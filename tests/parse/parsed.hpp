// Parsing of texts in tests: everything that came out, copied.
#pragma once

#include "parse/format.hpp"
#include "parse/read_list.hpp"
#include "support/temp_dir.hpp"
#include "util/bytes.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace isinfetch::test {

struct Parsed {
    struct Record {
        std::string isin{};
        std::string name{};
        std::string venue{};
        std::map<std::string, std::string> others{};
        Position position{};
        std::string text{};

        bool operator==(const Record& other) const {
            return isin == other.isin && name == other.name && venue == other.venue &&
                   others == other.others && position.line == other.position.line &&
                   position.byte == other.position.byte && text == other.text;
        }
    };

    std::vector<Record> records{};
    ParseSummary summary{};

    std::vector<std::string> isins() const {
        std::vector<std::string> result;
        for (const Record& record : records) {
            result.push_back(record.isin);
        }
        return result;
    }
};

/// Gives at most `step` bytes a time: wherever a buffer ends, the result must be the same.
class DrippingSource final : public ByteSource {
public:
    DrippingSource(std::string_view text, std::size_t step) : source_(text), step_(step) {}

    std::size_t read(std::span<char> buffer) override {
        return source_.read(buffer.first(std::min(step_, buffer.size())));
    }

private:
    StringSource source_;
    std::size_t step_;
};

inline ParseOptions isin_columns() {
    return {.columns = {{"isin", {"ISIN", "ISIN NUMBER"}}, {"name", {"NAME", "NAME OF COMPANY"}}}};
}

/// Keeps copies of the records.
class Collector {
public:
    RecordSink sink() {
        return [this](const RawRecord& record) { add(record); };
    }

    Parsed finish(ParseSummary summary) {
        result_.summary = std::move(summary);
        return std::move(result_);
    }

private:
    void add(const RawRecord& record) {
        Parsed::Record copy{.isin = std::string(record.fields[index(Field::isin)]),
                            .name = std::string(record.fields[index(Field::name)]),
                            .venue = std::string(record.fields[index(Field::venue)]),
                            .position = record.position,
                            .text = std::string(record.text)};
        for (const auto& [name, value] : record.others) {
            copy.others.emplace(name, value);
        }
        result_.records.push_back(std::move(copy));
    }

    Parsed result_{};
};

inline Parsed parse(const char* format,
                    ByteSource& source,
                    const ParseOptions& options = isin_columns()) {
    Collector collector;
    return collector.finish(find_format(format)->parse(source, options, collector.sink()));
}

inline Parsed parse(const char* format,
                    std::string_view text,
                    const ParseOptions& options = isin_columns()) {
    StringSource source(text);
    return parse(format, source, options);
}

/// A whole file, as a run reads it.
inline Parsed parse_file(const char* format,
                         const std::filesystem::path& path,
                         const ParseOptions& options = isin_columns(),
                         const OpenLimits& limits = {}) {
    Collector collector;
    return collector.finish(
        read_list(*find_format(format), {path, limits}, options, collector.sink()));
}

inline Parsed parse_file_of(const char* format,
                            std::string_view bytes,
                            const ParseOptions& options = isin_columns(),
                            const OpenLimits& limits = {}) {
    const TempDir directory;
    const std::filesystem::path path = directory / "list";
    std::ofstream(path, std::ios::binary) << bytes;
    return parse_file(format, path, options, limits);
}

}  // namespace isinfetch::test
