#include "cli/written_places.hpp"

#include "cli/command.hpp"
#include "cli/completion_model.hpp"
#include "support/catch.hpp"

#include <CLI/CLI.hpp>

using namespace isinfetch;
using namespace isinfetch::cli;

namespace {

/// The whole program's command line.
class Program {
public:
    Program() {
        for (const Command& command : commands()) {
            command.add(app_, action_);
        }
        model_ = describe_all(app_);
    }

    const CommandModel& model() const noexcept { return model_; }

private:
    Action action_{};
    CLI::App app_{"", "isinfetch"};
    CommandModel model_{};
};

/// Every command that can be given, hidden ones too.
void collect(const CommandModel& command, std::vector<const CommandModel*>& found) {
    if (!command.path.empty() && !command.needs_command) {
        found.push_back(&command);
    }
    for (const CommandModel& below : command.commands) {
        collect(below, found);
    }
}

std::vector<const CommandModel*> commands_of(const Program& program) {
    std::vector<const CommandModel*> found;
    collect(program.model(), found);
    return found;
}

bool writes(std::string_view path) {
    return std::ranges::any_of(written_places(),
                               [&](const Written& row) { return row.command == path; });
}

bool only_reads(std::string_view path) {
    return std::ranges::any_of(reading_commands(), [&](std::string_view row) {
        return path == row || path.starts_with(std::string(row) + " ");
    });
}

bool is_option_written(std::string_view path, std::string_view option) {
    return std::ranges::any_of(written_places(), [&](const Written& row) {
        return row.command == path && row.option == option;
    });
}

}  // namespace

TEST_CASE("of every command it is said whether it writes", "[cli][root]") {
    const Program program;
    const auto all = commands_of(program);
    REQUIRE(all.size() > 30);
    for (const CommandModel* command : all) {
        INFO(command->path);
        CHECK(writes(command->path) != only_reads(command->path));
    }
}

TEST_CASE("what is said of commands is said of some that there are", "[cli][root]") {
    const Program program;
    for (const Written& row : written_places()) {
        INFO(row.command);
        const CommandModel* const command = find_command(program.model(), row.command);
        REQUIRE(command != nullptr);
        if (!row.option.empty()) {
            const OptionModel* const option = find_option(*command, row.option);
            REQUIRE(option != nullptr);
            CHECK(main_name(*option) == row.option);
        }
        CHECK(row.argument < static_cast<int>(command->positionals.size()));
        const bool is_named = row.target == Target::location || row.target == Target::file ||
                              row.target == Target::folder || row.target == Target::configuration;
        CHECK(is_named == (!row.option.empty() || row.argument >= 0));
    }
    for (const std::string_view path : reading_commands()) {
        INFO(path);
        CHECK(find_command(program.model(), path) != nullptr);
    }
}

TEST_CASE("every option of a writing command that names a file is a place", "[cli][root]") {
    const Program program;
    std::size_t count = 0;
    for (const CommandModel* command : commands_of(program)) {
        for (const OptionModel& option : command->options) {
            const ValueKind kind = option.value.kind;
            if (writes(command->path) &&
                (kind == ValueKind::file || kind == ValueKind::directory)) {
                INFO(command->path << ' ' << main_name(option));
                CHECK(is_option_written(command->path, main_name(option)));
                ++count;
            }
        }
    }
    CHECK(count >= 3);
}
