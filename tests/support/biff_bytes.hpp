// Old workbooks (BIFF5, BIFF8 in a compound file), made by the tests themselves.
#pragma once

#include "support/zip_bytes.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch::test {

inline std::string biff_record(std::uint64_t type, const std::string& data) {
    return little(type, 2) + little(data.size(), 2) + data;
}

inline std::string biff_number(double value) {
    return little(std::bit_cast<std::uint64_t>(value), 8);
}

inline std::string wide_text(std::u16string_view text) {
    std::string bytes;
    for (const char16_t unit : text) {
        bytes += little(unit, 2);
    }
    return bytes;
}

/// A text of BIFF8 in Latin-1, with its length in so many bytes.
inline std::string biff_text(const std::string& text, int length_bytes = 2) {
    return little(text.size(), length_bytes) + std::string(1, '\0') + text;
}

inline std::string cell_at(int row, int column, int style = 0) {
    return little(static_cast<std::uint64_t>(row), 2) +
           little(static_cast<std::uint64_t>(column), 2) +
           little(static_cast<std::uint64_t>(style), 2);
}

inline std::string label(int row, int column, const std::string& text) {
    return biff_record(0x0204, cell_at(row, column) + biff_text(text));
}

/// The label of BIFF5: bytes of the code page.
inline std::string old_label(int row, int column, const std::string& text) {
    return biff_record(0x0204, cell_at(row, column) + little(text.size(), 2) + text);
}

/// The same texts in the rows from the first on.
inline std::string label_rows(const std::vector<std::vector<std::string>>& rows) {
    std::string records;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (std::size_t column = 0; column < rows[row].size(); ++column) {
            records += label(static_cast<int>(row), static_cast<int>(column), rows[row][column]);
        }
    }
    return records;
}

/// What a workbook has before its sheets.
struct BiffHabits {
    std::uint64_t version = 0x0600;
    std::string globals{};    ///< records
    std::string hidden{};     ///< the name of a sheet
    std::uint64_t state = 1;  ///< of that: 1 hidden, 2 very hidden
};

inline std::string biff_begin(std::uint64_t version, std::uint64_t kind) {
    return biff_record(0x0809, little(version, 2) + little(kind, 2) + little(0, 4 + 8));
}

/// The stream: globals, then the sheets, each a name and its records.
inline std::string biff_stream(const std::vector<std::pair<std::string, std::string>>& sheets,
                               const BiffHabits& habits = {}) {
    const bool is_biff8 = habits.version == 0x0600;
    std::string head = biff_begin(habits.version, 5) + habits.globals;
    std::size_t place = head.size() + 4;
    for (const auto& [name, records] : sheets) {
        place += 4 + 4 + 2 + 1 + (is_biff8 ? 1 : 0) + name.size();
    }
    std::string tail;
    for (const auto& [name, records] : sheets) {
        const std::string text = is_biff8 ? biff_text(name, 1) : little(name.size(), 1) + name;
        head += biff_record(0x0085,
                            little(place + tail.size(), 4) +
                                little(name == habits.hidden ? habits.state : 0, 2) + text);
        tail += biff_begin(habits.version, 0x10) + records + biff_record(0x000A, "");
    }
    return head + biff_record(0x000A, "") + tail;
}

/// A compound file of one stream, in sectors of 512 bytes: header, stream, directory, tables, and
/// the lists of the tables that the header has no room for.
class OfficeFileWriter {
public:
    OfficeFileWriter(const std::string& name, std::string stream) : stream_(std::move(stream)) {
        stream_.resize(std::max<std::size_t>(stream_.size(), 4096), '\0');
        const std::size_t size = stream_.size();
        stream_.resize((size + kSector - 1) / kSector * kSector, '\0');
        sectors_ = stream_.size() / kSector;
        while (tables_ * kNumbers < sectors_ + 1 + tables_ + lists()) {
            ++tables_;
        }
        directory_ = entry(u"Root Entry", 5, kEnd, 0) +
                     entry(std::u16string(name.begin(), name.end()), 2, 0, size) +
                     std::string(256, '\0');
    }

    std::string bytes() const {
        return header() + stream_ + directory_ + table() + list_of_tables();
    }

private:
    static constexpr std::size_t kSector = 512;
    static constexpr std::size_t kNumbers = kSector / 4;
    static constexpr std::size_t kInHeader = 109;
    static constexpr std::uint64_t kList = 0xFFFFFFFC;
    static constexpr std::uint64_t kTable = 0xFFFFFFFD;
    static constexpr std::uint64_t kEnd = 0xFFFFFFFE;
    static constexpr std::uint64_t kFree = 0xFFFFFFFF;

