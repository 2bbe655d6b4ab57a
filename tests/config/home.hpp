// A user's home in a directory of the test's own: nothing of this machine's configuration is read.
#pragma once

#include "config/load.hpp"
#include "support/temp_dir.hpp"
#include "util/atomic_file.hpp"
#include "util/error.hpp"

#include <string>
#include <string_view>

namespace isinfetch::test {

inline void write_file(const std::filesystem::path& path, std::string_view text) {
    make_directories(path.parent_path());
    AtomicFile file(path);
    file.write(text);
    file.commit();
}

struct Home {
    TempDir directory{};
    ConfigInputs inputs{};

    Home() {
        write_file(directory / "catalogue" / "x.yaml",
                   "sources:\n"
                   "  listed:\n"
                   "    url: https://publisher.example/list.csv\n"
                   "    format: csv\n"
                   "    columns: {isin: ISIN, name: [Name, Title]}\n"
                   "    headers: {Referer: https://publisher.example/}\n");
        inputs.environment = {{"HOME", directory.path().string()},
                              {"ISINFETCH_CATALOGUE", (directory / "catalogue").string()}};
    }

    std::filesystem::path settings() const { return directory / ".config" / "isinfetch"; }

    LoadedConfig load() const { return load_config(inputs); }

    LoadedConfig load(std::string_view text) const {
        write_file(settings() / "isinfetch.yaml", text);
        return load_config(inputs);
    }

    SourceConfig listed(std::string_view entry) const {
        return *load("sources: {listed: {" + std::string(entry) + "}}\n").config.find("listed");
    }

    /// What is wrong with the configuration; empty when nothing is.
    std::string complaint(std::string_view text) const {
        try {
            load(text);
        } catch (const Error& error) {
            return error.kind() == ErrorKind::config ? error.what() : "another kind of error";
        }
        return "";
    }
};

}  // namespace isinfetch::test
