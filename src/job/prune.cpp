#include "job/prune.hpp"

#include "fetch/archive_lock.hpp"
#include "fetch/found_files.hpp"
#include "fetch/received.hpp"
#include "store/lost_runs.hpp"
#include "store/prune.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/file_lock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesAtOnce = 100;  // noted in one transaction

/// A file that no row names may belong to a run that is at work, of a host that shares the archive
/// but not its locks.
constexpr std::chrono::hours kLongestRun{24};

void remove_file(const fs::path& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        fail_errno(errno, path.native(), ErrorKind::io);
    }
}

class Prune {
public:
    Prune(Connection& store, const PruneOptions& options) : store_(store), options_(options) {}

    PruneReport run() {
        const Keep& keep = options_.keep;
        if (!options_.dry_run) {
            close_lost_runs(store_, options_.host, options_.now);
        }
        if (keep.partial) {
            prune_partial(options_.now - *keep.partial);
        }
        if (keep.versions) {
            report_.versions =
                prune_versions(store_, options_.now - *keep.versions, mode(), options_.check);
        }
        if (keep.runs) {
            report_.runs = prune_runs(store_, options_.now - *keep.runs, mode(), options_.check);
        }
        if (keep.archive) {
            prune_archive(*keep.archive);
        }
        auto* const give_back = backend_of(options_.location).upkeep.give_back;
        if (!options_.dry_run && give_back != nullptr) {
            report_.free_bytes = give_back(store_, options_.check);
        }
        return std::move(report_);
    }

private:
    PruneMode mode() const noexcept {
        return options_.dry_run ? PruneMode::count : PruneMode::remove;
    }

    /// With the lock of the source, because a run may be about to go on with them.
    void prune_partial(Timestamp before) {
        std::string source;
        std::optional<FileLock> lock;
        for_each_file(options_.state_dir / "partial", [&](const FoundFile& file) {
            options_.check();
            if (file.modified >= before) {
                return;
            }
            if (file.group != source) {
                source = file.group;
                lock.reset();
                take_lock(source, lock);
            }
            if (lock || options_.dry_run) {
                take(file, report_.partial);
            }
        });
    }

    void take_lock(const std::string& source, std::optional<FileLock>& lock) {
        if (options_.dry_run) {
            return;
        }
        try {
            lock.emplace(Directory::make(options_.state_dir / "locks", 1),
                         source + ".lock",
                         fmt::format("pid {}, prune", ::getpid()),
                         std::chrono::milliseconds{0});
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::busy) {
                throw;
            }
            report_.remarks.push_back(
                fmt::format("{}: unfinished downloads kept: {}", source, error.what()));
        }
    }

    void take(const FoundFile& file, Removed& removed) const {
        if (!options_.dry_run) {
            remove_file(file.path);
        }
        ++removed.count;
        removed.bytes += file.bytes;
    }

    /// While no run counts on any of them: what is in no row yet, or only in old ones, may be what
    /// a run has just found or received.
    void prune_archive(std::chrono::seconds age) {
        std::optional<FileLock> claim;
        if (!options_.dry_run) {
            claim = claim_archive(options_.state_dir, options_.patience);
            if (!claim) {
                report_.remarks.emplace_back(
                    "archived files kept: runs are at work that may need them: prune again later");
                return;
            }
        }
        remove_archived(age);
    }

    /// What is to go is noted before it goes: a file that is noted and still there goes next time.
    void remove_archived(std::chrono::seconds age) {
        // In this order: a note goes only when a row is there in its place.
        const std::vector<std::string> received = received_digests(options_.state_dir);
        KnownFiles known = known_files(store_, options_.now - age);
        for (const std::string& digest : received) {
            known[digest] = true;
        }
        const Timestamp unknown_before =
            options_.now - std::max<std::chrono::seconds>(age, kLongestRun);
        std::vector<FoundFile> batch;
        for_each_file(options_.state_dir / "archive", [&](const FoundFile& file) {
            options_.check();
            const auto found = known.find(file.name);
            const bool may_go =
                found != known.end() ? !found->second : file.modified < unknown_before;
            if (may_go) {
                batch.push_back(file);
            }
            if (batch.size() == kFilesAtOnce) {
                remove_batch(batch);
            }
        });
        remove_batch(batch);
    }

    void remove_batch(std::vector<FoundFile>& batch) {
        std::vector<std::string> digests;
        digests.reserve(batch.size());
        for (const FoundFile& file : batch) {
            digests.push_back(file.name);
        }
        if (!digests.empty() && !options_.dry_run) {
            note_pruned(store_, digests, options_.now);
        }
        for (const FoundFile& file : batch) {
            take(file, report_.archive);
        }
        batch.clear();
    }

    Connection& store_;
    const PruneOptions& options_;
    PruneReport report_{};
};

}  // namespace

PruneReport prune(Connection& store, const PruneOptions& options) {
    return Prune(store, options).run();
}

}  // namespace isinfetch
