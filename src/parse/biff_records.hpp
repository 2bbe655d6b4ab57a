// The records that a workbook of the old kind (BIFF) consists of, one after the other.
#pragma once

#include "util/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Numbers of a record are little-endian; what lies behind its end is 0.
/// Source: MS-XLS §2.1.4.
class BiffRecords {
public:
    explicit BiffRecords(ByteSource& input) : input_(input) {}

    /// Goes to the next record; false at the end of the stream. Throws Error{data} when it ends
    /// within a record.
    bool next();

    std::uint16_t type() const noexcept { return type_; }
    std::uint64_t offset() const noexcept { return offset_; }  ///< of the record, in the stream
    std::string_view data() const noexcept { return data_; }

    std::uint32_t one(std::size_t at) const noexcept {
        return at < data_.size() ? static_cast<unsigned char>(data_[at]) : 0;
    }
    std::uint32_t two(std::size_t at) const noexcept { return one(at) | one(at + 1) << 8U; }
    std::uint32_t four(std::size_t at) const noexcept { return two(at) | two(at + 2) << 16U; }
    double number(std::size_t at) const noexcept;

    /// Goes on with the record that continues this one, if there is any: data() is then its data.
    bool go_on();

private:
    bool read_header();
    bool read(std::span<char> bytes);
    bool refill();
    void read_data();

    ByteSource& input_;
    std::uint16_t type_ = 0;
    std::uint64_t offset_ = 0;
    std::string data_{};

    // The record behind this one.
    bool is_ahead_ = false;  ///< is its header read?
    std::uint16_t next_type_ = 0;
    std::uint16_t next_size_ = 0;
    std::uint64_t next_offset_ = 0;

    std::vector<char> block_ = std::vector<char>(std::size_t{64} * 1024);
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t place_ = 0;  ///< in the stream, of what is read next
};

/// Takes texts and numbers from a record and those that continue it, from a place on.
/// Source: MS-XLS §2.5.293 and §2.5.294.
class BiffReader {
public:
    BiffReader(BiffRecords& records, std::size_t begin) : records_(records), at_(begin) {}

    /// Throws Error{data} at the end of the data, as the other functions do.
    std::uint32_t one();
    std::uint32_t two();
    std::uint32_t four();

    /// Is there no more, in this record and those that continue it?
    bool at_end();

    /// Appends the text that begins here as UTF-8: so many characters, and what says how they are.
    void text(std::uint32_t length, std::string& text);

private:
    void skip(std::uint64_t bytes);
    void characters(std::uint32_t count, bool is_wide, std::string& text);

    BiffRecords& records_;
    std::size_t at_;
};

}  // namespace isinfetch
