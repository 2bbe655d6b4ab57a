#include "cli/command_line.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::cli;

namespace {

ValueModel value(ValueKind kind, const char* label) {
    return {.kind = kind, .label = label};
}

/// A program with one of everything.
CommandModel sample() {
    const ValueModel format{
        .kind = ValueKind::choice, .label = "FORMAT", .choices = {"text", "json"}};
    const OptionModel help{.names = {"-h", "--help"}};
    CommandModel root{.needs_command = true};
    root.options = {
        help,
        {.names = {"-V", "--version"}},
        {.names = {"-c", "--config"}, .value = value(ValueKind::file, "FILE")},
        {.names = {"--set"}, .value = value(ValueKind::setting, "KEY=VALUE"), .repeats = true},
        {.names = {"-v", "--verbose"}, .repeats = true}};
    CommandModel run{.path = "run"};
    run.options = {help,
                   {.names = {"-n", "--dry-run"}},
                   {.names = {"-j", "--jobs"},
                    .value = {.kind = ValueKind::text, .label = "N", .least = 1, .most = 64}},
                   {.names = {"--wait"}, .value = value(ValueKind::text, "DURATION")},
                   {.names = {"-o", "--output-format"}, .value = format},
                   {.names = {"--exit-unchanged"},
                    .value = {.kind = ValueKind::none, .label = "N", .least = 1, .most = 125},
                    .may_attach = true},
                   {.names = {"--enable"},
                    .value = value(ValueKind::source, "SOURCE"),
                    .repeats = true,
                    .takes_several = true,
                    .excludes = {"SOURCE", "--dry-run"}}};
    run.positionals = {{.value = value(ValueKind::source, "SOURCE"), .repeats = true}};
    CommandModel diff{.path = "diff"};
    diff.options = {
        help, {.names = {"--since"}, .value = value(ValueKind::text, "WHEN"), .required = true}};
    diff.positionals = {{.value = value(ValueKind::source, "SOURCE"), .required = true},
                        {.value = value(ValueKind::text, "FROM")}};
    CommandModel config{.path = "config", .needs_command = true};
    config.commands = {{.path = "config show", .options = {help}},
                       {.path = "config words", .is_hidden = true}};
    root.commands = {run, diff, config};
    return root;
}

/// "run --wait=5s -- a b", or what is wrong, each in one line.
std::string read(const std::vector<std::string>& words) {
    CommandLine line;
    try {
        read_command_line(sample(), words, line);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::usage);
        return error.what();
    }
    if (line.wish != Wish::act) {
        return (line.wish == Wish::help ? "help of " : "version of ") + line.path;
    }
    std::string text = line.path;
    for (const GivenOption& option : line.options) {
        text +=
            " " + (option.owner.empty() ? std::string("*") : "") + option.name + "=" + option.value;
    }
    text += line.arguments.empty() ? "" : " --";
    for (const std::string& argument : line.arguments) {
        text += " " + argument;
    }
    return text;
}

}  // namespace

TEST_CASE("a command line is read as people write it", "[cli]") {
    struct Case {
        std::vector<std::string> words;
        const char* expected;
        const char* why;
    };
    const std::vector<Case> cases{
        {{"run"}, "run", "a command alone"},
        {{"run", "a", "b"}, "run -- a b", "arguments"},
        {{"config", "show"}, "config show", "a command below a command"},
        {{"config", "words"}, "config words", "a hidden one"},
        {{"run", "-n", "a"}, "run --dry-run= -- a", "a short flag has its long name"},
        {{"run", "a", "-n"}, "run --dry-run= -- a", "options behind arguments"},
        {{"run", "-vv", "-v"}, "run *--verbose= *--verbose= *--verbose=", "flags together"},
        {{"-v", "run", "-v"}, "run *--verbose= *--verbose=", "of the program, anywhere"},
        {{"run", "-nv"}, "run --dry-run= *--verbose=", "of command and program together"},
        {{"run", "-n", "-n"}, "run --dry-run=", "a flag twice is a flag"},
        {{"run", "-ojson"}, "run --output-format=json", "attached"},
        {{"run", "-o=json"}, "run --output-format=json", "attached as other tools do"},
        {{"run", "-no", "json"}, "run --dry-run= --output-format=json", "last of several"},
        {{"run", "--output-format=json"}, "run --output-format=json", "a long one, attached"},
        {{"run", "--set", "a=[b,c]"}, "run *--set=a=[b,c]", "brackets mean nothing"},
        {{"run", "--set=a=1", "--set", "b=2"}, "run *--set=a=1 *--set=b=2", "repeated"},
        {{"run", "[a,b]", "{c}"}, "run -- [a,b] {c}", "nor in arguments"},
        {{"run", "--", "-n", "--help"}, "run -- -n --help", "behind --, no options"},
        {{"run", "-", "-5"}, "run -- - -5", "a hyphen and a number are arguments"},
        {{"run", "-c", "-"}, "run *--config=-", "or values"},
        {{"run", "-c", "-x"}, "run *--config=-x", "as is what is no option"},
        {{"run", "--exit-unchanged", "9"}, "run --exit-unchanged= -- 9", "only attached"},
        {{"run", "--exit-unchanged=9"}, "run --exit-unchanged=9", "its number"},
        {{"run", "--enable", "a", "b", "-v"}, "run --enable=a --enable=b *--verbose=", "several"},
        {{"run", "run"}, "run -- run", "a command's name, as an argument"},
        {{"diff", "x", "--since", "7d"}, "diff --since=7d -- x", "what is required"},
        {{"-h"}, "help of ", "of the program"},
        {{"run", "-nh"}, "help of run", "of a command"},
        {{"run", "--wait", "soon", "--help"}, "help of run", "help wins over mistakes"},
        {{"diff", "--help"}, "help of diff", "and over what is missing"},
        {{"run", "--version"}, "version of run", "the version, anywhere"},
    };
    for (const Case& row : cases) {
        CAPTURE(row.why, row.words);
        CHECK(read(row.words) == row.expected);
    }
}

