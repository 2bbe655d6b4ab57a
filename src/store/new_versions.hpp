// Rows for table listing, many with one statement.
#pragma once

#include "store/connection.hpp"
#include "store/history.hpp"

#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Collects new versions and writes them now and then. Most lists fill few columns: to write only
/// those saves a fifth of a first load.
class NewVersions {
public:
    /// `run_source` is the key of the list that opens the versions, `published` its time.
    NewVersions(Connection& connection,
                std::int64_t source,
                std::int64_t run_source,
                std::string published);

    /// A current version. Takes the listing's strings.
    void add(Listing& listing, std::string_view opened_as);

    /// Any version of that publication time. Takes its strings. One that has an end is closed by
    /// the list that opens it.
    void add(Version& version);

    /// Writes what is left.
    void finish();

private:
    static constexpr std::size_t kFurtherColumns = 6;
    using UsedColumns = std::bitset<kFieldCount + 1 + kFurtherColumns>;

    void advance();
    void use(const UsedColumns& columns);
    void note_columns();
    void write(const std::string& sql, std::span<const Version> rows);
    void append(const Version& row);

    Connection& connection_;
    std::int64_t source_;
    std::int64_t run_source_;
    std::string published_;
    std::vector<Version> rows_;
    std::size_t size_ = 0;
    std::vector<Parameter> parameters_{};
    UsedColumns used_{};  // the others stay NULL
    std::string many_{};
    std::string one_{};
};

}  // namespace isinfetch
