#include "cli/doctor_facts.hpp"

#include "util/file.hpp"
#include "util/process.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <array>
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

/// Files below `directory` that belong to another user than it does.
std::vector<std::string> foreign_files(const fs::path& directory, uid_t owner) {
    std::vector<std::string> foreign;
    std::error_code failure;
    const auto options = fs::directory_options::skip_permission_denied;
    int left = kMostEntries;
    for (fs::recursive_directory_iterator entry(directory, options, failure), end;
         !failure && entry != end && left > 0;
         entry.increment(failure), --left) {
        const auto status = status_of(entry->path());
        if (status && status->st_uid != owner) {
            foreign.push_back(entry->path().native());
        }
    }
    return foreign;
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
    facts.owner = user_name(status->st_uid);
    facts.owned_by_root = status->st_uid == 0;
    if (facts.is_directory && with_content) {
        facts.foreign = foreign_files(directory, status->st_uid);
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

DiskFacts look_at_disk(const fs::path& path) {
    const fs::path existing = nearest_existing(path);
    DiskFacts facts{.path = existing.native()};
    struct statvfs status {};
    if (::statvfs(existing.c_str(), &status) == 0) {
        facts.free = std::uint64_t{status.f_bavail} * status.f_frsize;
        facts.total = std::uint64_t{status.f_blocks} * status.f_frsize;
        facts.free_files = status.f_favail;
        facts.total_files = status.f_files;
    }
    return facts;
}

std::optional<bool> is_clock_synchronised() {
    timex state{};
    if (::adjtimex(&state) < 0) {
        return std::nullopt;
    }
    return (state.status & STA_UNSYNC) == 0;
}

std::optional<std::vector<TimerFacts>> look_at_timers() {
    std::error_code ignored;
    if (!fs::is_directory("/run/systemd/system", ignored)) {
        return std::nullopt;
    }
    constexpr const char* kProperties =
        "--property=Id,LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime";
    const auto text =
        output_of({"systemctl", "show", "isinfetch.timer", "isinfetch@*.timer", kProperties},
                  std::chrono::seconds(10));
    return parse_timers(text.value_or(""));
}

std::vector<CronLine> look_at_crontabs() {
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