TEST_CASE("a command line that is wrong is told what was probably meant", "[cli]") {
    struct Case {
        std::vector<std::string> words;
        const char* expected;
    };
    const std::vector<Case> cases{
        {{"rnu"}, "'rnu' is no command; did you mean 'run'?"},
        {{"frobnicate"}, "'frobnicate' is no command"},
        {{"config", "shwo"}, "'config shwo' is no command; did you mean 'config show'?"},
        {{"config", "word"}, "'config word' is no command"},
        {{"config"}, "config: needs one of show"},
        {{"r\x1b[1mn"}, "'r\\x1B[1mn' is no command"},
        {{"run", "--dry-rum"}, "'--dry-rum' is no option of 'run'; did you mean '--dry-run'?"},
        {{"run", "--confg", "x"}, "'--confg' is no option of 'run'; did you mean '--config'?"},
        {{"run", "-jobs"}, "--jobs: 'obs' is not a whole number from 1 to 64"},
        {{"run", "-dry-run"},
         "'-d' (in '-dry-run') is no option of 'run'; did you mean '--dry-run'?"},
        {{"run", "--since", "7d"}, "'--since' is no option of 'run': it is one of 'diff'"},
        {{"--dry-run", "run"}, "'--dry-run' is no option of 'isinfetch': it is one of 'run'"},
        {{"run", "-ä"}, "'-\\xC3' (in '-ä') is no option of 'run'"},
        {{"run", "--wait"}, "--wait: DURATION is missing"},
        {{"run", "--wait", "-n"}, "--wait: DURATION is missing before '-n'"},
        {{"run", "--wait", "--", "a"}, "--wait: DURATION is missing before '--'"},
        {{"run", "--wait="}, "--wait: the value is empty"},
        {{"run", "-c", ""}, "--config: the value is empty"},
        {{"run", ""}, "SOURCE: the value is empty"},
        {{"run", "--dry-run=yes"}, "--dry-run: takes no value: 'yes'"},
        {{"run", "-o", "2"}, "--output-format: '2' is none of text, json"},
        {{"run", "-o", "jsno"},
         "--output-format: 'jsno' is none of text, json; did you mean 'json'?"},
        {{"run", "-o", "text", "-o", "json"}, "--output-format: given twice, as 'text' and 'json'"},
        {{"run", "--exit-unchanged=0"},
         "--exit-unchanged: '0' is not a whole number from 1 to 125"},
        {{"run", "--enable", "a", "--", "b"}, "--enable: not together with the argument 'b'"},
        {{"run", "-n", "--enable", "a"}, "--enable: not together with --dry-run"},
        {{"config", "show", "x"}, "config show: takes no arguments: 'x'"},
        {{"diff", "a", "b", "c", "--since=7d"}, "diff: takes no further argument: 'c'"},
        {{"diff", "--since=7d"},
         "diff: SOURCE is missing: isinfetch diff --since WHEN [OPTION]... SOURCE [FROM]"},
        {{"diff", "a"},
         "diff: --since WHEN is missing: isinfetch diff --since WHEN [OPTION]... SOURCE [FROM]"},
    };
    for (const Case& row : cases) {
        CAPTURE(row.words);
        CHECK(read(row.words) == row.expected);
    }
    CHECK_THAT(read({}), StartsWith("no command is given"));
    CHECK_THAT(read({"-v"}), StartsWith("no command is given"));
}
