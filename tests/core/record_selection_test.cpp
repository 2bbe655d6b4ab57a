#include "core/record_selection.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

Listing share() {
    Listing listing;
    listing[Field::isin] = "DE0007164600";
    listing[Field::mic] = "XETR";
    listing[Field::cfi] = "ESVUFR";
    return listing;
}

}  // namespace

TEST_CASE("a record fits when each list that is given has it", "[core]") {
    struct Case {
        RecordSelection selection;
        Fit fit;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {{}, Fit::all, "nothing is asked for"},
        {{.cfi = {"E"}}, Fit::all, "its category"},
        {{.cfi = {"ES"}}, Fit::all, "its group"},
        {{.cfi = {"C", "ESVUFR"}}, Fit::all, "the second of two"},
        {{.cfi = {"EP"}}, Fit::key, "another group"},
        {{.mic = {"XPAR", "XETR"}}, Fit::all, "its venue"},
        {{.mic = {"XETRA"}}, Fit::none, "a MIC is compared as a whole"},
        {{.country = {"DE"}}, Fit::all, "its country"},
        {{.country = {"FR", "US"}}, Fit::none, "other countries"},
        {{.authority = {"DE"}}, Fit::all, "its authority"},
        {{.authority = {"FR"}}, Fit::key, "another authority"},
        {{.cfi = {"E"}, .mic = {"XPAR"}}, Fit::none, "one fits, the key does not"},
        {{.cfi = {"D"}, .mic = {"XETR"}}, Fit::key, "the key fits, the rest does not"},
        {{.cfi = {"E"}, .mic = {"XETR"}, .country = {"DE"}, .authority = {"DE"}}, Fit::all, "all"},
    }));
    CAPTURE(row.why);
    CHECK(fit(row.selection, share(), "DE") == row.fit);
}

TEST_CASE("a cancellation tells its key alone", "[core]") {
    Listing key;
    key[Field::isin] = "DE0007164600";
    key[Field::mic] = "XETR";
    CHECK(fit({.cfi = {"E"}}, key, "") == Fit::key);
    CHECK(fit({.authority = {"DE"}}, key, "") == Fit::key);
    CHECK(fit({.mic = {"XPAR"}}, key, "") == Fit::none);
    CHECK(fit({.country = {"DE"}}, key, "") == Fit::all);
}

TEST_CASE("a file of a group is left out when none of its records can fit", "[core]") {
    struct Case {
        RecordSelection selection;
        const char* group;
        bool may;
    };
    const auto row = GENERATE(values<Case>({
        {{}, "E", true},
        {{.mic = {"XPAR"}}, "E", true},
        {{.cfi = {"E"}}, "E", true},
        {{.cfi = {"D", "ESVUFR"}}, "E", true},
        {{.cfi = {"D"}}, "E", false},
        {{.cfi = {"D"}}, "", true},
    }));
    CAPTURE(row.group);
    CHECK(may_hold(row.selection, row.group) == row.may);
}
