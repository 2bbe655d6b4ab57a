// The quick path through a FIRDS file and the XML parser must say the same of everything.
#include "firds_text.hpp"
#include "parse/firds_fields.hpp"
#include "parse/firds_scanner.hpp"
#include "support/catch.hpp"
#include "util/text.hpp"

#include <map>
#include <random>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

/// The elements of one path of the table around a value.
std::string element_of(const FirdsField& field, const std::string& value) {
    const std::string path(field.path.substr(0, field.path.find('@')));
    const bool is_attribute = path.size() < field.path.size();
    std::string text = is_attribute ? "" : value;
    const auto names = split(path, '/');
    for (std::size_t i = names.size(); i-- > 0;) {
        const std::string name =
            names[i] == "*" ? "Any" + std::to_string(i) : std::string(names[i]);
        const bool has_currency =
            i + 1 == names.size() &&
            (is_attribute || name == "Amt" || name == "TtlIssdNmnlAmt" || name == "NmnlValPerUnit");
        text = "<" + name +
               (has_currency ? " Ccy=\"" + (is_attribute ? value : "EUR") + "\">" : ">") + text +
               "</" + name + ">";
    }
    return text;
}

std::string value_of(const FirdsCopy& record, std::string_view name) {
    const auto fields = field_table();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name) {
            return record.fields[i];
        }
    }
    if (name == "valid_from" || name == "valid_to") {
        return name == "valid_from" ? record.valid.from : record.valid.to;
    }
    return record.other(name);
}

FirdsScanner::Result scan(const std::string& text) {
    static FirdsRecord record;
    const std::string padded = text + std::string(FirdsScanner::kPadding, '\0');
    FirdsScanner scanner(*find_firds_message("auth.017.001.02"));
    FirdsScanner::Result result =
        scanner.scan(std::string_view(padded).substr(0, text.size()), record);
    result.record = {};
    return result;
}

/// Pieces of XML that make trouble where they do not belong, and some that do not.
constexpr std::array<std::string_view, 46> kTrouble{"<",
                                                    ">",
                                                    "/",
                                                    "&",
                                                    ";",
                                                    "\"",
                                                    "'",
                                                    "=",
                                                    "!",
                                                    "?",
                                                    ":",
                                                    "]]>",
                                                    "]",
                                                    "&amp;",
                                                    "&lt;",
                                                    "&#65;",
                                                    "&x;",
                                                    "<!-- x -->",
                                                    "<!--",
                                                    "-->",
                                                    "<![CDATA[x]]>",
                                                    "<![CDATA[",
                                                    "<?x?>",
                                                    " ",
                                                    "\n",
                                                    "\r",
                                                    "\r\n",
                                                    "\t",
                                                    "\x01",
                                                    "\xC3\xA9",
                                                    "\xE2\x82",
                                                    "\xEF\xBF\xBE",
                                                    "\xEF\xBF\xBD",
                                                    "x:",
                                                    "9999-",
                                                    "<RefData>",
                                                    "</RefData>",
                                                    "<FinInstrm>",
                                                    "</FinInstrm>",
                                                    "<x>",
                                                    "</x>",
                                                    "<x/>",
                                                    "<Issr>1</Issr>",
                                                    " Ccy=\"USD\"",
                                                    " Ccy='USD'",
                                                    "<FinInstrm><NewRcrd>"};

class Mutator {
public:
    explicit Mutator(std::uint32_t seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }

    void change(std::string& text) {
        const std::size_t at = below(text.size());
        switch (below(5)) {
            case 0:
                text.erase(at, below(30));
                break;
            case 1:
                text.insert(at, text.substr(below(text.size()), below(200)));
                break;
            case 2:
                text[at] = static_cast<char>(below(256));
                break;
            default:
                text.insert(at, kTrouble[below(kTrouble.size())]);
        }
    }

private:
    std::mt19937 random_;
};

std::string all_fields() {
    std::string text;
    for (const FirdsField& field : firds_fields()) {
        text += element_of(field, "XYZ");
    }
    return text;
}

}  // namespace

TEST_CASE("every path of the FIRDS table leads to its name on both paths", "[firds]") {
    for (const FirdsField& field : firds_fields()) {
        CAPTURE(field.path);
        const std::string record = ref_data(element_of(field, "XYZ"));
        const std::string text = full_text(record);
        const FirdsOutcome quick = read_firds_text(text, FirdsPath::quick);
        REQUIRE(quick == read_firds_text(text, FirdsPath::general));
        REQUIRE(quick.records.size() == 1);
        CHECK(value_of(quick.records.front(), field.name) == "XYZ");
        CHECK(scan(record + text).found == FirdsScanner::Found::record);
    }
}

