// Keeps secrets out of what commands print about runs, the configuration and the store.
#pragma once

#include <iosfwd>
#include <streambuf>
#include <string>

namespace isinfetch::cli {

/// Passes on what is written to a stream line by line, by way of hide_secrets(), from here to its
/// end. What is flushed before its line ends is passed on as well.
class SecretFilter final : public std::streambuf {
public:
    explicit SecretFilter(std::ostream& out);
    SecretFilter(const SecretFilter&) = delete;
    SecretFilter& operator=(const SecretFilter&) = delete;
    ~SecretFilter() override;

protected:
    int_type overflow(int_type letter) override;
    std::streamsize xsputn(const char* text, std::streamsize count) override;
    int sync() override;

private:
    /// Gives false when the stream takes no more.
    bool pass_on(std::size_t size);

    std::ostream& out_;
    std::streambuf* target_;
    std::string waiting_{};  ///< of a line that has not ended
};

}  // namespace isinfetch::cli
