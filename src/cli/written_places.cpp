#include "cli/written_places.hpp"

#include "cli/config_target.hpp"
#include "cli/doctor_facts.hpp"
#include "util/log.hpp"
#include "util/output_file.hpp"
#include "util/privilege.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace isinfetch::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSqlite = "sqlite:";

constexpr std::array kWritten{
    Written{"run", Target::state},
    Written{"run", Target::store},
    Written{"backfill", Target::state},
    Written{"backfill", Target::store},
    Written{"rollback", Target::state},
    Written{"rollback", Target::store},
    Written{"prune", Target::state},
    Written{"prune", Target::store},
    Written{"store migrate", Target::location, {}, 0},
    Written{"store copy", Target::location, {}, 1},
    Written{"backup", Target::file, {}, 0},
    Written{"export", Target::file, "--output"},
    Written{"export", Target::file, "--metadata"},
    Written{"sources", Target::configuration, "--enable"},
    Written{"schedule anacron", Target::folder, "--output-dir"},
    Written{"schedule celery", Target::folder, "--output-dir"},
    Written{"schedule cron", Target::folder, "--output-dir"},
    Written{"schedule kubernetes", Target::folder, "--output-dir"},
    Written{"schedule nomad", Target::folder, "--output-dir"},
    Written{"schedule systemd", Target::folder, "--output-dir"},
};

// `sources test` downloads into a folder of its own below TMPDIR, and removes it. `store lease`
// breaks leases of servers only.
constexpr std::array<std::string_view, 21> kReading{
    "status",     "lookup",  "list",         "diff",        "changes",     "history",
    "check",      "convert", "verify",       "store info",  "store lease", "sources test",
    "formats",    "doctor",  "config check", "config show", "config path", "config keys",
    "completion", "help",    "version"};

/// The values that the call gives for it; one that is empty where nothing is said of a store.
std::vector<std::string> values_of(const Written& written, const CommandLine& line) {
    if (written.argument >= 0) {
        const auto number = static_cast<std::size_t>(written.argument);
        return {number < line.arguments.size() ? line.arguments[number] : std::string()};
    }
    std::vector<std::string> values;
    for (const GivenOption& option : line.options) {
        if (option.name == written.option) {
            values.push_back(option.value);
        }
    }
    return values;
}

/// A store on a server is nobody's files. The folder counts, not the file: others come beside it.
void add_store(const std::string& location, std::vector<fs::path>& places) {
    if (location.starts_with(kSqlite)) {
        const fs::path file = location.substr(kSqlite.size());
        places.push_back(file.has_parent_path() ? file.parent_path() : ".");
    }
}

void add_file(const std::string& name, std::vector<fs::path>& places) {
    if (name.empty() || name == "-" || name == "none") {
        return;
    }
    try {
        const OutputPlace place = find_output(name);
        if (place.kind != OutputPlace::Kind::stream) {
            places.push_back(place.path.parent_path());
        }
    } catch (const Error&) {
        places.push_back(fs::path(name).parent_path());  // the command says what is wrong with it
    }
}

void add_value(Target target,
               const std::string& value,
               Session& session,
               std::vector<fs::path>& places) {
    switch (target) {
        case Target::state:
            places.push_back(session.config().state_dir);
            return;
        case Target::store:
            add_store(session.store_options(StoreMode::read_only).location, places);
            return;
        case Target::location:
            add_store(value.empty() ? session.store_options(StoreMode::read_only).location : value,
                      places);
            return;
        case Target::file:
            add_file(value, places);
            return;
        case Target::folder:
            places.emplace_back(value);
            return;
        case Target::configuration:
            places.push_back(file_to_edit(value, session).parent_path());
            return;
    }
}

std::string refusal_of(const fs::path& place, const Identity& identity, const Error& error) {
    const auto why = why_root_must_not_run(look_at_owner(place));
    return fmt::format("{} ({})",
                       why.value_or(fmt::format(
                           "{}: belongs to user {}, not to root", place.native(), identity.user)),
                       error.what());
}

}  // namespace

std::span<const Written> written_places() noexcept {
    return kWritten;
}

std::span<const std::string_view> reading_commands() noexcept {
    return kReading;
}

std::vector<fs::path> places_of(const CommandLine& line, Session& session) {
    std::vector<fs::path> places;
    for (const Written& written : kWritten) {
        if (written.command != line.path) {
            continue;
        }
        if (written.target == Target::state || written.target == Target::store) {
            add_value(written.target, {}, session, places);
            continue;
        }
        for (const std::string& value : values_of(written, line)) {
            add_value(written.target, value, session, places);
        }
    }
    return places;
}

void stop_being_root(const CommandLine& line, Session& session) {
    if (::geteuid() != 0) {
        return;
    }
    std::vector<Identity> owners;
    fs::path foreign;
    for (const fs::path& place : places_of(line, session)) {
        const auto owner = owner_of_place(place);
        if (owner) {
            owners.push_back(*owner);
            foreign = owner->user != 0 ? place : foreign;
        }
    }
    const auto identity = identity_for(owners);
    if (!identity) {
        return;
    }
    session.config();  // root may be the only one who can read it
    log(LogLevel::info, "{}: belongs to user {}, who goes on", foreign.native(), identity->user);
    try {
        become(*identity);
    } catch (const Error& error) {
        fail(ErrorKind::permission, "{}", refusal_of(foreign, *identity, error));
    }
}

}  // namespace isinfetch::cli
