// Finds the configuration, lays its layers over each other, and binds them to Config.
#pragma once

#include "config/config.hpp"
#include "config/document.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// Everything outside that decides where configuration comes from; tests fill it by hand.
struct ConfigInputs {
    std::optional<std::filesystem::path> file{};                     ///< --config
    std::optional<std::filesystem::path> state_dir{};                ///< --state-dir
    std::vector<std::string> settings{};                             ///< --set key=value
    std::vector<std::pair<std::string, std::string>> environment{};  ///< all variables
    bool system_user = false;                                        ///< uid < 1000
    std::filesystem::path program_dir{};                             ///< where the program lies

    /// Only these sources, those that the user's own layers name, and enabled ones are of interest:
    /// catalogue files without them need not be parsed, which is most of the time of a run that
    /// finds nothing new. None: all are.
    std::optional<std::vector<std::string>> sources{};
};

/// The process as it is: environ, uid, /proc/self/exe.
ConfigInputs process_inputs();

/// Which files are read, in the order in which later ones win. Throws Error{config} when a file
/// that was asked for is not there.
struct ConfigFiles {
    std::filesystem::path catalogue{};           ///< folder of source entries; empty: built in
    std::vector<std::filesystem::path> files{};  ///< main file, its conf.d, systemd's credential
};
ConfigFiles find_config_files(const ConfigInputs& inputs);

/// The one file that is read when --config or ISINFETCH_CONFIG names it; none otherwise.
std::optional<std::filesystem::path> explicit_file(const ConfigInputs& inputs);

/// Where one small file per change belongs: conf.d beside the main file, which may not exist yet.
/// Throws Error{usage} when --config names the file, because conf.d is not read then.
std::filesystem::path drop_in_directory(const ConfigInputs& inputs);

/// The files that *.yaml means to a shell, in the order of their names: no folders, FIFOs, devices,
/// nor files that begin with a dot. Throws Error{config} when the folder cannot be read: a
/// configuration that is silently left out is worse than none.
std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& directory);

/// Where the packaged service keeps its state.
inline constexpr const char* kServiceStateDir = "/var/lib/isinfetch";

/// Where state belongs when nothing says otherwise; empty when neither HOME nor XDG is known.
std::filesystem::path default_state_dir(const ConfigInputs& inputs);

struct LoadedConfig {
    Config config{};
    Value tree{};  ///< every key with its effective value and origin, for `config show`
    std::vector<std::string> warnings{};
};

/// Precedence: --set and --state-dir, ISINFETCH_*, $CREDENTIALS_DIRECTORY/isinfetch.credentials,
/// conf.d, main file, catalogue, defaults.
/// Throws Error{config} whose every line begins with the origin of a mistake ("file:line:").
LoadedConfig load_config(const ConfigInputs& inputs);

/// One key that may be written, for `config keys`, isinfetch.yaml(5) and its test.
struct KeyInfo {
    std::string path{};      ///< "state_dir", "sources.NAME.guards.max_shrink"
    std::string type{};      ///< "duration", "size", "percentage", "list of texts" …
    std::string fallback{};  ///< default, as it would be written
    std::string summary{};
};
std::vector<KeyInfo> config_keys();

}  // namespace isinfetch
