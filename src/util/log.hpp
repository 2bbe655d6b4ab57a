// Everything said about a run goes to standard error through here; results go to standard output.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace isinfetch {

enum class LogLevel { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };  // syslog(3)

struct LogSettings {
    LogLevel shown = LogLevel::warning;  ///< the least important level that is printed
    bool journal = false;                ///< "<N>" before each line, as sd-daemon(3) wants it
    bool progress = false;               ///< a person looks on: waits are said
};

void set_log(const LogSettings& settings) noexcept;

/// Is standard error the journal? JOURNAL_STREAM must name its device and inode: the variable
/// alone is inherited by children that write elsewhere (systemd.exec(5)).
bool stderr_is_journal() noexcept;

void log_line(LogLevel level, std::string_view text);

/// The lines that log_line() would write.
std::string log_text(LogLevel level, std::string_view text);

/// What a person who looks on wants to know, such as a wait; for anybody else it is for debugging.
void log_progress(std::string_view text);

template <class... Args>
void log(LogLevel level, fmt::format_string<Args...> text, Args&&... args) {
    log_line(level, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace isinfetch
