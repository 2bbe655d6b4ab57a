#include "support/isin_errors.hpp"

#include "core/isin.hpp"
#include "support/catch.hpp"
#include "support/isins.hpp"

#include <cstdint>
#include <map>

using namespace isinfetch;

namespace {

struct Share {
    std::uint64_t errors = 0;
    std::uint64_t unseen = 0;
};

bool zero_and_nine(const std::string& text, std::size_t at) {
    return (text[at] == '0' && text[at + 1] == '9') || (text[at] == '9' && text[at + 1] == '0');
}

}  // namespace

// What follows from the standard's arithmetic alone, whatever the ISINs; the shares that depend on
// which ISINs are in use are measured on real ones by error_table_test.
TEST_CASE("the check digit finds the errors that it can find", "[slow][isin]") {
    std::map<IsinError, Share> shares;
    for (std::uint64_t number = 0; number < 2000; ++number) {
        const std::string isin = made_isin(number);
        for_each_isin_error(isin, [&](IsinError error, const std::string& text, std::size_t at) {
            Share& share = shares[error];
            const Inspection found = Isin::inspect(text);
            ++share.errors;
            share.unseen += found.good() ? 1U : 0U;
            if (!found.good() && found.defect != Defect::check_digit) {
                FAIL(isin << " -> " << text << ": " << describe(found.defect));
            }
            if (error == IsinError::digits_swapped && found.good() != zero_and_nine(text, at)) {
                FAIL(isin << " -> " << text);
            }
        });
    }
    REQUIRE(shares.size() == kIsinErrors.size());
    CHECK(shares[IsinError::digit_for_digit].errors > 100'000);
    CHECK(shares[IsinError::digit_for_digit].unseen == 0);
    CHECK(shares[IsinError::letters_swapped].errors > 1000);
    CHECK(shares[IsinError::letters_swapped].unseen == shares[IsinError::letters_swapped].errors);
    for (const IsinError error : {IsinError::letter_for_letter,
                                  IsinError::digit_for_letter,
                                  IsinError::look_alike,
                                  IsinError::letter_and_digit_swapped}) {
        CAPTURE(kIsinErrors[static_cast<std::size_t>(error)]);
        CHECK(shares[error].unseen > 0);
        CHECK(shares[error].unseen < shares[error].errors / 3);
    }
}
