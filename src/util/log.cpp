#include "util/log.hpp"

#include "util/secret.hpp"
#include "util/status_line.hpp"
#include "util/text.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace isinfetch {

namespace {

std::mutex log_mutex;
LogSettings settings_now;
std::string status_now;

// From the beginning of the line, all of which is erased first: ECMA-48, CR and EL.
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::string_view label(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::error:
            return "error: ";
        case LogLevel::warning:
            return "warning: ";
        case LogLevel::notice:
        case LogLevel::info:
            return "";
        case LogLevel::debug:
            return "debug: ";
    }
    return "";
}

void write_line(LogLevel level, std::string_view text) {
    // One write per line, so that lines of several threads do not mix.
    std::string lines = log_text(level, text);
    const std::lock_guard lock(log_mutex);
    if (!status_now.empty()) {
        lines = std::string(kEraseLine) + lines + status_now;
    }
    std::fwrite(lines.data(), 1, lines.size(), stderr);
    std::fflush(stderr);
}

}  // namespace

void set_log(const LogSettings& settings) noexcept {
    settings_now = settings;
}

bool stderr_is_journal() noexcept {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) {
        return false;
    }
    return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

std::string log_text(LogLevel level, std::string_view text) {
    std::string lines;
    const std::string shown = hide_secrets(std::string(text));
    for (const std::string_view each : split(shown, '\n')) {
        const std::string line = one_line(each);
        lines += settings_now.journal ? fmt::format("<{}>{}\n", static_cast<int>(level), line)
                                      : fmt::format("isinfetch: {}{}\n", label(level), line);
    }
    return lines;
}

void log_line(LogLevel level, std::string_view text) {
    if (level <= settings_now.shown) {
        write_line(level, text);
    }
}

void log_progress(std::string_view text) {
    if (settings_now.progress) {
        write_line(LogLevel::notice, text);
    } else {
        log_line(LogLevel::debug, text);
    }
}

void show_status(std::string_view text) {
    const std::lock_guard lock(log_mutex);
    if (text == status_now) {
        return;
    }
    const std::string line = std::string(kEraseLine) + std::string(text);
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
    status_now = text;
}

}  // namespace isinfetch
