// Whatever is taken for an ISIN: parsing, lenient reading, notes, suggestions and conversion hold
// to what their headers promise. Any bytes are an input; the first one chooses what is done with
// the rest.
#include "cli/line_input.hpp"
#include "core/convert.hpp"
#include "core/identifiers.hpp"
#include "core/isin.hpp"
#include "core/isin_scan.hpp"
#include "core/isin_verdict.hpp"
#include "core/national_lint.hpp"
#include "core/suggest.hpp"
#include "require.hpp"
#include "util/bytes.hpp"
#include "util/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace isinfetch {

namespace {

void parse(std::string_view text) {
    const auto isin = Isin::parse(text);
    const Inspection found = Isin::inspect(text);
    require(isin.has_value() == found.good());
    require(found.position <= text.size());
    if (!isin) {
        return;
    }
    require(isin->text() == text);
    require(Isin::unpack(isin->packed()) == isin);
    require(isin_check_digit(text.substr(0, 11)) == text[11]);
    isin_warnings(text);
    if (const auto note = note_national_number(text)) {
        require(!note->inspection.good());
        require(note->inspection.position <= Isin::kLength);
    }
}

void inspect_relatives(std::string_view text) {
    for (const Identifier& identifier : identifiers()) {
        const Inspection found = identifier.inspect(text);
        require(found.position <= text.size());
        require(identifier.inspect(text) == found);
    }
}

void read_leniently(std::string_view text) {
    const std::string form = lenient_form(text);
    // Halves of a no-break space may meet only where the text was no text.
    require(!is_utf8(text) || lenient_form(form) == form);
    require(form.size() <= text.size());
    require(!Isin::inspect(text).good() || form == text);
    parse(form);
}

void check_suggestions(std::string_view text, const KnownAmong& known) {
    std::set<std::string> seen;
    for (const Suggestion& suggestion : suggest(text, known)) {
        require(judge_isin(suggestion.isin).good());
        require(seen.insert(suggestion.isin).second);
        require(!suggestion.slip.empty());
    }
    require(seen.empty() || !judge_isin(text).good());
}

void suggest_with_and_without_store(std::string_view text) {
    check_suggestions(text, {});
    check_suggestions(text, [](const std::vector<std::string>& isins) {
        KnownIsins known;
        for (std::size_t i = 0; i < isins.size(); i += 2) {
            known.emplace(isins[i], "Name");
        }
        return known;
    });
}

/// There and back again: the number in an ISIN makes that ISIN.
void convert(std::string_view text) {
    for (const NumberInIsin& number : numbers_in_isins()) {
        if (const Conversion there = number_from_isin(text, number); there.good()) {
            const Conversion back = isin_from_number(there.text, number, text.substr(0, 2));
            require(back.good());
            require(back.text == text);
        }
        if (const Conversion isin = isin_from_number(text, number, ""); isin.good()) {
            require(Isin::inspect(isin.text).good());
            const Conversion back = number_from_isin(isin.text, number);
            require(back.good());
            require(isin_from_number(back.text, number, isin.text.substr(0, 2)).text == isin.text);
        }
    }
}

/// The lines that a scan passes over are right, each of them, and all scans agree.
void scan(std::string_view text) {
    for (const IsinScan& each : isin_scans()) {
        if (!each.available()) {
            continue;
        }
        const std::size_t lines = each.good_lines(text);
        require(lines == isin_scans().front().good_lines(text));
        require(lines * kIsinLine <= text.size());
        for (std::size_t i = 0; i < lines; ++i) {
            const std::string_view line = text.substr(i * kIsinLine, kIsinLine);
            require(line.back() == '\n');
            require(judge_isin(line.substr(0, Isin::kLength)).good());
            require(isin_warnings(line.substr(0, Isin::kLength)).empty());
        }
    }
}

void read_lines(std::string_view text) {
    constexpr std::size_t kLimit = 40;
    StringSource source(text);
    cli::LineReader reader(source, kLimit);
    cli::Line line;
    for (std::uint64_t number = 1; reader.next(line); ++number) {
        require(line.number == number);
        require(line.text.size() <= kLimit);
        require(line.text.find('\n') == std::string_view::npos);
        require(line.byte + line.text.size() <= text.size());
        require(text.substr(line.byte, line.text.size()) == line.text);
        parse(line.text);
    }
}

constexpr std::array kWays{parse,
                           inspect_relatives,
                           read_leniently,
                           suggest_with_and_without_store,
                           convert,
                           scan,
                           read_lines};

}  // namespace

}  // namespace isinfetch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) {
        const std::string text(data + 1, data + size);
        isinfetch::kWays[data[0] % isinfetch::kWays.size()](text);
    }
    return 0;
}
