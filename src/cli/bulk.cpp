#include "cli/bulk.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <limits>
#include <ostream>

namespace isinfetch::cli {

namespace {

constexpr std::size_t kOutputChunk = 65536;

void take_lines(const BulkInput& input,
                BulkOutput& output,
                const std::function<void(const BulkText&)>& take,
                const BulkShortcut& shortcut) {
    const auto source = open_input(input.file);
    const std::string name = input.file == "-" ? "standard input" : printable(input.file);
    LineReader reader(*source, kMaxLine);
    Line line;
    while (true) {
        if (shortcut) {
            shortcut(reader);
        }
        if (!reader.next(line)) {
            return;
        }
        take({line.text, name, line.number, line.byte, line.too_long});
        if (reader.drained()) {
            output.flush();
        }
    }
}

}  // namespace

void add_input(CLI::App& app, std::string name, std::string_view verb, BulkInput& input) {
    // Where CLI11 allows extra arguments it reads "[a,b]" as two of them, and "[a]" as a. Without,
    // it goes on taking arguments only while it thinks that there are too few.
    constexpr int kEndless = std::numeric_limits<int>::max() / 2;
    app.add_option(std::move(name), input.arguments, fmt::format("What to {}", verb))
        ->option_text("...")
        ->expected(kEndless)
        ->take_all()
        ->allow_extra_args(false);
    std::string each = fmt::format("{} each line of this; - is standard input", verb);
    each.front() = static_cast<char>(each.front() - 'a' + 'A');
    app.add_option("-f,--file", input.file, each)->type_name("FILE");
}

void require_one_input(std::string_view command, const BulkInput& input) {
    if (input.arguments.empty() == input.file.empty()) {
        fail(ErrorKind::usage, "{}: needs arguments, or --file, and not both", command);
    }
}

std::string BulkText::place() const {
    return file.empty() ? "" : fmt::format("{}:{}: ", file, number);
}

void BulkOutput::flush_when_large() {
    if (text_.size() >= kOutputChunk) {
        flush();
    }
}

void BulkOutput::flush() {
    if (!out_.write(text_.data(), static_cast<std::streamsize>(text_.size())).flush()) {
        fail(ErrorKind::io, "standard output: cannot be written");
    }
    text_.clear();
}

void for_each_text(const BulkInput& input,
                   BulkOutput& output,
                   const std::function<void(const BulkText&)>& take,
                   const BulkShortcut& shortcut) {
    std::uint64_t number = 0;
    for (const std::string& argument : input.arguments) {
        take({.text = argument, .number = ++number});
    }
    if (!input.file.empty()) {
        take_lines(input, output, take, shortcut);
    }
    output.flush();
}

}  // namespace isinfetch::cli
