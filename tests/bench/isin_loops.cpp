// How long each way of checking the ISINs of a file takes, one thread, in memory: the loop that
// everybody writes, and the project's own, all on the same bytes and with the same answer.
//
// isin_loops FILE: prints "name seconds valid" per way, the median of some rounds. Exits with 1
// when two ways do not agree.
#include "core/isin.hpp"
#include "core/isin_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using isinfetch::Isin;

constexpr std::size_t kRounds = 5;

bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// As the textbook has it: every letter becomes two digits of a string, Luhn runs over that.
bool is_valid_by_the_book(std::string_view text) {
    if (text.size() != 12 || !is_capital(text[0]) || !is_capital(text[1]) || !is_digit(text[11])) {
        return false;
    }
    std::string digits;
    for (const char c : text) {
        if (!is_capital(c) && !is_digit(c)) {
            return false;
        }
        digits += is_digit(c) ? std::string(1, c) : std::to_string(c - 'A' + 10);
    }
    int sum = 0;
    bool doubled = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
        const int value = (*digit - '0') * (doubled ? 2 : 1);
        sum += value / 10 + value % 10;
    }
    return sum % 10 == 0;
}

std::size_t count_lines(std::string_view text, const std::function<bool(std::string_view)>& valid) {
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1);
        count += valid(text.substr(0, end)) ? 1U : 0U;
        text.remove_prefix(end + 1);
    }
    return count;
}

/// Runs of good lines by the scan, what stops it by a closer look: as `isinfetch check` does it.
std::size_t count_by(const isinfetch::IsinScan& scan, std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t good = scan.good_lines(text);
        count += good;
        text.remove_prefix(good * isinfetch::kIsinLine);
        if (text.empty()) {
            break;
        }
        const std::size_t end = std::min(text.find('\n'), text.size() - 1);
        count += Isin::inspect(text.substr(0, end)).good() ? 1U : 0U;
        text.remove_prefix(end + 1);
    }
    return count;
}

struct Way {
    std::string name;
    std::function<std::size_t(std::string_view)> count;
};

std::vector<Way> ways() {
    std::vector<Way> all{
        {"loop", [](std::string_view text) { return count_lines(text, is_valid_by_the_book); }},
        {"inspect", [](std::string_view text) {
             return count_lines(text,
                                [](std::string_view line) { return Isin::inspect(line).good(); });
         }}};
    for (const isinfetch::IsinScan& scan : isinfetch::isin_scans()) {
        if (scan.available()) {
            all.push_back({std::string(scan.name),
                           [&scan](std::string_view text) { return count_by(scan, text); }});
        }
    }
    return all;
}

double median_seconds(const Way& way, std::string_view text, std::size_t& count) {
    std::array<double, kRounds> seconds{};
    for (double& each : seconds) {
        const auto start = std::chrono::steady_clock::now();
        count = way.count(text);
        each = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    std::sort(seconds.begin(), seconds.end());
    return seconds[kRounds / 2];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: isin_loops FILE\n");
        return 64;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::size_t expected = 0;
    for (const Way& way : ways()) {
        std::size_t count = 0;
        const double seconds = median_seconds(way, text, count);
        fmt::print("{} {:.6f} {}\n", way.name, seconds, count);
        expected = way.name == "loop" ? count : expected;
        if (count != expected) {
            fmt::print(stderr, "{}: {} valid, the loop {}\n", way.name, count, expected);
            return 1;
        }
    }
    return expected == 0 ? 1 : 0;
}
