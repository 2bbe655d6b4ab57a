// What every subcommand gets: the global options, the configuration when it asks for it, the
// store. A subcommand declares its options and leaves behind what to do.
#pragma once

#include "cli/cli.hpp"
#include "config/load.hpp"
#include "store/store.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch::cli {

struct GlobalOptions {
    std::string config_file{};
    std::string state_dir{};
    std::vector<std::string> settings{};  ///< --set key=value
    bool quiet = false;
    int verbosity = 0;
};

/// One call of the program.
class Session {
public:
    Session(const GlobalOptions& options, const Streams& streams)
        : options_(options), streams_(streams) {}

    const Streams& streams() const noexcept { return streams_; }
    const GlobalOptions& options() const noexcept { return options_; }

    /// Where the configuration comes from.
    ConfigInputs inputs() const;

    /// Only these sources, and those that are configured or enabled, are of interest: saves parsing
    /// the rest of the catalogue. To be called before the configuration is loaded.
    void expect_only(const std::vector<std::string>& sources) { sources_ = sources; }

    /// Loaded at the first call. Throws Error{config}.
    const LoadedConfig& loaded();
    const Config& config() { return loaded().config; }

    /// The store of the configuration, to read; the service's, for users who chose none and have
    /// none of their own. Throws Error{gone} before the first run.
    std::unique_ptr<Connection> open_to_read();
    StoreOptions store_options(StoreMode mode);

private:
    const GlobalOptions& options_;
    const Streams& streams_;
    std::optional<std::vector<std::string>> sources_{};
    std::unique_ptr<LoadedConfig> loaded_{};
};

using Action = std::function<ExitCode(Session&)>;

struct Command {
    std::string_view name;
    void (*add)(CLI::App& app, Action& action);
};

/// All subcommands, in the order of --help.
std::span<const Command> commands() noexcept;

enum class OutputFormat { automatic, text, json, none };

/// Adds -o/--output-format with the formats that the command has.
void add_output_format(CLI::App& command, OutputFormat& format, bool with_none = false);

/// A CLI11 check for one of a few words, which completion offers.
CLI::Validator one_of(const std::vector<std::string>& words);

/// The words that a validator of this name accepts; none when it is not about words.
std::vector<std::string> choices_in(std::string_view validator_name);

/// A CLI11 check for durations such as 30s or 7d.
CLI::Validator duration_check();

/// "2026-05-17" (all of that day) or an RFC 3339 time. Throws Error{usage}.
Timestamp parse_moment(const std::string& text);

/// The source of that name. Throws Error{usage} with the nearest name.
const SourceConfig& find_source(const Config& config, const std::string& name);

/// The sources of these names, each one once; without a name all enabled ones. Throws Error{usage}
/// for a name that is unknown, Error{config} when nothing is enabled.
std::vector<const SourceConfig*> select_sources(const Config& config,
                                                const std::vector<std::string>& names);

}  // namespace isinfetch::cli
