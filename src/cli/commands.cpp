#include "cli/commands.hpp"

#include <array>

namespace isinfetch::cli {

namespace {

constexpr std::array kCommands{
    Command{"run", add_run},         Command{"backfill", add_backfill},
    Command{"status", add_status},   Command{"schedule", add_schedule},
    Command{"lookup", add_lookup},   Command{"list", add_list},
    Command{"diff", add_diff},       Command{"changes", add_changes},
    Command{"history", add_history}, Command{"rollback", add_rollback},
    Command{"verify", add_verify},   Command{"prune", add_prune},
    Command{"backup", add_backup},   Command{"export", add_export},
    Command{"check", add_check},     Command{"convert", add_convert},
    Command{"sources", add_sources}, Command{"formats", add_formats},
    Command{"config", add_config},   Command{"store", add_store},
    Command{"doctor", add_doctor},   Command{"completion", add_completion},
};

}  // namespace

std::span<const Command> commands() noexcept {
    return kCommands;
}

}  // namespace isinfetch::cli
