#include "config/home.hpp"
#include "support/catch.hpp"

#include <unistd.h>

using namespace isinfetch;
using isinfetch::test::Home;
using isinfetch::test::write_file;
namespace fs = std::filesystem;

TEST_CASE_METHOD(Home, "the user's own files come before the system's", "[config]") {
    write_file(settings() / "isinfetch.yaml", "");
    write_file(settings() / "conf.d" / "b.yaml", "");
    write_file(settings() / "conf.d" / "a.yaml", "");
    write_file(settings() / "conf.d" / "a.yaml.bak", "");
    CHECK(find_config_files(inputs).files ==
          std::vector<fs::path>{settings() / "isinfetch.yaml",
                                settings() / "conf.d" / "a.yaml",
                                settings() / "conf.d" / "b.yaml"});
    inputs.environment.emplace_back("XDG_CONFIG_HOME", (directory / "xdg").string());
    write_file(directory / "xdg" / "isinfetch" / "isinfetch.yaml", "");
    CHECK(find_config_files(inputs).files ==
          std::vector<fs::path>{directory / "xdg" / "isinfetch" / "isinfetch.yaml"});
}

TEST_CASE_METHOD(Home, "a service does not read anybody's home", "[config]") {
    write_file(settings() / "isinfetch.yaml", "jobs: 4\n");
    const bool as_system_user = GENERATE(true, false);
    if (as_system_user) {
        inputs.system_user = true;
    } else {
        inputs.environment.emplace_back("STATE_DIRECTORY", "/var/lib/isinfetch");
    }
    for (const fs::path& file : find_config_files(inputs).files) {
        CHECK_THAT(file.string(), StartsWith("/etc/isinfetch/"));
    }
    CHECK(default_state_dir(inputs) == "/var/lib/isinfetch");
}

TEST_CASE_METHOD(Home, "systemd's credential wins over every other file", "[config]") {
    inputs.environment.emplace_back("CREDENTIALS_DIRECTORY", (directory / "creds").string());
    CHECK(load("jobs: 4\n").config.jobs == 4);  // no such credential: no mistake

    write_file(directory / "creds" / "isinfetch.credentials",
               "jobs: 5\nsources: {listed: {headers: {Authorization: Bearer abc}}}\n");
    CHECK(load("jobs: 4\n").config.jobs == 5);
    CHECK(load().config.find("listed")->fetch.headers.size() == 2);
    write_file(directory / "option.yaml", "jobs: 6\n");
    inputs.file = directory / "option.yaml";
    CHECK(load().config.jobs == 5);
}

TEST_CASE_METHOD(Home, "no file at all is no mistake", "[config]") {
    CHECK(load().config.find("listed") != nullptr);
    CHECK(default_state_dir(inputs) == directory / ".local" / "state" / "isinfetch");
}

TEST_CASE_METHOD(Home, "a relative XDG directory counts as not set", "[config]") {
    inputs.environment.emplace_back("XDG_STATE_HOME", "state");
    CHECK(default_state_dir(inputs) == directory / ".local" / "state" / "isinfetch");
}

TEST_CASE_METHOD(Home, "the option wins over the variable that names a file", "[config]") {
    write_file(directory / "option.yaml", "jobs: 5\n");
    write_file(directory / "variable.yaml", "jobs: 6\n");
    inputs.environment.emplace_back("ISINFETCH_CONFIG", (directory / "variable.yaml").string());
    CHECK(load().config.jobs == 6);
    inputs.file = directory / "option.yaml";
    CHECK(load().config.jobs == 5);
}

TEST_CASE_METHOD(Home, "what was asked for and is not there is a mistake", "[config]") {
    inputs.file = directory / "catalogue";
    CHECK_THROWS_WITH(load(), inputs.file->string() + ": no such file");
    inputs.file.reset();
    inputs.environment = {{"HOME", directory.path().string()}, {"ISINFETCH_CATALOGUE", "/no/such"}};
    CHECK_THROWS_WITH(load(), "ISINFETCH_CATALOGUE: /no/such: no such folder");
}

TEST_CASE_METHOD(Home,
                 "the catalogue beside the program is preferred to the built-in",
                 "[config]") {
    inputs.environment = {{"HOME", directory.path().string()}};
    inputs.program_dir = directory / "bin";
    CHECK(find_config_files(inputs).catalogue.empty());
    write_file(directory / "share" / "isinfetch" / "sources.d" / "x.yaml",
               "sources: {theirs: {url: https://x.example/, format: lines}}\n");
    CHECK(find_config_files(inputs).catalogue == directory / "share" / "isinfetch" / "sources.d");
    CHECK(load().config.sources.size() == 1);
}

TEST_CASE_METHOD(Home, "a folder that may not be read is not passed over", "[config]") {
    if (geteuid() == 0) {
        return;  // root may read everything
    }
    write_file(settings() / "conf.d" / "a.yaml", "jobs: 4\n");
    fs::permissions(settings() / "conf.d", fs::perms::none);
    CHECK_THROWS_WITH(load(), ContainsSubstring("conf.d: Permission denied"));
    fs::permissions(settings() / "conf.d", fs::perms::owner_all);
}

TEST_CASE_METHOD(Home, "a conf.d that is no folder is not passed over", "[config]") {
    write_file(settings() / "conf.d", "jobs: 4\n");
    CHECK_THROWS_WITH(load(), ContainsSubstring("conf.d: Not a directory"));
}

TEST_CASE("a process always knows a home", "[config]") {
    const ConfigInputs inputs = process_inputs();
    CHECK_FALSE(inputs.program_dir.empty());
    CHECK_FALSE(default_state_dir(inputs).empty());
}
