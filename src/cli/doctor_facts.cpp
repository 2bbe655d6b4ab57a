#include "cli/doctor_facts.hpp"

#include "util/file.hpp"
#include "util/process.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <map>
#include <system_error>

namespace isinfetch::cli {

namespace {

namespace fs = std::filesystem;

// A state directory has a file per download; more need not be looked at to find a wrong owner.
constexpr int kMostEntries = 20'000;

std::string user_name(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    const int failure = getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
    return failure == 0 && found != nullptr ? found->pw_name : std::to_string(user);
}

/// Of what a link leads to, for that decides, not the link.
std::optional<struct stat> status_of(const fs::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? std::optional(status) : std::nullopt;
}

bool may_others_write(const struct stat& status) {
    return !S_ISLNK(status.st_mode) && (status.st_mode & S_IWOTH) != 0;
}

/// What below `directory` belongs to another user than it does, and what others may write.
void look_below(const fs::path& directory, uid_t owner, DirectoryFacts& facts) {
    std::error_code failure;
    const auto options = fs::directory_options::skip_permission_denied;
    int left = kMostEntries;
    for (fs::recursive_directory_iterator entry(directory, options, failure), end;
         !failure && entry != end && left > 0;
         entry.increment(failure), --left) {
        const auto status = status_of(entry->path());
        if (status && status->st_uid != owner) {
            facts.foreign.push_back(entry->path().native());
        }
        if (status && may_others_write(*status)) {
            facts.open.push_back(entry->path().native());
        }
    }
}

void add_crontab(const fs::path& file, std::vector<CronLine>& lines) {
    try {
        const auto more = parse_crontab(file.native(), read_file(file));
        lines.insert(lines.end(), more.begin(), more.end());
    } catch (const Error&) {
        // Somebody else's crontab is none of this user's business.
    }
}

void add_crontabs_in(const fs::path& directory, std::vector<CronLine>& lines) {
    std::error_code failure;
    for (fs::directory_iterator entry(directory, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        add_crontab(entry->path(), lines);
    }
}

bool is_writable(const fs::path& directory) {
    return ::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

/// `path`, or the folder in which it would be made.
fs::path nearest_existing(fs::path path) {
    std::error_code ignored;
    while (path.has_relative_path() && !fs::exists(path, ignored)) {
        path = path.parent_path();
    }
    return path.empty() ? "." : path;
}

/// The name of a file system that other hosts may use too; empty for others. Source: statfs(2),
/// linux/magic.h.
std::string network_name(const fs::path& path) {
    constexpr std::array<std::pair<unsigned long, const char*>, 9> kNames{{
        {0x6969, "nfs"},
        {0xFF534D42, "cifs"},
        {0xFE534D42, "smb"},
        {0x517B, "smb"},
        {0x5346414F, "afs"},
        {0x00C36400, "ceph"},
        {0x0BD00BD0, "lustre"},
        {0x47504653, "gpfs"},
        {0x7461636F, "ocfs2"},
    }};
    struct statfs status {};
    if (::statfs(path.c_str(), &status) != 0) {
        return "";
    }
    const auto type = static_cast<unsigned long>(status.f_type) & 0xFFFFFFFFUL;
    const auto* found = std::find_if(
        kNames.begin(), kNames.end(), [&](const auto& row) { return row.first == type; });
    return found == kNames.end() ? "" : found->second;
}

DiskFacts look_at_disk(const fs::path& existing) {
    DiskFacts facts{.path = existing.native(), .network = network_name(existing)};
    struct statvfs status {};
    if (::statvfs(existing.c_str(), &status) == 0) {
        facts.free = std::uint64_t{status.f_bavail} * status.f_frsize;
        facts.total = std::uint64_t{status.f_blocks} * status.f_frsize;
        facts.free_files = status.f_favail;
        facts.total_files = status.f_files;
        facts.read_only = (status.f_flag & ST_RDONLY) != 0;
    }
    return facts;
}

DirectoryFacts look_at(const fs::path& directory, bool with_content) {
    const uid_t user = ::geteuid();
    DirectoryFacts facts{
        .path = directory.native(), .user = user_name(user), .asked_by_root = user == 0};
    const auto status = status_of(directory);
    if (!status) {
        facts.writable = is_writable(nearest_existing(directory));
        return facts;
    }
    facts.exists = true;
    facts.is_directory = S_ISDIR(status->st_mode);
    facts.writable = is_writable(directory);
    facts.read_only = !facts.writable && errno == EROFS;
    facts.owner = user_name(status->st_uid);
    facts.owned_by_root = status->st_uid == 0;
    if (facts.is_directory && with_content) {
        if (may_others_write(*status)) {
            facts.open.push_back(directory.native());
        }
        look_below(directory, status->st_uid, facts);
    }
    return facts;
}

}  // namespace

DirectoryFacts look_at_owner(const fs::path& directory) {
    return look_at(directory, false);
}

DirectoryFacts look_at_directory(const fs::path& directory) {
    return look_at(directory, true);
}

std::vector<DiskFacts> look_at_disks(const std::vector<NamedFolder>& folders) {
    std::map<dev_t, DiskFacts> disks;
    std::vector<dev_t> order;
    for (const NamedFolder& folder : folders) {
        const fs::path existing = nearest_existing(folder.path);
        const auto status = status_of(existing);
        const dev_t device = status ? status->st_dev : 0;
        const auto [known, is_new] = disks.try_emplace(device);
        if (is_new) {
            known->second = look_at_disk(existing);
            order.push_back(device);
        }
        known->second.folders.push_back(folder.name);
    }
    std::vector<DiskFacts> result;
    std::transform(order.begin(), order.end(), std::back_inserter(result), [&](dev_t device) {
        return disks.at(device);
    });
    return result;
}

// A file without a name is the best place: it is of that file system, and gone at once. Where there
// is none of them, a lock file of a former run serves, or the folder.
std::string try_lock(const fs::path& state_dir) {
    const fs::path existing = nearest_existing(state_dir);
    Descriptor descriptor(::open(existing.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (descriptor.get() < 0) {
        descriptor = Descriptor(::open(existing.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    // What keeps it from being opened is told by other checks.
    if (descriptor.get() < 0 || ::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0 ||
        errno == EWOULDBLOCK) {
        return "";
    }
    return std::generic_category().message(errno);
}

std::optional<bool> is_clock_synchronised() {
    timex state{};
    if (::adjtimex(&state) < 0) {
        return std::nullopt;
    }
    return (state.status & STA_UNSYNC) == 0;
}

std::optional<std::vector<TimerFacts>> look_at_timers(Runner runner) {
    std::error_code ignored;
    if (!fs::is_directory("/run/systemd/system", ignored)) {
        return std::nullopt;
    }
    constexpr const char* kProperties =
        "--property=Id,LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime";
    std::vector<std::string> command{
        "systemctl", "show", "isinfetch.timer", "isinfetch@*.timer", kProperties};
    if (runner == Runner::person) {
        command.insert(command.begin() + 1, "--user");
    }
    const auto text = output_of(command, std::chrono::seconds(10));
    return parse_timers(text.value_or(""));
}

std::vector<CronLine> look_at_crontabs(Runner runner) {
    if (runner == Runner::person) {
        const auto own = output_of({"crontab", "-l"}, std::chrono::seconds(10));
        return parse_crontab("crontab", own.value_or(""));
    }
    std::vector<CronLine> lines;
    add_crontab("/etc/crontab", lines);
    add_crontab("/etc/anacrontab", lines);
    for (const char* const directory : {"/etc/cron.d",
                                        "/etc/cron.hourly",
                                        "/etc/cron.daily",
                                        "/var/spool/cron/crontabs",
                                        "/var/spool/cron"}) {
        add_crontabs_in(directory, lines);
    }
    return lines;
}

std::optional<int> count_certificates(const std::string& file) {
    constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
    std::string text;
    try {
        text = read_file(file);
    } catch (const Error&) {
        return std::nullopt;
    }
    int count = 0;
    for (std::size_t at = text.find(kBegin); at != std::string::npos;
         at = text.find(kBegin, at + kBegin.size())) {
        ++count;
    }
    return count;
}

}  // namespace isinfetch::cli
