#include "cli/commands.hpp"

#include <array>

namespace isinfetch::cli {

namespace {

constexpr std::array kCommands{
    Command{"run", add_run},
    Command{"backfill", add_backfill},
    Command{"status", add_status},
    Command{"schedule", add_schedule},
    Command{"lookup", add_lookup},
    Command{"list", add_list},
    Command{"diff", add_diff},
    Command{"history", add_history},
    Command{"export", add_export},
    Command{"check", add_check},
    Command{"convert", add_convert},
    Command{"sources", add_sources},
    Command{"formats", add_formats},
    Command{"config", add_config},
    Command{"store", add_store},
    Command{"doctor", add_doctor},
    Command{"completion", add_completion},
};

}  // namespace

std::span<const Command> commands() noexcept {
    return kCommands;
}

}  // namespace isinfetch::cli
