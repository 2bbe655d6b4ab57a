#include "cli/lei_claims.hpp"

#include "support/catch.hpp"

#include <sstream>

using namespace isinfetch;
using namespace isinfetch::cli;

namespace {

StoredListing says(const std::string& source, const std::string& lei, bool current = true) {
    StoredListing stored{.source = source};
    stored.listing[Field::lei] = lei;
    stored.superseded = current ? "" : "2026-11-20T00:00:00Z";
    return stored;
}

std::string text_of(const std::vector<StoredListing>& versions) {
    std::ostringstream out;
    write_text(out, lei_claims(versions));
    return out.str();
}

std::string json_of(const std::vector<StoredListing>& versions) {
    std::ostringstream out;
    JsonWriter json(out);
    json.begin_object();
    write_json(json, lei_claims(versions));
    json.end_object();
    return out.str();
}

}  // namespace

TEST_CASE("lists agree on the issuer when they have an LEI in common", "[cli]") {
    struct Case {
        std::vector<StoredListing> versions;
        const char* text;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {{}, "", "nothing is listed"},
        {{says("esma", "A"), says("esma", "A")}, "", "one source alone"},
        {{says("esma", "A"), says("gleif", "")}, "", "the other one does not tell"},
        {{says("esma", "A"), says("gleif", "A")}, "  issuer\n    A  esma, gleif\n", "the same"},
        {{says("esma", "A"), says("gleif", "A"), says("gleif", "B")},
         "  issuer\n    A  esma, gleif\n    B  gleif\n",
         "several, one of which is the same"},
        {{says("esma", "A"), says("gleif", "B")},
         "  issuer\n    A  esma\n    B  gleif\n    esma and gleif do not agree\n",
         "others"},
        {{says("esma", "A"), says("fca", "A"), says("gleif", "B")},
         "  issuer\n    A  esma, fca\n    B  gleif\n    esma and gleif do not agree\n"
         "    fca and gleif do not agree\n",
         "two against one"},
        {{says("esma", "A"), says("esma", "B", false), says("gleif", "B")},
         "  issuer\n    A  esma\n    B  gleif\n    esma and gleif do not agree\n",
         "what was said earlier does not count"},
    }));
    CAPTURE(row.why);
    CHECK(text_of(row.versions) == row.text);
}

TEST_CASE("JSON tells agreement from not knowing", "[cli]") {
    CHECK(json_of({}) == R"({"issuer_leis":[],"leis_agree":null})");
    CHECK(json_of({says("esma", "A")}) ==
          R"({"issuer_leis":[{"lei":"A","sources":["esma"]}],"leis_agree":null})");
    CHECK(json_of({says("esma", "A"), says("gleif", "A")}) ==
          R"({"issuer_leis":[{"lei":"A","sources":["esma","gleif"]}],"leis_agree":true})");
    CHECK_THAT(json_of({says("esma", "A"), says("gleif", "B")}),
               Catch::Matchers::EndsWith(R"("leis_agree":false})"));
}
