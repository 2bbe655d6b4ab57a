#include "cli/bulk.hpp"
#include "cli/commands.hpp"
#include "core/convert.hpp"
#include "core/identifiers.hpp"
#include "core/isin.hpp"
#include "util/json.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch::cli {

namespace {

constexpr std::string_view kIsin = "isin";

struct ConvertCommand {
    BulkInput input{};
    std::string from{kIsin};
    std::string to{kIsin};
    std::string country{};
    std::string output{"text"};
    bool lenient = false;
};

/// What the command line asks for, checked.
struct Task {
    const NumberInIsin* number = nullptr;
    bool to_isin = false;
    std::string country{};
    bool lenient = false;
};

Task make_task(const ConvertCommand& command) {
    const bool to_isin = command.to == kIsin;
    if (to_isin == (command.from == kIsin)) {
        fail(ErrorKind::usage, "convert: either --from or --to must name another number than isin");
    }
    Task task{.number = find_number_in_isin(to_isin ? command.from : command.to),
              .to_isin = to_isin,
              .country = upper(command.country),
              .lenient = command.lenient};
    if (!to_isin && !task.country.empty()) {
        fail(ErrorKind::usage, "--country: is for --from: an ISIN has its country already");
    }
    if (!task.country.empty() && !may_hold(task.country, *task.number)) {
        fail(ErrorKind::usage,
             "--country {}: its ISINs hold no {}",
             printable(task.country),
             find_identifier(task.number->name)->noun);
    }
    return task;
}

Conversion convert_text(std::string_view text, const Task& task) {
    const std::string clean = task.lenient ? lenient_form(text) : std::string();
    const std::string_view input = task.lenient ? clean : text;
    return task.to_isin ? isin_from_number(input, *task.number, task.country)
                        : number_from_isin(input, *task.number);
}

// One line of the result. Inputs are as they were given, but for what would break the line.
using ResultLine = void (*)(std::string& out, std::string_view input, const Conversion& found);

void text_line(std::string& out, std::string_view /*input*/, const Conversion& found) {
    out += found.text;
    out += '\n';
}

void tsv_line(std::string& out, std::string_view input, const Conversion& found) {
    out += printable(input, kMaxLine);
    out += '\t';
    out += found.text;
    out += '\t';
    out += found.error;
    out += '\n';
}

void json_line(std::string& out, std::string_view input, const Conversion& found) {
    const auto value = [](std::string_view text) {
        return text.empty() ? std::string("null") : json_quote(text);
    };
    out += "{\"input\":" + json_quote(input) + ",\"output\":" + value(found.text) +
           ",\"error\":" + value(found.error) + "}\n";
}

struct ResultFormat {
    std::string_view name;
    ResultLine line;
};

constexpr std::array kResultFormats{
    ResultFormat{"text", text_line},
    ResultFormat{"tsv", tsv_line},
    ResultFormat{"json", json_line},
};

ExitCode convert(const ConvertCommand& command, Session& session) {
    const Task task = make_task(command);
    require_one_input("convert", command.input);
    const ResultLine line =
        std::ranges::find(kResultFormats, command.output, &ResultFormat::name)->line;
    BulkOutput output(session.streams().out);
    ExitCode code = ExitCode::ok;
    for_each_text(command.input, output, [&](const BulkText& given) {
        const Conversion found =
            given.too_long ? Conversion{.error = fmt::format("longer than {} bytes", kMaxLine)}
                           : convert_text(given.text, task);
        if (!found.good()) {
            const std::string shown = given.text.empty() ? "''" : printable(given.text);
            log(LogLevel::error, "{}{}: {}", given.place(), shown, found.error);
            code = ExitCode::data;
        }
        line(output.text(), given.text, found);
        output.flush_when_large();
    });
    return code;
}

std::vector<std::string> kind_names() {
    std::vector<std::string> names = names_of(numbers_in_isins());
    names.insert(names.begin(), std::string(kIsin));
    return names;
}

}  // namespace

void add_convert(CLI::App& app, Action& action) {
    auto command = std::make_shared<ConvertCommand>();
    CLI::App* convert_app =
        app.add_subcommand("convert", "Convert between ISINs and the national numbers inside");
    add_input(*convert_app, "NUMBER", "convert", command->input);
    convert_app->add_option("--from", command->from, "What is given: isin, or the kind of number")
        ->type_name("KIND")
        ->default_str(std::string(kIsin))
        ->check(one_of(kind_names()));
    convert_app->add_option("--to", command->to, "What is wanted: isin, or the kind of number")
        ->type_name("KIND")
        ->default_str(std::string(kIsin))
        ->check(one_of(kind_names()));
    convert_app->add_option("--country", command->country, "The prefix of the ISINs that are made")
        ->type_name("CC");
    convert_app->add_flag("--lenient",
                          command->lenient,
                          "Pass over blanks and hyphens, and take small letters for capitals");
    convert_app
        ->add_option("-o,--output-format", command->output, "How to print: text, tsv or json")
        ->type_name("FORMAT")
        ->default_str(command->output)
        ->check(one_of(names_of(std::span(kResultFormats))));
    convert_app->callback([command, &action] {
        action = [command](Session& session) { return convert(*command, session); };
    });
}

}  // namespace isinfetch::cli
