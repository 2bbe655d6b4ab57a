#include "cli/config_target.hpp"

#include "config/bind.hpp"

#include <algorithm>

namespace isinfetch::cli {

namespace {

namespace fs = std::filesystem;

/// "/etc/isinfetch/conf.d/x.yaml" of "/etc/isinfetch/conf.d/x.yaml:12".
std::string file_of(const std::string& origin) {
    return origin.substr(0, origin.rfind(':'));
}

fs::path named_file(const std::string& source, Session& session) {
    find_source(session.config(), source);
    const auto files = find_config_files(session.inputs()).files;
    const Value* const sources = session.loaded().tree.find("sources");
    const Value* const enabled = find_path(*sources->find(source), "enabled");
    const auto written = std::ranges::find(files, fs::path(file_of(enabled->origin)));
    if (written != files.end()) {
        return *written;
    }
    const auto only_one = explicit_file(session.inputs());
    return only_one ? *only_one : drop_in_directory(session.inputs()) / (source + ".yaml");
}

}  // namespace

fs::path file_to_edit(const std::string& source, Session& session) {
    const fs::path path = named_file(source, session);
    std::error_code absent;
    const fs::path real = fs::canonical(path, absent);
    return absent ? path : real;
}

}  // namespace isinfetch::cli
