// Reads lines of an ISIN and a weight, and prints which share of all single errors in them
// (weighted) the check digit does not see: class, errors, per cent unseen; tab-separated.
#include "core/isin.hpp"
#include "support/isin_errors.hpp"
#include "system/facts.hpp"

#include <fmt/core.h>

#include <iostream>
#include <string>

int print_error_table() {
    struct Share {
        double errors = 0;
        double unseen = 0;
    };
    std::array<Share, kIsinErrors.size()> shares{};
    std::string isin;
    double weight = 0;
    while (std::cin >> isin >> weight) {
        if (!isinfetch::Isin::inspect(isin).good()) {
            std::cerr << "no ISIN: " << isin << '\n';
            return 1;
        }
        for_each_isin_error(isin, [&](IsinError error, const std::string& text, std::size_t) {
            Share& share = shares[static_cast<std::size_t>(error)];
            share.errors += weight;
            share.unseen += isinfetch::Isin::inspect(text).good() ? weight : 0;
        });
    }
    for (std::size_t i = 0; i < shares.size(); ++i) {
        fmt::print("{}\t{:.0f}\t{:.3f}\n",
                   kIsinErrors[i],
                   shares[i].errors,
                   100 * shares[i].unseen / shares[i].errors);
    }
    return 0;
}
