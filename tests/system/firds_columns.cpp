// Reads a FIRDS file, packed or not, and prints how many records say what: for each column, event
// and header field, the number of values and the sum of their CRC-32; tab-separated.
#include "parse/firds.hpp"
#include "parse/open.hpp"
#include "system/facts.hpp"
#include "util/error.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include <map>
#include <string>

using namespace isinfetch;

namespace {

struct Sum {
    std::uint64_t values = 0;
    std::uint64_t checksum = 0;
};

class Sums {
public:
    void add(std::string_view column, std::string_view value) {
        if (value.empty()) {
            return;
        }
        Sum& sum = sums_[std::string(column)];
        ++sum.values;
        sum.checksum += crc32(
            0, reinterpret_cast<const Bytef*>(value.data()), static_cast<unsigned>(value.size()));
    }

    void print() const {
        for (const auto& [column, sum] : sums_) {
            fmt::print("{}\t{}\t{}\n", column, sum.values, sum.checksum);
        }
    }

private:
    std::map<std::string, Sum> sums_{};
};

std::string_view name(Event event) {
    switch (event) {
        case Event::listed:
            return "RefData";
        case Event::added:
            return "NewRcrd";
        case Event::modified:
            return "ModfdRcrd";
        case Event::terminated:
            return "TermntdRcrd";
        case Event::cancelled:
            return "CancRcrd";
    }
    return "";
}

}  // namespace

int print_firds_columns(const std::string& path, bool is_general) {
    Sums sums;
    try {
        const auto input = open_file(path, {});
        const auto take = [&](const RawRecord& record) {
            for (std::size_t i = 0; i < kFieldCount; ++i) {
                sums.add(field_table()[i].name, record.fields[i]);
            }
            for (const auto& [column, value] : record.others) {
                sums.add(column, value);
            }
            sums.add("valid_from", record.valid.from);
            sums.add("valid_to", record.valid.to);
            sums.add("event", name(record.event));
            sums.add(name(record.event), std::to_string(record.position.byte));
            sums.add("text", record.text);
        };
        const ParseSummary summary =
            read_firds(*input, {}, take, is_general ? FirdsPath::general : FirdsPath::quick);
        for (const std::string& text :
             {summary.header.message, summary.header.definition, summary.header.date}) {
            sums.add(text, text);
        }
        for (const std::string& warning : summary.warnings) {
            sums.add(warning, warning);
        }
    } catch (const Error& error) {
        fmt::print(stderr, "{}: {}\n", isinfetch::name(error.kind()), error.what());
        return static_cast<int>(exit_code(error.kind()));
    }
    sums.print();
    return 0;
}
