#include "cli/command.hpp"
#include "cli/line_input.hpp"
#include "core/convert.hpp"
#include "core/identifiers.hpp"
#include "util/json.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace isinfetch::cli {

namespace {

constexpr std::size_t kMaxLine = 65536;
constexpr std::string_view kIsin = "isin";

struct ConvertCommand {
    std::vector<std::string> numbers{};
    std::string file{};
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

/// Without blanks and hyphens, in capital letters; ASCII only.
std::string cleaned(std::string_view text) {
    std::string result = upper(text);
    std::erase_if(result, [](char letter) {
        return std::string_view(" \t\r\n\v\f-").find(letter) != std::string_view::npos;
    });
    return result;
}

Conversion convert_text(std::string_view text, const Task& task) {
    const std::string clean = task.lenient ? cleaned(text) : std::string();
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

/// The results, written in large pieces, and the complaints.
class Results {
public:
    Results(std::ostream& out, std::string_view format)
        : out_(out), line_(std::ranges::find(kResultFormats, format, &ResultFormat::name)->line) {}

    /// `place` is "FILE:LINE: " or empty.
    void add(std::string_view place, std::string_view input, const Conversion& found) {
        if (!found.good()) {
            const std::string shown = input.empty() ? "''" : printable(input);
            log(LogLevel::error, "{}{}: {}", place, shown, found.error);
            code_ = ExitCode::data;
        }
        line_(text_, input, found);
        if (text_.size() >= kChunk) {
            flush();
        }
    }

    void flush() {
        if (!out_.write(text_.data(), static_cast<std::streamsize>(text_.size())).flush()) {
            fail(ErrorKind::io, "standard output: cannot be written");
        }
        text_.clear();
    }

    ExitCode code() const noexcept { return code_; }

private:
    static constexpr std::size_t kChunk = 65536;

    std::ostream& out_;
    ResultLine line_;
    std::string text_{};
    ExitCode code_ = ExitCode::ok;
};

void convert_file(const std::string& file, const Task& task, Results& results) {
    const auto input = open_input(file);
    const std::string name = file == "-" ? "standard input" : printable(file);
    LineReader reader(*input, kMaxLine);
    Line line;
    while (reader.next(line)) {
        const Conversion found =
            line.too_long ? Conversion{.error = fmt::format("longer than {} bytes", kMaxLine)}
                          : convert_text(line.text, task);
        results.add(
            found.good() ? "" : fmt::format("{}:{}: ", name, line.number), line.text, found);
        // Whoever asks line by line through a pipe waits for the answer.
        if (reader.drained()) {
            results.flush();
        }
    }
}

ExitCode convert(const ConvertCommand& command, Session& session) {
    const Task task = make_task(command);
    if (command.numbers.empty() == command.file.empty()) {
        fail(ErrorKind::usage, "convert: needs numbers, or --file, and not both");
    }
    Results results(session.streams().out, command.output);
    for (const std::string& number : command.numbers) {
        results.add("", number, convert_text(number, task));
    }
    if (!command.file.empty()) {
        convert_file(command.file, task, results);
    }
    results.flush();
    return results.code();
}

template <class Entry, std::size_t Count>
std::vector<std::string> names_of(std::span<const Entry, Count> table) {
    std::vector<std::string> names(table.size());
    std::ranges::transform(
        table, names.begin(), [](const Entry& entry) { return std::string(entry.name); });
    return names;
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
    convert_app->add_option("NUMBER", command->numbers, "What to convert")->type_name("");
    convert_app->add_option("--from", command->from, "What is given: isin, or the kind of number")
        ->type_name("KIND")
        ->check(one_of(kind_names()));
    convert_app->add_option("--to", command->to, "What is wanted: isin, or the kind of number")
        ->type_name("KIND")
        ->check(one_of(kind_names()));
    convert_app->add_option("--country", command->country, "The prefix of the ISINs that are made")
        ->type_name("CC");
    convert_app
        ->add_option("-f,--file", command->file, "Convert each line of this; - is standard input")
        ->type_name("FILE");
    convert_app->add_flag("--lenient",
                          command->lenient,
                          "Pass over blanks and hyphens, and take small letters for capitals");
    convert_app
        ->add_option("-o,--output-format", command->output, "How to print: text, tsv or json")
        ->type_name("FORMAT")
        ->check(one_of(names_of(std::span(kResultFormats))));
    convert_app->callback([command, &action] {
        action = [command](Session& session) { return convert(*command, session); };
    });
}

}  // namespace isinfetch::cli
