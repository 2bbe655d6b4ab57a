// The run of a source that publishes lists: one file, which replaces the one before.
#pragma once

#include "fetch/received.hpp"
#include "job/load_file.hpp"
#include "job/offer.hpp"
#include "job/source_job.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// The files that make one list: one, or its pages in their order.
struct ListFiles {
    std::vector<FileRecord> files{};
    std::string sha256{};  ///< of the file, or of the digests of all pages, one a line
};

/// The steps of the run protocol, in their order.
class ListRun final : public SourceJob {
public:
    ListRun(const SourceConfig& source, RunContext& context, SourceReport& report);

private:
    void work() override;
    void apply(ListFiles list);
    ListFiles fetch_offline();
    ListFiles fetch_online();
    ListFiles fetch_with(const FetchEnvironment& environment, FetchTrace& trace);
    std::vector<RemoteFile> find_files(const FetchEnvironment& environment, FetchTrace& trace);
    FileRecord fetch(const RemoteFile& file,
                     const FetchEnvironment& environment,
                     FetchTrace& trace);
    bool may_go_on(const RemoteFile& file, const ReceivedFile& received) const;
    void receive(const RemoteFile& file,
                 const FetchEnvironment& environment,
                 FetchTrace& trace,
                 FileRecord& record);
    void note_received(const RemoteFile& file, const Download& got) const;
    void forget_received() const noexcept;
    Download download_file(const RemoteFile& file,
                           const Validators& known,
                           const FetchEnvironment& environment,
                           FetchTrace& trace);
    bool may_fall_back(const Error& error) const;
    bool is_place_before(const std::string& url) const;
    bool is_held(const RemoteFile& remote) const;
    Validators known_validators(const std::string& url) const;
    bool is_known(const ListFiles& list) const;
    void settle_unchanged(const ListFiles& list);
    Offer judge(const ListFiles& list) const;
    void settle_older(const ListFiles& list);
    void publish(ListFiles list);
    void load(const ListFiles& list, LoadedFile& loaded);
    std::optional<std::string> merge(const ListFiles& list, LoadedFile& loaded);
    void settle_refused(const ListFiles& list, const std::string& why);
    void adopt(const ListFiles& list, const LoadedFile& loaded, std::int64_t version);
    std::string time_of(const FileRecord& file);

    ReceivedFiles received_;
    std::optional<Timestamp> offered_{};  ///< when the publisher says that the list was published
};

}  // namespace isinfetch
