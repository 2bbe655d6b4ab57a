// Which commands write, and where: one table, so that root never leaves files in the way of the
// user to whom a place belongs, whatever command it is.
#pragma once

#include "cli/command_line.hpp"
#include "cli/session.hpp"

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace isinfetch::cli {

/// What names the place that a command writes.
enum class Target {
    state,          ///< state_dir of the configuration
    store,          ///< the store of the configuration
    location,       ///< an argument: a store; without one that of the configuration
    file,           ///< an argument or an option: a file
    folder,         ///< an option: a folder
    configuration,  ///< an option: sources that are enabled in files of the configuration
};

struct Written {
    std::string_view command;  ///< path of the command
    Target target;
    std::string_view option{};  ///< main name of the option that names it
    int argument = -1;          ///< or the number of the argument, from 0
};

/// All that any command writes beside standard output. Nothing of a command that only reads.
std::span<const Written> written_places() noexcept;

/// The commands that leave no file behind.
std::span<const std::string_view> reading_commands() noexcept;

/// Where this call will write. Pipes and devices are no places. Throws as the configuration does.
std::vector<std::filesystem::path> places_of(const CommandLine& line, Session& session);

/// Before a command begins: where root is about to write into places of another user, it becomes
/// that user. Throws Error{permission} when it cannot, which names the place and what to do.
void stop_being_root(const CommandLine& line, Session& session);

}  // namespace isinfetch::cli
