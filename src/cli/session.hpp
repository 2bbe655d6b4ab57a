// One call of the program: the global options, the configuration when somebody asks for it, the
// store, and what names and dates on the command line mean. Knows nothing of CLI11.
#pragma once

#include "cli/cli.hpp"
#include "config/load.hpp"
#include "store/store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
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
    bool is_loaded() const noexcept { return loaded_ != nullptr; }

    /// The store of the configuration, to read; the service's, for users who chose none and have
    /// none of their own. Throws Error{gone} before the first run.
    std::unique_ptr<Connection> open_to_read();
    StoreOptions options_to_read();
    StoreOptions store_options(StoreMode mode);

    /// The store of the configuration, to change it; it must be there already. Throws Error{gone}
    /// before the first run. `answered` is told of every answer of a server.
    std::unique_ptr<Connection> open_to_change(const std::function<void()>& answered = {});

private:
    const GlobalOptions& options_;
    const Streams& streams_;
    std::optional<std::vector<std::string>> sources_{};
    std::unique_ptr<LoadedConfig> loaded_{};
};

/// How long a server may say nothing.
std::chrono::milliseconds patience_of(const Config& config);

/// open_store(), again where that may help: see insist().
std::unique_ptr<Connection> open_patiently(const StoreOptions& options);

/// "2026-05-17" (all of that day) or an RFC 3339 time. Throws Error{usage}.
Timestamp parse_moment(const std::string& text);

/// The source of that name. Throws Error{usage} with the nearest name.
const SourceConfig& find_source(const Config& config, const std::string& name);

/// The sources of these names, each one once; without a name all enabled ones. Throws Error{usage}
/// for a name that is unknown, Error{config} when nothing is enabled.
std::vector<const SourceConfig*> select_sources(const Config& config,
                                                const std::vector<std::string>& names);

}  // namespace isinfetch::cli