    static std::string entry(std::u16string_view title,
                             unsigned kind,
                             std::uint64_t first,
                             std::uint64_t bytes) {
        std::string text = wide_text(title);
        text.resize(64, '\0');
        return text + little((title.size() + 1) * 2, 2) + little(kind, 1) + std::string(49, '\0') +
               little(first, 4) + little(bytes, 8);
    }

    std::size_t lists() const {
        return tables_ <= kInHeader ? 0 : (tables_ - kInHeader + kNumbers - 2) / (kNumbers - 1);
    }
    std::uint64_t table_sector(std::size_t i) const {
        return i < tables_ ? sectors_ + 1 + i : kFree;
    }
    std::uint64_t list_sector(std::size_t i) const {
        return i < lists() ? sectors_ + 1 + tables_ + i : kEnd;
    }

    std::string header() const {
        std::string header =
            "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(16, '\0') + little(0x3E, 2) +
            little(3, 2) + little(0xFFFE, 2) + little(9, 2) + little(6, 2) + std::string(10, '\0') +
            little(tables_, 4) + little(sectors_, 4) + little(0, 4) + little(4096, 4) +
            little(kEnd, 4) + little(0, 4) + little(list_sector(0), 4) + little(lists(), 4);
        for (std::size_t i = 0; i < kInHeader; ++i) {
            header += little(table_sector(i), 4);
        }
        return header;
    }

    std::string table() const {
        std::string table;
        for (std::size_t i = 0; i < sectors_; ++i) {
            table += little(i + 1 < sectors_ ? i + 1 : kEnd, 4);
        }
        table += little(kEnd, 4);  // the directory
        for (std::size_t i = 0; i < tables_ + lists(); ++i) {
            table += little(i < tables_ ? kTable : kList, 4);
        }
        while (table.size() < tables_ * kSector) {
            table += little(kFree, 4);
        }
        return table;
    }

    std::string list_of_tables() const {
        std::string list;
        std::size_t listed = kInHeader;
        for (std::size_t i = 0; i < lists(); ++i) {
            for (std::size_t number = 0; number + 1 < kNumbers; ++number) {
                list += little(table_sector(listed++), 4);
            }
            list += little(list_sector(i + 1), 4);
        }
        return list;
    }

    std::string stream_;
    std::string directory_{};
    std::size_t sectors_ = 0;
    std::size_t tables_ = 1;
};

inline std::string office_file(const std::string& name, const std::string& stream) {
    return OfficeFileWriter(name, stream).bytes();
}

/// The same for a stream of less than 4096 bytes, which lies in the storage of small streams.
inline std::string small_office_file(const std::string& name, const std::string& stream) {
    constexpr std::size_t kSector = 512;
    constexpr std::uint64_t kEnd = 0xFFFFFFFE;
    const std::size_t small = (stream.size() + 63) / 64;
    const std::size_t sectors = (stream.size() + kSector - 1) / kSector;
    const auto filled = [](std::string bytes, std::size_t size, char with) {
        bytes.resize(size, with);
        return bytes;
    };
    const auto entry = [&](std::string_view title, unsigned kind, std::uint64_t first) {
        std::string wide;
        for (const char letter : title) {
            wide += little(static_cast<unsigned char>(letter), 2);
        }
        return filled(wide, 64, '\0') + little((title.size() + 1) * 2, 2) + little(kind, 1) +
               std::string(49, '\0') + little(first, 4) + little(stream.size(), 8);
    };
    std::string table = little(0xFFFFFFFD, 4) + little(kEnd, 4) + little(kEnd, 4);
    for (std::size_t i = 0; i < sectors; ++i) {
        table += little(i + 1 < sectors ? i + 4 : kEnd, 4);
    }
    std::string small_table;
    for (std::size_t i = 0; i < small; ++i) {
        small_table += little(i + 1 < small ? i + 1 : kEnd, 4);
    }
    const std::string header = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(16, '\0') +
                               little(0x3E, 2) + little(3, 2) + little(0xFFFE, 2) + little(9, 2) +
                               little(6, 2) + std::string(10, '\0') + little(1, 4) + little(1, 4) +
                               little(0, 4) + little(4096, 4) + little(2, 4) + little(1, 4) +
                               little(kEnd, 4) + little(0, 4) + little(0, 4);
    return filled(header, kSector, '\xFF') + filled(table, kSector, '\xFF') +
           filled(entry("Root Entry", 5, 3) + entry(name, 2, 0), kSector, '\0') +
           filled(small_table, kSector, '\xFF') + filled(stream, sectors * kSector, '\0');
}

inline std::string xls_file(const std::vector<std::pair<std::string, std::string>>& sheets,
                            const BiffHabits& habits = {}) {
    return office_file(habits.version == 0x0600 ? "Workbook" : "Book", biff_stream(sheets, habits));
}

}  // namespace isinfetch::test
