// Commands that answer for each of many texts: where the texts come from, and how the answers go
// out. Memory does not grow with the number of texts.
#pragma once

#include "cli/command.hpp"
#include "cli/line_input.hpp"
#include "cli/session.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch::cli {

/// Longer lines are wrong, whatever they hold.
inline constexpr std::size_t kMaxLine = 65536;

/// What the command line gives: texts as arguments, or a file with one per line.
struct BulkInput {
    std::vector<std::string> arguments{};
    std::string file{};  ///< "-": standard input; "": the arguments
};

/// Declares the arguments, each of which is one text whatever it looks like, and --file, which the
/// command `verb`s each line of.
void add_input(CLI::App& app, std::string name, std::string_view verb, BulkInput& input);

/// Throws Error{usage} unless there is either an argument or a file.
void require_one_input(std::string_view command, const BulkInput& input);

/// One text, valid during the call.
struct BulkText {
    std::string_view text{};
    std::string_view file{};   ///< for messages; empty: an argument
    std::uint64_t number = 0;  ///< of the line or argument, counting from 1
    std::uint64_t byte = 0;    ///< where it begins in the file
    bool too_long = false;     ///< text is but its beginning

    /// "list.txt:7: " or nothing.
    std::string place() const;
};

/// Answers, written in large pieces to standard output.
class BulkOutput {
public:
    explicit BulkOutput(std::ostream& out) : out_(out) {}

    /// To be appended to; one whole answer at a time.
    std::string& text() noexcept { return text_; }
    void flush_when_large();
    /// Throws Error{io} when it cannot be written.
    void flush();

private:
    std::ostream& out_;
    std::string text_{};
};

/// Takes lines that it knows a quick way with from the reader; may be empty.
using BulkShortcut = std::function<void(LineReader& reader)>;

/// Calls `take` for each text. Whoever asks line by line through a pipe has the answer before the
/// next line is waited for.
void for_each_text(const BulkInput& input,
                   BulkOutput& output,
                   const std::function<void(const BulkText&)>& take,
                   const BulkShortcut& shortcut = {});

}  // namespace isinfetch::cli
