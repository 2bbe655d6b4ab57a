#include "cli/bulk.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <ostream>

namespace isinfetch::cli {

namespace {

constexpr std::size_t kChunk = 65536;

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

void require_one_input(std::string_view command, const BulkInput& input) {
    if (input.arguments.empty() == input.file.empty()) {
        fail(ErrorKind::usage, "{}: needs arguments, or --file, and not both", command);
    }
}

std::string BulkText::place() const {
    return file.empty() ? "" : fmt::format("{}:{}: ", file, number);
}

void BulkOutput::flush_when_large() {
    if (text_.size() >= kChunk) {
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
