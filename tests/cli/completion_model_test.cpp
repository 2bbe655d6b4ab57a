#include "cli/completion_model.hpp"

#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "support/catch.hpp"

#include <CLI/CLI.hpp>

using namespace isinfetch::cli;

namespace {

/// A command line with one of everything.
struct Sample {
    CLI::App app{"Does things", "thing"};
    std::string text{};
    std::vector<std::string> texts{};
    bool flag = false;
    int count = 0;

    Sample() {
        app.add_option("-c,--config", text, "Read this")->type_name("FILE");
        app.add_flag("-v,--verbose", count, "Say more");
        CLI::App* run = app.add_subcommand("run", "Run it");
        run->add_option("SOURCE", texts, "What")->type_name("");
        run->add_flag("-n,--dry-run", flag, "Don't");
        run->add_option("--wait", text, "So long")->type_name("DURATION");
        run->add_option("-o,--output-format", text, "How")
            ->type_name("FORMAT")
            ->check(one_of({"text", "json"}));
        CLI::App* config = app.add_subcommand("config", "Settings");
        config->add_subcommand("show", "Show them")
            ->add_option("--set", texts, "Set")
            ->type_name("KEY=VALUE");
        app.add_subcommand("words", "Hidden")->group("");
        run->add_flag("--secret", flag, "Hidden")->group("");
    }

    CommandModel model() { return describe_commands(app); }
};

const OptionModel& option(const CommandModel& command, const std::string& name) {
    for (const OptionModel& candidate : command.options) {
        if (main_name(candidate) == name) {
            return candidate;
        }
    }
    throw std::runtime_error("no option " + name);
}

}  // namespace

TEST_CASE("the model has every command that is not hidden, with its path", "[completion]") {
    const CommandModel root = Sample().model();
    std::vector<std::string> paths;
    for (const CommandModel* command : all_commands(root)) {
        paths.push_back(command->path);
    }
    CHECK(paths == std::vector<std::string>{"", "run", "config", "config show"});
    CHECK(all_commands(root).back()->name() == "show");
    CHECK(root.commands.front().summary == "Run it");
}

TEST_CASE("an option has its names, short ones first, and the kind of its value", "[completion]") {
    const CommandModel root = Sample().model();
    const CommandModel& run = root.commands.front();
    CHECK(option(root, "--config").names == std::vector<std::string>{"-c", "--config"});
    CHECK(option(root, "--config").value.kind == ValueKind::file);
    CHECK(option(root, "--verbose").value.kind == ValueKind::none);
    CHECK(option(root, "--verbose").repeats);
    CHECK(option(run, "--dry-run").value.kind == ValueKind::none);
    CHECK_FALSE(option(run, "--dry-run").repeats);
    CHECK(option(run, "--wait").value.kind == ValueKind::text);
    CHECK(option(run, "--wait").value.label == "DURATION");
    CHECK(option(run, "--output-format").value.kind == ValueKind::choice);
    CHECK(option(run, "--output-format").value.choices == std::vector<std::string>{"text", "json"});
    CHECK(option(root.commands.back().commands.front(), "--set").value.kind == ValueKind::setting);
    CHECK_THROWS(option(run, "--secret"));
}

TEST_CASE("a positional is told by its name", "[completion]") {
    const CommandModel root = Sample().model();
    const auto& positionals = root.commands.front().positionals;
    REQUIRE(positionals.size() == 1);
    CHECK(positionals.front().value.kind == ValueKind::source);
    CHECK(positionals.front().repeats);
}

TEST_CASE("every shell's script names every command, option and choice", "[completion]") {
    const CommandModel root = Sample().model();
    for (const Shell& shell : shells()) {
        const std::string script = shell.script(root);
        CAPTURE(shell.name);
        for (const char* word :
             {"config", "show", "dry-run", "output-format", "text json", "wait"}) {
            CHECK_THAT(script, ContainsSubstring(word));
        }
        CHECK_THAT(script, !ContainsSubstring("secret"));
        CHECK(script.back() == '\n');
    }
}

TEST_CASE("a quote inside a quoted text ends it for a moment", "[completion]") {
    CHECK(quote_for_shell("Don't") == R"('Don'\''t')");
    CHECK(quote_for_shell("") == "''");
}

TEST_CASE("keys are completed level by level", "[completion]") {
    const std::vector<std::string> keys{
        "jobs", "network.proxy", "network.retry.attempts", "network.retry.budget", "sources.a.url"};
    struct Case {
        const char* prefix;
        std::vector<std::string> expected;
        const char* why;
    };
    const std::vector<Case> cases{
        {"", {"jobs=", "network.", "sources."}, "the top level, each level once"},
        {"j", {"jobs="}, "a whole key"},
        {"net", {"network."}, "a level"},
        {"network.", {"network.proxy=", "network.retry."}, "both"},
        {"network.retry.b", {"network.retry.budget="}, "the last level"},
        {"jobs=", {}, "nothing is known of values"},
        {"x", {}, "no such key"},
    };
    for (const Case& row : cases) {
        CAPTURE(row.prefix, row.why);
        CHECK(next_steps(keys, row.prefix) == row.expected);
    }
}

TEST_CASE("the choices of a validator can be read back", "[completion]") {
    CHECK(choices_in(one_of({"csv", "jsonl"}).get_name()) ==
          std::vector<std::string>{"csv", "jsonl"});
    CHECK(choices_in("").empty());
    CHECK(choices_in("DURATION").empty());
}
