// The run of a source that publishes lists: one file, which replaces the one before.
#pragma once

#include "job/load_file.hpp"
#include "job/source_job.hpp"

#include <optional>
#include <string>

namespace isinfetch {

/// The steps of the run protocol, in their order.
class ListRun final : public SourceJob {
public:
    using SourceJob::SourceJob;

private:
    void work() override;
    FileRecord fetch_offline();
    FileRecord fetch_online();
    FileRecord fetch_with(const FetchEnvironment& environment, FetchTrace& trace);
    bool is_held(const RemoteFile& remote) const;
    Validators known_validators(const std::string& url) const;
    bool is_known(const FileRecord& file) const;
    void settle_unchanged(const FileRecord& file);
    void publish(FileRecord file);
    std::optional<std::string> merge(const FileRecord& file, LoadedFile& loaded);
    void settle_refused(const FileRecord& file, const std::string& why);
    void adopt_file(const FileRecord& file, const LoadedFile& loaded, std::int64_t version);
    std::string publication_time(const FileRecord& file) const;
};

}  // namespace isinfetch
