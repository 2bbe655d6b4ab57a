// The run of a source that publishes events, day by day, each day in several files.
#pragma once

#include "discover/plan.hpp"
#include "fetch/received.hpp"
#include "job/load_file.hpp"
#include "job/source_job.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// Applies every publication that is new, in one transaction each. What was committed stays when a
/// later one fails; what was downloaded is not asked for again.
class EventRun final : public SourceJob {
public:
    EventRun(const SourceConfig& source, RunContext& context, SourceReport& report);

private:
    void work() override;
    void forget_applied();
    Plan make_plan();
    void refuse_pruned(const std::string& first_day);
    Sets ask_index(const std::string& first_day);
    std::string first_day(const std::vector<std::string>& gaps) const;
    std::string today() const;
    void apply(const Publication& publication);
    std::vector<FileRecord> fetch(const Publication& publication, SourceReport& step);
    FileRecord fetch(const RemoteFile& file, const Publication& publication);
    std::optional<ReceivedFile> find_held(const RemoteFile& file);
    void load(const Publication& publication,
              const std::vector<FileRecord>& files,
              LoadedFile& loaded,
              SourceReport& step);
    Error blame(const Error& error, const FileRecord& file, const RemoteFile& remote) const;
    void load(const Publication& publication,
              const FileRecord& file,
              LoadedFile& loaded,
              SourceReport& step);
    std::optional<std::string> merge(const Publication& publication,
                                     const std::vector<FileRecord>& files,
                                     LoadedFile& loaded,
                                     SourceReport& step);
    MergeCounts merge_publication(const Publication& publication,
                                  std::int64_t version,
                                  LoadedFile& loaded);
    void adopt(const Publication& publication, std::int64_t version, const SourceReport& step);
    void record(const Publication& publication,
                std::int64_t version,
                const std::vector<FileRecord>& files);
    void refuse(const Publication& publication,
                const std::vector<FileRecord>& files,
                const std::string& why);
    void account(const Publication& publication, const SourceReport& step);

    ReceivedFiles received_;
    FeedCursor cursor_{};
    bool is_last_ = false;             // of the publications that are there
    std::vector<std::string> gaps_{};  // to be recorded with the next publication
};

}  // namespace isinfetch
