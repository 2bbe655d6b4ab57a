#include "core/isin_scan.hpp"

#include "core/isin_verdict.hpp"
#include "support/catch.hpp"
#include "support/isins.hpp"

#include <string>

using namespace isinfetch;

namespace {

/// What every way of counting must say: line by line, through the front door.
std::size_t good_lines_by_hand(std::string_view text) {
    std::size_t count = 0;
    while (text.size() >= kIsinLine && text[kIsinLine - 1] == '\n' &&
           judge_isin(text.substr(0, kIsinLine - 1)).good() &&
           isin_warnings(text.substr(0, kIsinLine - 1)).empty()) {
        text.remove_prefix(kIsinLine);
        ++count;
    }
    return count;
}

/// May a line stop the scan though it is right? FIGIs, Norway's placeholder and Euronext's.
bool asks_for_closer_look(std::string_view line) {
    return line.starts_with("BB") || line.starts_with("NO") || line.starts_with("SS");
}

void check_all_scans(std::string_view text) {
    const std::size_t expected = good_lines_by_hand(text);
    std::size_t looked_at = 0;
    for (const IsinScan& scan : isin_scans()) {
        if (!scan.available()) {
            WARN("this processor has no " << scan.name);
            continue;
        }
        CAPTURE(scan.name);
        const std::size_t counted = scan.good_lines(text);
        if (counted < expected) {
            CHECK(asks_for_closer_look(text.substr(counted * kIsinLine)));
        } else {
            CHECK(counted == expected);
        }
        if (looked_at++ > 0) {
            CHECK(counted == isin_scans().front().good_lines(text));
        }
    }
}

}  // namespace

TEST_CASE("every scan counts right lines to the end of the text", "[isin][scan]") {
    for (std::size_t lines = 0; lines < 40; ++lines) {
        const std::string text = made_isin_lines(lines);
        CAPTURE(lines);
        check_all_scans(text);
        CHECK(best_isin_scan().good_lines(text) == lines);
        check_all_scans(std::string_view(text).substr(0, text.size() - (text.empty() ? 0 : 1)));
    }
}

TEST_CASE("every scan stops at a byte that is wrong, whichever it is", "[isin][scan]") {
    const std::string text = made_isin_lines(9);
    for (std::size_t place = 0; place < text.size(); ++place) {
        for (unsigned byte = 0; byte < 256; ++byte) {
            std::string changed = text;
            changed[place] = static_cast<char>(byte);
            check_all_scans(changed);
        }
    }
}

TEST_CASE("every scan knows every prefix", "[isin][scan]") {
    for (char first = 'A'; first <= 'Z'; ++first) {
        for (char second = 'A'; second <= 'Z'; ++second) {
            const std::string eleven = std::string{first, second} + "037833100";
            const std::string line = eleven + isin_check_digit(eleven).value() + "\n";
            check_all_scans(line + line + line + line + line);
        }
    }
}

TEST_CASE("every scan sees every character at every place", "[isin][scan]") {
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string text;
    for (std::size_t place = 2; place < 11; ++place) {
        for (const char character : kAlphabet) {
            std::string eleven = "DE000BAY001";
            eleven[place] = character;
            text += eleven + isin_check_digit(eleven).value() + "\n";
        }
    }
    check_all_scans(text);
    CHECK(best_isin_scan().good_lines(text) == text.size() / kIsinLine);
}
