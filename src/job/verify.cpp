#include "job/verify.hpp"

#include "fetch/archive.hpp"
#include "fetch/found_files.hpp"
#include "store/snapshot.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <vector>

namespace isinfetch {

namespace {

struct MissingFile {
    std::string source{};
    std::string digest{};
    std::string name{};
    std::int64_t key = 0;  ///< of its row
};

class Verify {
public:
    Verify(Connection& store, const VerifyOptions& options, const FindingSink& sink)
        : store_(store), options_(options), sink_(sink) {}

    Verified run() {
        auto* const inspect = backend_of(options_.location).upkeep.inspect;
        if (inspect != nullptr) {
            for (const std::string& complaint : inspect(store_)) {
                sink_(AuditFinding::damaged_store, "", complaint);
            }
        }
        Verified verified;
        {
            const Snapshot moment(store_);
            verified.versions =
                audit_store(store_, options_.sources, options_.depth, options_.check, sink_);
            check_rows();
        }
        tell_missing();
        if (options_.depth == AuditDepth::whole) {
            check_folder("archive");
            check_folder("quarantine");
        }
        verified.files = files_;
        return verified;
    }

private:
    bool is_wanted(const std::string& source) const {
        const auto& wanted = options_.sources;
        return wanted.empty() || std::ranges::find(wanted, source) != wanted.end();
    }

    /// Must the file be in the archive of this host?
    bool is_own(std::string_view host) const {
        const bool is_gone =
            std::ranges::find(options_.hosts_gone, host) != options_.hosts_gone.end();
        return !is_gone && (!backend_of(options_.location).is_shared || host == options_.host);
    }

    /// What the store says of files. One that was refused may have been taken away by a person, and
    /// one that another host received is in that host's archive.
    void check_rows() {
        const Archive archive(options_.state_dir);
        const auto row = store_.stream(
            "SELECT s.name, f.sha256, f.bytes, f.name, f.state, r.host, f.id FROM file f"
            " JOIN source s ON s.id = f.source_id"
            " JOIN run_source v ON v.id = f.run_source_id JOIN run r ON r.id = v.run_id"
            " WHERE f.sha256 IS NOT NULL AND f.pruned IS NULL ORDER BY f.id",
            {});
        while (row->next()) {
            options_.check();
            const std::string source(row->text(0));
            const std::string digest(row->text(1));
            if (!is_wanted(source)) {
                continue;
            }
            const bool is_new = named_.insert(digest).second;
            const auto path = archive.find(digest);
            if (path && is_new) {
                check_size(source, *path, row->integer(2));
            } else if (!path && row->text(4) == "applied" && is_own(row->text(5))) {
                missing_.push_back({.source = source,
                                    .digest = digest,
                                    .name = std::string(row->text(3)),
                                    .key = row->integer(6)});
            }
        }
    }

    /// But for what was pruned since that moment.
    void tell_missing() {
        for (const MissingFile& file : missing_) {
            const std::array<Parameter, 1> parameters{file.key};
            const bool is_wanted_still =
                query_integer(
                    store_, "SELECT 1 FROM file WHERE id = $1 AND pruned IS NULL", parameters)
                    .has_value();
            if (is_wanted_still) {
                sink_(AuditFinding::missing_file,
                      file.source,
                      fmt::format("{} ({})", file.digest, file.name));
            }
        }
    }

    void check_size(const std::string& source,
                    const std::filesystem::path& path,
                    std::int64_t noted) {
        ++files_;
        std::error_code failure;
        const auto size = std::filesystem::file_size(path, failure);
        if (!failure && size != static_cast<std::uint64_t>(noted)) {
            sink_(AuditFinding::wrong_size,
                  source,
                  fmt::format("{}: {} bytes instead of {}", path.native(), size, noted));
        }
    }

    /// Also files that no row names yet; but not if only some sources are of interest.
    void check_folder(const char* name) {
        for_each_file(options_.state_dir / name, [&](const FoundFile& file) {
            const bool is_named = named_.contains(file.name);
            if (!is_named && !options_.sources.empty()) {
                return;
            }
            files_ += is_named ? 0 : 1;
            if (!has_digest(file)) {
                sink_(AuditFinding::wrong_digest, "", file.path.native());
            }
        });
    }

    /// One that was pruned meanwhile has nothing wrong with it.
    bool has_digest(const FoundFile& file) const {
        try {
            return file_digest(file.path, options_.check) == file.name;
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::gone) {
                throw;
            }
            return true;
        }
    }

    Connection& store_;
    const VerifyOptions& options_;
    const FindingSink& sink_;
    std::unordered_set<std::string> named_{};  // digests
    std::vector<MissingFile> missing_{};
    std::uint64_t files_ = 0;
};

}  // namespace

Verified verify(Connection& store, const VerifyOptions& options, const FindingSink& sink) {
    return Verify(store, options, sink).run();
}

}  // namespace isinfetch
