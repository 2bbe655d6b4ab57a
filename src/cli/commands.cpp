#include "cli/commands.hpp"

#include <array>

namespace isinfetch::cli {

namespace {

constexpr std::string_view kFetch = "Fetch the lists";
constexpr std::string_view kRead = "Read what is stored";
constexpr std::string_view kJudge = "Check and convert identifiers";
constexpr std::string_view kKeep = "Look after the store";
constexpr std::string_view kSetUp = "Set up and find faults";

constexpr std::array kCommands{
    Command{"run", kFetch, add_run},
    Command{"backfill", kFetch, add_backfill},
    Command{"status", kFetch, add_status},
    Command{"schedule", kFetch, add_schedule},

    Command{"lookup", kRead, add_lookup},
    Command{"list", kRead, add_list},
    Command{"diff", kRead, add_diff},
    Command{"changes", kRead, add_changes},
    Command{"history", kRead, add_history},
    Command{"export", kRead, add_export},

    Command{"check", kJudge, add_check},
    Command{"convert", kJudge, add_convert},

    Command{"rollback", kKeep, add_rollback},
    Command{"verify", kKeep, add_verify},
    Command{"prune", kKeep, add_prune},
    Command{"backup", kKeep, add_backup},
    Command{"store", kKeep, add_store},

    Command{"sources", kSetUp, add_sources},
    Command{"formats", kSetUp, add_formats},
    Command{"config", kSetUp, add_config},
    Command{"doctor", kSetUp, add_doctor},
    Command{"completion", kSetUp, add_completion},
    Command{"help", kSetUp, add_help},
    Command{"version", kSetUp, add_version},
};

}  // namespace

std::span<const Command> commands() noexcept {
    return kCommands;
}

}  // namespace isinfetch::cli