TEST_CASE("a FIRDS name has one summary, one way to be read, and is like the others", "[firds]") {
    std::map<std::string_view, FirdsValue> seen;
    for (const FirdsField& field : firds_fields()) {
        CAPTURE(field.path, field.name);
        const auto [known, is_new] = seen.emplace(field.name, field.value);
        CHECK(is_new == !field.summary.empty());
        CHECK(known->second == field.value);
        CHECK(field.number >= 0);
        CHECK(field.number <= 48);
        CHECK(field.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
    }
}

TEST_CASE("the quick path takes what is written as ESMA writes it, and nothing else", "[firds]") {
    using Found = FirdsScanner::Found;
    const std::string good = ref_data(share());
    const std::string more = full_text(good);
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string text = good;
        return text.replace(text.find(from), from.size(), to);
    };
    struct Row {
        std::string text;
        Found found;
        std::string why;
    };
    const std::vector<Row> rows{
        {good, Found::record, "as it is"},
        {ref_data(all_fields()), Found::record, "all fields, in another order"},
        {with("iShares", "S&amp;P"), Found::record, "an entity"},
        {with("iShares", "M\xC3\xBCller"), Found::record, "UTF-8"},
        {with("iShares", "]]"), Found::record, "brackets"},
        {with("<Issr>549300MDMRB2NCJXG562</Issr>", ""), Found::record, "a field less"},
        {with("iShares", "&#65;"), Found::unknown, "another entity"},
        {with("iShares", "\t"), Found::unknown, "a control character"},
        {with("iShares", "\xE9"), Found::unknown, "no UTF-8"},
        {with("iShares", "\xEF\xBF\xBD"), Found::unknown, "close to what XML forbids"},
        {with("iShares", "]]>"), Found::unknown, "what XML forbids"},
        {with("iShares", "<!-- -->"), Found::unknown, "a comment"},
        {with("<Issr>", " <Issr>"), Found::unknown, "blanks between elements"},
        {with("<Issr>", "<Issr >"), Found::unknown, "a blank in a tag"},
        {with("<Issr>", "<Issr a=''>"), Found::unknown, "an attribute"},
        {with("<Issr>", "<New/><Issr>"), Found::unknown, "an unknown element"},
        {with("<RefData>", "<x:RefData>"), Found::unknown, "a prefix"},
        {with("</RefData>", "</Refdata>"), Found::unknown, "another end tag"},
        {ref_data("<DebtInstrmAttrbts><NmnlValPerUnit Ccy=\"EU\">1</NmnlValPerUnit>"
                  "</DebtInstrmAttrbts>"),
         Found::unknown,
         "no currency code"},
        {ref_data("<DebtInstrmAttrbts><NmnlValPerUnit>1</NmnlValPerUnit></DebtInstrmAttrbts>"),
         Found::unknown,
         "no currency"},
        {"<!-- " + good, Found::unknown, "something else"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text, row.why);
        const FirdsScanner::Result result = scan(row.text + more);
        CHECK(result.found == row.found);
        if (row.found == Found::record) {
            CHECK(result.length == row.text.size());
        }
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
        CAPTURE(size);
        CHECK(scan(good.substr(0, size)).found == Found::cut);
    }
}

TEST_CASE("both paths through FIRDS agree on damaged documents", "[slow][firds]") {
    const std::array<std::string, 4> bases{
        full_text(ref_data(share()) + ref_data(all_fields()) + ref_data(share("A&amp;B"))),
        delta_text(changed("NewRcrd", share("M\xC3\xBCller")) + changed("CancRcrd", share()) +
                   changed("TermntdRcrd", all_fields())),
        cancelled_text("<CxlData>" + share() + "</CxlData> <CxlData>" + share() + "</CxlData>"),
        full_text(ref_data(share()) + "\r\n" + ref_data(share("<![CDATA[x]]>&#65;")) + "<!-- -->" +
                  ref_data(share())),
    };
    Mutator mutator(2017);
    std::size_t read_to_the_end = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string text = bases[mutator.below(bases.size())];
        for (std::size_t changes = mutator.below(4); changes-- > 0;) {
            mutator.change(text);
        }
        CAPTURE(round, text);
        const FirdsOutcome general = read_firds_text(text, FirdsPath::general);
        const std::size_t step = mutator.below(2) == 0 ? 1U << 20U : 1 + mutator.below(300);
        const FirdsOutcome quick = read_firds_text(text, FirdsPath::quick, {}, step);
        REQUIRE(quick.error == general.error);
        REQUIRE(quick == general);
        read_to_the_end += general.error.empty() ? 1U : 0U;
    }
    CHECK(read_to_the_end > 300);
}

TEST_CASE("both paths through FIRDS agree over many buffers", "[firds]") {
    Mutator mutator(36);
    std::string records;
    for (int i = 0; i < 3000; ++i) {
        const std::string name = i % 7 == 0   ? "<!-- x -->\n"
                                 : i % 5 == 0 ? "&#233;"
                                              : std::string(mutator.below(300), 'n');
        records +=
            changed(i % 2 == 0 ? "NewRcrd" : "ModfdRcrd", i % 11 == 0 ? all_fields() : share(name));
        records += std::string(i % 3 == 0 ? "\n" : "");
    }
    const std::string text = delta_text(records);
    const FirdsOutcome quick = read_firds_text(text, FirdsPath::quick);
    CHECK(quick.error == "");
    CHECK(quick.records.size() == 3000);
    CHECK(quick == read_firds_text(text, FirdsPath::general));
}
