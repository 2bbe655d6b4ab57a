#include "util/entities.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("character references are decoded, everything else stays", "[entities]") {
    struct Case {
        const char* text;
        const char* expected;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"Mahindra &amp; Mahindra", "Mahindra & Mahindra"},
        {"&lt;A&gt; &quot;B&quot; &apos;C&#39;", "<A> \"B\" 'C'"},
        {"Caf&eacute; &Ouml;&yuml;&nbsp;.", "Café Öÿ\u00A0."},
        {"&#233;&#xE9;&#x1F600;&#8364;&euro;", "éé😀€€"},
        {"a &ndash; b", "a – b"},
        {"&amp;amp;", "&amp;"},
        {"AT&T", "AT&T"},
        {"A & B; C", "A & B; C"},
        {"&unknown;&;&#;&#x;&#1;&#xD800;&#x110000;&#99999999999;", "&unknown;&;&#;&#x;&#1;&#xD800;&#x110000;&#99999999999;"},
        {"&", "&"},
        {"&amp", "&amp"},
        {"", ""},
    }));
    // clang-format on
    CAPTURE(row.text);
    CHECK(decode_entities(row.text) == row.expected);
}
