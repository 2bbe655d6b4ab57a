#include "core/isin_scan.hpp"

#include "core/isin_scan_paths.hpp"
#include "core/isin_weights.hpp"
#include "core/prefix.hpp"

namespace isinfetch {

namespace {

// Right prefixes that some odd ISINs begin with: FIGIs, NOISINFOUND9, SSDF pseudo underlyings.
constexpr std::array kCloserLook{
    std::string_view{"BB"}, std::string_view{"NO"}, std::string_view{"SS"}};

bool always() noexcept {
    return true;
}

constexpr std::array kScans{
    IsinScan{"portable", always, good_lines_portable},
    IsinScan{"avx2", has_avx2, good_lines_avx2},
};

}  // namespace

PlainPrefixes::PlainPrefixes() noexcept {
    for (const Prefix& prefix : prefix_table()) {
        plain_[place(prefix.code.data())] = prefix.category <= PrefixClass::special ? 1 : 0;
    }
    for (const std::string_view code : kCloserLook) {
        plain_[place(code.data())] = 0;
    }
}

const PlainPrefixes& PlainPrefixes::table() noexcept {
    static const PlainPrefixes prefixes;
    return prefixes;
}

std::size_t good_lines_portable(std::string_view text) noexcept {
    const PlainPrefixes& plain = PlainPrefixes::table();
    const std::size_t lines = text.size() / kIsinLine;
    const char* line = text.data();
    for (std::size_t count = 0; count < lines; ++count, line += kIsinLine) {
        if (line[kIsinLine - 1] != '\n' || !has_isin_form(line) || plain(line) == 0) {
            return count;
        }
    }
    return lines;
}

std::span<const IsinScan> isin_scans() noexcept {
    return kScans;
}

const IsinScan& best_isin_scan() noexcept {
    static const IsinScan& best = has_avx2() ? kScans.back() : kScans.front();
    return best;
}

}  // namespace isinfetch
