#include "cli/help.hpp"

#include "support/catch.hpp"
#include "util/text.hpp"

using namespace isinfetch;
using namespace isinfetch::cli;

namespace {

CommandModel sample() {
    CommandModel run{.path = "run", .summary = "Run it", .group = "Work"};
    run.options = {{.names = {"-h", "--help"}},
                   {.names = {"-n", "--dry-run"}, .summary = "Do everything but the commit"},
                   {.names = {"--wait"},
                    .summary = "Wait so long for a very long explanation that must be broken into"
                               " several lines of which none is too wide",
                    .value = {.kind = ValueKind::text, .label = "DURATION", .fallback = "5m"}},
                   {.names = {"-x", "--exceptionally-long"},
                    .summary = "Stands alone",
                    .value = {.kind = ValueKind::text, .label = "VALUE"}}};
    run.positionals = {{.value = {.kind = ValueKind::source, .label = "SOURCE"},
                        .repeats = true,
                        .summary = "What to run"}};
    CommandModel root{.summary = "Does things", .needs_command = true};
    root.options = {{.names = {"-h", "--help"}}, {.names = {"-q", "--quiet"}, .summary = "Hush"}};
    root.commands = {run,
                     {.path = "status", .summary = "Show it", .group = "Work"},
                     {.path = "doctor", .summary = "Look", .group = "Mend"}};
    return root;
}

}  // namespace

TEST_CASE("the help of a command has all of it, lined up", "[cli]") {
    const CommandModel root = sample();
    const std::string text = help_text(root, root.commands.front());
    CHECK(text.substr(0, text.find("\nExamples:")) == R"(Run it.

Usage: isinfetch run [OPTION]... [SOURCE]...

Arguments:
  SOURCE...  What to run

Options:
  -n, --dry-run        Do everything but the commit
      --wait DURATION  Wait so long for a very long explanation that must be
                       broken into several lines of which none is too wide
                       (default: 5m)
  -x, --exceptionally-long VALUE
                       Stands alone
  -h, --help           Print this and exit
)");
    CHECK_THAT(text, ContainsSubstring("The options of every command (--quiet)"));
}

TEST_CASE("the help of the program has its commands by task", "[cli]") {
    const CommandModel root = sample();
    CHECK_THAT(help_text(root, root), ContainsSubstring(R"(
Usage: isinfetch [OPTION]... COMMAND

Work:
  run     Run it
  status  Show it

Mend:
  doctor  Look

Options of every command:
  -q, --quiet  Hush
  -h, --help   Print this and exit
)"));
}
