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
    Command{"run", Prints::words, kFetch, add_run},
    Command{"backfill", Prints::words, kFetch, add_backfill},
    Command{"status", Prints::words, kFetch, add_status},
    Command{"schedule", Prints::records, kFetch, add_schedule},

    Command{"lookup", Prints::records, kRead, add_lookup},
    Command{"list", Prints::records, kRead, add_list},
    Command{"diff", Prints::records, kRead, add_diff},
    Command{"changes", Prints::records, kRead, add_changes},
    Command{"history", Prints::records, kRead, add_history},
    Command{"export", Prints::records, kRead, add_export},

    Command{"check", Prints::records, kJudge, add_check},
    Command{"convert", Prints::records, kJudge, add_convert},

    Command{"rollback", Prints::words, kKeep, add_rollback},
    Command{"verify", Prints::words, kKeep, add_verify},
    Command{"prune", Prints::words, kKeep, add_prune},
    Command{"backup", Prints::words, kKeep, add_backup},
    Command{"store", Prints::words, kKeep, add_store},

    Command{"sources", Prints::words, kSetUp, add_sources},
    Command{"formats", Prints::words, kSetUp, add_formats},
    Command{"config", Prints::words, kSetUp, add_config},
    Command{"doctor", Prints::words, kSetUp, add_doctor},
    Command{"completion", Prints::records, kSetUp, add_completion},
    Command{"help", Prints::words, kSetUp, add_help},
    Command{"version", Prints::words, kSetUp, add_version},
};

}  // namespace

std::span<const Command> commands() noexcept {
    return kCommands;
}

}  // namespace isinfetch::cli
