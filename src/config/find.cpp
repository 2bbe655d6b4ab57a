#include "config/load.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

// Users below this number belong to the system (login.defs(5)).
constexpr unsigned kFirstHumanUser = 1000;

const fs::path kSystemDirectory = "/etc/isinfetch";

std::string variable(const ConfigInputs& inputs, std::string_view name) {
    const auto found = std::find_if(inputs.environment.begin(),
                                    inputs.environment.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    return found == inputs.environment.end() ? "" : found->second;
}

bool is_service(const ConfigInputs& inputs) {
    return inputs.system_user || !variable(inputs, "STATE_DIRECTORY").empty();
}

/// $XDG_…/isinfetch or ~/…/isinfetch; empty when neither is known.
fs::path user_directory(const ConfigInputs& inputs, std::string_view xdg, const char* below_home) {
    if (const std::string base = variable(inputs, xdg); !base.empty()) {
        return fs::path(base) / "isinfetch";
    }
    const std::string home = variable(inputs, "HOME");
    return home.empty() ? fs::path{} : fs::path(home) / below_home / "isinfetch";
}

std::optional<fs::path> explicit_file(const ConfigInputs& inputs) {
    if (inputs.file) {
        return inputs.file;
    }
    const std::string named = variable(inputs, "ISINFETCH_CONFIG");
    return named.empty() ? std::nullopt : std::optional<fs::path>(named);
}

std::vector<fs::path> yaml_files(const fs::path& directory) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
        if (entry.path().extension() == ".yaml") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// The main file, if there is one, and its conf.d; empty when there is neither.
std::vector<fs::path> files_in(const fs::path& directory) {
    std::vector<fs::path> files;
    if (fs::exists(directory / "isinfetch.yaml")) {
        files.push_back(directory / "isinfetch.yaml");
    }
    const auto more = yaml_files(directory / "conf.d");
    files.insert(files.end(), more.begin(), more.end());
    return files;
}

fs::path find_catalogue(const ConfigInputs& inputs) {
    fs::path named = variable(inputs, "ISINFETCH_CATALOGUE");
    if (!named.empty() && !fs::is_directory(named)) {
        fail(ErrorKind::config, "ISINFETCH_CATALOGUE: {}: no such folder", named.native());
    }
    const fs::path installed = inputs.program_dir / "../share/isinfetch/sources.d";
    if (named.empty() && !inputs.program_dir.empty() && fs::is_directory(installed)) {
        return installed.lexically_normal();
    }
    return named;
}

}  // namespace

ConfigInputs process_inputs() {
    ConfigInputs inputs;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos) {
            inputs.environment.emplace_back(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    inputs.system_user = ::geteuid() < kFirstHumanUser;
    std::error_code unknown;
    inputs.program_dir = fs::read_symlink("/proc/self/exe", unknown).parent_path();
    return inputs;
}

ConfigFiles find_config_files(const ConfigInputs& inputs) {
    ConfigFiles found{.catalogue = find_catalogue(inputs)};
    if (const auto named = explicit_file(inputs)) {
        if (!fs::exists(*named)) {
            fail(ErrorKind::config, "{}: no such file", named->native());
        }
        found.files = {*named};
        return found;
    }
    if (!is_service(inputs)) {
        const fs::path own = user_directory(inputs, "XDG_CONFIG_HOME", ".config");
        found.files = own.empty() ? std::vector<fs::path>{} : files_in(own);
    }
    if (found.files.empty()) {
        found.files = files_in(kSystemDirectory);
    }
    return found;
}

std::filesystem::path drop_in_directory(const ConfigInputs& inputs) {
    if (const auto named = explicit_file(inputs)) {
        fail(ErrorKind::usage,
             "{}: a file named by --config has no conf.d: enable sources in it",
             named->native());
    }
    const fs::path own = user_directory(inputs, "XDG_CONFIG_HOME", ".config");
    return (is_service(inputs) || own.empty() ? kSystemDirectory : own) / "conf.d";
}

std::filesystem::path default_state_dir(const ConfigInputs& inputs) {
    if (is_service(inputs)) {
        return "/var/lib/isinfetch";
    }
    return user_directory(inputs, "XDG_STATE_HOME", ".local/state");
}

}  // namespace isinfetch
