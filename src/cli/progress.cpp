#include "cli/progress.hpp"

#include "util/status_line.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace isinfetch::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenTransfers{200};
constexpr std::chrono::milliseconds kTellingTime{1000};  // before that, a speed is noise

// A source is run by one thread from its beginning to its end.
thread_local std::string source_of_thread;

struct Unit {
    double bytes;
    std::string_view name;
};

Unit unit_of(std::uint64_t bytes) noexcept {
    constexpr std::array kUnits{
        Unit{1024.0 * 1024 * 1024, "GiB"}, Unit{1024.0 * 1024, "MiB"}, Unit{1024.0, "KiB"}};
    for (const Unit& unit : kUnits) {
        if (static_cast<double>(bytes) >= unit.bytes) {
            return unit;
        }
    }
    return {1, "bytes"};
}

/// "1.1", "148": three digits are enough.
std::string amount(double bytes, const Unit& unit) {
    const double value = bytes / unit.bytes;
    return unit.bytes == 1 || value >= 100 ? fmt::format("{:.0f}", value)
                                           : fmt::format("{:.1f}", value);
}

std::string amount_and_unit(std::uint64_t bytes) {
    const Unit unit = unit_of(bytes);
    return fmt::format("{} {}", amount(static_cast<double>(bytes), unit), unit.name);
}

std::string rest_text(double seconds) {
    constexpr std::int64_t kMinute = 60;
    const auto whole = static_cast<std::int64_t>(seconds + 0.999);
    return whole < 2 * kMinute ? fmt::format("{} s left", whole)
                               : fmt::format("{} min left", (whole + kMinute - 1) / kMinute);
}

std::size_t width_of_terminal() noexcept {
    constexpr std::size_t kUsual = 80;
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? size.ws_col : kUsual;
}

/// Counts what passes.
class CountingSink final : public ByteSink {
public:
    CountingSink(ByteSink& target, Progress& progress, Transfer transfer)
        : target_(target), progress_(progress), transfer_(transfer) {}

    void answered(const HttpResponse& response) {
        constexpr int kPartial = 206;
        if (response.status != kPartial) {
            transfer_.have = transfer_.resumed = 0;
        }
        if (response.content_length) {
            transfer_.total = transfer_.have + *response.content_length;
        }
    }

    void write(std::string_view bytes) override {
        target_.write(bytes);
        transfer_.have += bytes.size();
        transfer_.spent =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
        progress_.transferred(transfer_);
    }

private:
    ByteSink& target_;
    Progress& progress_;
    Transfer transfer_;
    Clock::time_point start_ = Clock::now();
};

}  // namespace

std::string transfer_text(const Transfer& transfer) {
    std::string text = "downloading ";
    if (transfer.total) {
        const Unit unit = unit_of(*transfer.total);
        text += fmt::format("{} of {} {}",
                            amount(static_cast<double>(transfer.have), unit),
                            amount(static_cast<double>(*transfer.total), unit),
                            unit.name);
    } else {
        text += amount_and_unit(transfer.have);
    }
    const auto fresh = static_cast<double>(transfer.have - transfer.resumed);
    if (transfer.spent < kTellingTime || fresh == 0) {
        return text;
    }
    const double speed = fresh / std::chrono::duration<double>(transfer.spent).count();
    text += fmt::format(", {}/s", amount_and_unit(static_cast<std::uint64_t>(speed)));
    if (transfer.total && *transfer.total > transfer.have) {
        text += ", " + rest_text(static_cast<double>(*transfer.total - transfer.have) / speed);
    }
    return text;
}

std::string_view stage_text(std::string_view stage) noexcept {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTexts{
        {{"discover", "looking for its files"},
         {"download", "asking for its list"},
         {"parse", "reading and checking the records"},
         {"merge", "comparing and storing the list"}}};
    for (const auto& [name, text] : kTexts) {
        if (name == stage) {
            return text;
        }
    }
    return stage;
}

Progress::~Progress() {
    show("");
}

void Progress::begin(const std::string& source, std::string_view stage) {
    source_of_thread = source;
    const std::lock_guard lock(mutex_);
    last_ = Clock::now();
    show(fmt::format("{}: {}", source, stage_text(stage)));
}

void Progress::transferred(const Transfer& transfer) {
    if (!shown_) {
        return;
    }
    const std::lock_guard lock(mutex_);
    const Clock::time_point time = Clock::now();
    if (time - last_ >= kBetweenTransfers) {
        last_ = time;
        show(fmt::format("{}: {}", source_of_thread, transfer_text(transfer)));
    }
}

void Progress::show(std::string_view text) const {
    if (shown_) {
        show_status(printable(text, width_of_terminal() - 2));
    }
}

bool can_show_progress() noexcept {
    const char* const terminal = std::getenv("TERM");
    const bool is_able = terminal != nullptr && std::string_view(terminal) != "dumb";
    return is_able && ::isatty(STDERR_FILENO) == 1;
}

HttpResponse WatchedHttp::get(const HttpRequest& request,
                              ByteSink& body,
                              const std::function<void(const HttpResponse&)>& answered) {
    CountingSink sink(
        body, progress_, {.have = request.resume_from, .resumed = request.resume_from});
    return client_.get(request, sink, [&](const HttpResponse& response) {
        sink.answered(response);
        answered(response);
    });
}

}  // namespace isinfetch::cli
