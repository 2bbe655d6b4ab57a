// What a merge writes into table listing: versions that begin, versions that end, many at a time.
#pragma once

#include "store/connection.hpp"
#include "store/history.hpp"
#include "util/error.hpp"

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Error{io}: versions that were read are not there when they are to be ended. Either another run
/// has committed meanwhile, or the store is damaged. The transaction is still open.
class VersionsGone : public Error {
    using Error::Error;
};

/// Collects and writes now and then: ends first, because a key has one current version. Most lists
/// fill few columns: to write only those saves a fifth of a first load.
class VersionWriter {
public:
    /// `run_source` is the key of the list that opens and closes the versions, `published` its
    /// time.
    VersionWriter(Connection& connection,
                  std::int64_t source,
                  std::int64_t run_source,
                  std::string published);

    /// A current version. Takes the listing's strings.
    void add(Listing& listing, std::string_view opened_as);

    /// A version that is not in the store yet. Takes its strings. One that has an end is closed by
    /// the list that opens it.
    void add(Version& version);

    /// As add(), for a version that belongs to another list than the one that is merged. Written at
    /// once.
    void add_earlier(Version& version, std::int64_t run_source);

    /// The current version of the listing's key is none any more.
    void close(const Listing& listing, std::string_view closed_as);

    /// A version of the store, by its id. One that was closed already keeps the list that did it.
    void edit(const Version& version);

    /// Writes what is left. Throws Error{io} when a version to be closed or edited is not there.
    void finish();

private:
    static constexpr std::size_t kFurtherColumns = 7;
    using UsedColumns = std::bitset<kFieldCount + 1 + kFurtherColumns>;

    struct Closing {
        std::string isin{};
        std::string venue{};
        std::string closed_as{};
    };

    void advance();
    void write_closings();
    void write_edits();
    void write_rows();
    void use(const UsedColumns& columns);
    void note_columns();
    void append(const Version& row);
    void expect_rows(std::int64_t written, std::size_t expected) const;

    Connection& connection_;
    std::int64_t source_;
    std::int64_t run_source_;
    std::string published_;
    std::vector<Version> rows_;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;  ///< of rows_
    std::vector<Closing> closings_{};
    std::vector<Version> edits_{};
    std::size_t edited_bytes_ = 0;
    std::vector<Parameter> parameters_{};
    UsedColumns used_{};  // the others stay NULL
    std::vector<std::string_view> columns_{};
};

}  // namespace isinfetch
