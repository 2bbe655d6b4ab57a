#include "config/load.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

// Users below this number belong to the system (login.defs(5)).
constexpr unsigned kFirstHumanUser = 1000;

const fs::path kSystemDirectory = "/etc/isinfetch";

// The credential that isinfetch.service asks for with LoadCredential=.
constexpr std::string_view kCredential = "isinfetch.credentials";

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
    // A relative path counts as not set (XDG Base Directory Specification 0.8).
    if (const std::string base = variable(inputs, xdg); base.starts_with('/')) {
        return fs::path(base) / "isinfetch";
    }
    const std::string home = variable(inputs, "HOME");
    return home.empty() ? fs::path{} : fs::path(home) / below_home / "isinfetch";
}

/// Is it there? What may not be looked at is an error: it may hold the configuration.
bool is_there(const fs::path& path) {
    std::error_code failure;
    const bool found = fs::exists(path, failure);
    if (failure) {
        fail_errno(failure.value(), path.native(), ErrorKind::config);
    }
    return found;
}

/// The main file, if there is one, and its conf.d; empty when there is neither.
std::vector<fs::path> files_in(const fs::path& directory) {
    std::vector<fs::path> files;
    if (is_there(directory / "isinfetch.yaml")) {
        files.push_back(directory / "isinfetch.yaml");
    }
    if (is_there(directory / "conf.d")) {
        const auto more = yaml_files(directory / "conf.d");
        files.insert(files.end(), more.begin(), more.end());
    }
    return files;
}

/// As su(1) and sudo(8) may leave it behind.
bool is_home_of_another(const std::string& home) {
    struct stat status {};
    return ::stat(home.c_str(), &status) == 0 && status.st_uid != ::geteuid();
}

/// The user's own files. What is wrong with them may be wrong with HOME.
std::vector<fs::path> own_files(const ConfigInputs& inputs) {
    const fs::path own = user_directory(inputs, "XDG_CONFIG_HOME", ".config");
    try {
        return own.empty() ? std::vector<fs::path>{} : files_in(own);
    } catch (const Error& error) {
        const std::string home = variable(inputs, "HOME");
        if (!is_home_of_another(home)) {
            throw;
        }
        fail(error.kind(),
             "{} (HOME is '{}', which belongs to another user: set HOME, or give --config and "
             "--state-dir)",
             error.what(),
             home);
    }
}

/// Settings that must not lie in a readable file, as systemd hands them over (systemd.exec(5)).
void add_credentials(const ConfigInputs& inputs, std::vector<fs::path>& files) {
    const fs::path directory = variable(inputs, "CREDENTIALS_DIRECTORY");
    if (!directory.empty() && is_there(directory / kCredential)) {
        files.push_back(directory / kCredential);
    }
}

fs::path find_catalogue(const ConfigInputs& inputs) {
    fs::path named = variable(inputs, "ISINFETCH_CATALOGUE");
    std::error_code ignored;
    if (!named.empty() && !fs::is_directory(named, ignored)) {
        fail(ErrorKind::config, "ISINFETCH_CATALOGUE: {}: no such folder", named.native());
    }
    fs::path installed = (inputs.program_dir / "../share/isinfetch/sources.d").lexically_normal();
    if (named.empty() && !inputs.program_dir.empty() && fs::is_directory(installed, ignored)) {
        return installed;
    }
    return named;
}

/// For programs started without an environment, such as by 'env -i'.
void add_home(ConfigInputs& inputs) {
    if (!variable(inputs, "HOME").empty()) {
        return;
    }
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    const int failure = getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
    if (failure == 0 && found != nullptr && found->pw_dir != nullptr) {
        std::erase_if(inputs.environment, [](const auto& one) { return one.first == "HOME"; });
        inputs.environment.emplace_back("HOME", found->pw_dir);
    }
}

}  // namespace

namespace {

/// As a shell reads *.yaml: what an editor or a package manager hides beside a file is none. A link
/// that leads nowhere counts, so that somebody hears of it.
bool is_yaml_file(const fs::path& path) {
    const std::string name = path.filename().native();
    std::error_code unknown;
    const fs::file_status status = fs::status(path, unknown);
    const bool is_other = fs::exists(status) && !fs::is_regular_file(status);
    return name.ends_with(".yaml") && !name.starts_with('.') && !is_other;
}

/// Where the program lies. Some sandboxes have no /proc: then as it was started, if by its path.
fs::path program_directory() {
    std::error_code unknown;
    fs::path program = fs::read_symlink("/proc/self/exe", unknown);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): getauxval(3) says that it is an address
    const auto* const started_as = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
    if (program.empty() && started_as != nullptr && *started_as == '/') {
        program = fs::canonical(started_as, unknown);
    }
    return program.parent_path();
}

}  // namespace

std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& directory) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::directory_iterator entry(directory, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (is_yaml_file(entry->path())) {
            files.push_back(entry->path());
        }
    }
    if (failure) {
        fail(ErrorKind::config, "{}: {}", directory.native(), failure.message());
    }
    std::sort(files.begin(), files.end());
    return files;
}

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
    inputs.program_dir = program_directory();
    add_home(inputs);
    return inputs;
}

std::optional<std::filesystem::path> explicit_file(const ConfigInputs& inputs) {
    if (inputs.file) {
        return inputs.file;
    }
    const std::string named = variable(inputs, "ISINFETCH_CONFIG");
    return named.empty() ? std::nullopt : std::optional<fs::path>(named);
}

ConfigFiles find_config_files(const ConfigInputs& inputs) {
    ConfigFiles found{.catalogue = find_catalogue(inputs)};
    if (const auto named = explicit_file(inputs)) {
        std::error_code ignored;
        if (!is_there(*named) || fs::is_directory(*named, ignored)) {
            fail(ErrorKind::config, "{}: no such file", named->native());
        }
        found.files = {*named};
    } else if (!is_service(inputs)) {
        found.files = own_files(inputs);
    }
    if (found.files.empty()) {
        found.files = files_in(kSystemDirectory);
    }
    add_credentials(inputs, found.files);
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
        return kServiceStateDir;
    }
    return user_directory(inputs, "XDG_STATE_HOME", ".local/state");
}

}  // namespace isinfetch
