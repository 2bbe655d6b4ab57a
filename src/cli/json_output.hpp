// Sees to it that what is printed as JSON is complete, whatever goes wrong.
#pragma once

#include "util/error.hpp"

#include <iosfwd>
#include <memory>
#include <streambuf>
#include <string>

namespace isinfetch::cli {

/// What ended the program.
struct Failure {
    ErrorKind kind = ErrorKind::internal;
    ExitCode status = ExitCode::software;
    std::string message{};
};

/// {"error": {"kind": …, "exit_status": …, "message": …}, "exit_status": …}: the document of a
/// command that failed before it printed anything, the last element of an array that could not be
/// finished, or the last of the JSON Lines.
void write_failure_json(std::ostream& out, const Failure& failure);

/// Passes on what is written to a stream, from here to its end, and knows how far the JSON in it
/// is.
class JsonWatch final : public std::streambuf {
public:
    explicit JsonWatch(std::ostream& out);
    JsonWatch(const JsonWatch&) = delete;
    JsonWatch& operator=(const JsonWatch&) = delete;
    ~JsonWatch() override;

    bool is_untouched() const noexcept { return !touched_; }

    /// Closes the array that is open, with `failure` as its last element. Nothing is written when
    /// none is, or when something in it is not finished either.
    void close_array(const Failure& failure);

protected:
    int_type overflow(int_type letter) override;
    std::streamsize xsputn(const char* text, std::streamsize count) override;
    int sync() override;

private:
    void look_at(char letter) noexcept;

    std::ostream& out_;
    std::streambuf* target_;
    bool touched_ = false;
    bool is_array_ = false;     ///< the outermost one
    bool has_element_ = false;  ///< the outermost array
    bool in_string_ = false;
    bool escaped_ = false;
    int depth_ = 0;
};

}  // namespace isinfetch::cli
