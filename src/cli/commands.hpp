// What declares the options of each subcommand, one per file cmd_*.cpp.
#pragma once

#include "cli/command.hpp"

namespace isinfetch::cli {

void add_run(CLI::App& app, Action& action);
void add_backfill(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_schedule(CLI::App& app, Action& action);
void add_lookup(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_diff(CLI::App& app, Action& action);
void add_changes(CLI::App& app, Action& action);
void add_history(CLI::App& app, Action& action);
void add_rollback(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_prune(CLI::App& app, Action& action);
void add_backup(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_convert(CLI::App& app, Action& action);
void add_sources(CLI::App& app, Action& action);
void add_formats(CLI::App& app, Action& action);
void add_config(CLI::App& app, Action& action);
void add_store(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_completion(CLI::App& app, Action& action);
void add_help(CLI::App& app, Action& action);
void add_version(CLI::App& app, Action& action);

}  // namespace isinfetch::cli
