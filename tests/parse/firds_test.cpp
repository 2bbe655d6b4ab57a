#include "parse/firds.hpp"

#include "firds_text.hpp"
#include "support/catch.hpp"

#include <stdexcept>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

/// Both ways; they must agree.
FirdsOutcome read_both(std::string_view text, const ParseOptions& options = {}) {
    const FirdsOutcome quick = read_firds_text(text, FirdsPath::quick, options);
    const FirdsOutcome general = read_firds_text(text, FirdsPath::general, options);
    CHECK(quick.error == general.error);
    REQUIRE(quick == general);
    return quick;
}

FirdsCopy one_record(std::string_view text) {
    const FirdsOutcome outcome = read_both(text);
    REQUIRE(outcome.error == "");
    REQUIRE(outcome.records.size() == 1);
    return outcome.records.front();
}

/// ESMA's DLTINS of 2021-01-17.
const std::string kNewShare =
    "<FinInstrm><NewRcrd><FinInstrmGnlAttrbts><Id>NO0010883416</Id><FullNm>NAS10</FullNm>"
    "<ShrtNm>NORWEGIAN AIR S/SHS NOK 0.10</ShrtNm><ClssfctnTp>ESVUFR</ClssfctnTp>"
    "<NtnlCcy>EUR</NtnlCcy><CmmdtyDerivInd>false</CmmdtyDerivInd></FinInstrmGnlAttrbts>"
    "<Issr>549300IEUH2FEM2Y6B51</Issr><TradgVnRltdAttrbts><Id>XOSL</Id><IssrReq>true</IssrReq>"
    "<AdmssnApprvlDtByIssr>2021-01-14T00:01:00Z</AdmssnApprvlDtByIssr>"
    "<ReqForAdmssnDt>2020-12-09T00:01:00Z</ReqForAdmssnDt>"
    "<FrstTradDt>2021-01-18T00:01:00Z</FrstTradDt></TradgVnRltdAttrbts><TechAttrbts>"
    "<RlvntCmptntAuthrty>NO</RlvntCmptntAuthrty><PblctnPrd><FrDt>2021-01-17</FrDt></PblctnPrd>"
    "<RlvntTradgVn>XOSL</RlvntTradgVn></TechAttrbts></NewRcrd></FinInstrm>";

}  // namespace

TEST_CASE("a FIRDS record gives its fields, further columns and validity", "[firds]") {
    const FirdsCopy record = one_record(delta_text(kNewShare));
    CHECK(record[Field::isin] == "NO0010883416");
    CHECK(record[Field::mic] == "XOSL");
    CHECK(record[Field::venue] == "XOSL");
    CHECK(record[Field::name] == "NAS10");
    CHECK(record[Field::fisn] == "NORWEGIAN AIR S/SHS NOK 0.10");
    CHECK(record[Field::cfi] == "ESVUFR");
    CHECK(record[Field::currency] == "EUR");
    CHECK(record[Field::lei] == "549300IEUH2FEM2Y6B51");
    CHECK(record[Field::first_trade] == "2021-01-18");
    CHECK(record[Field::termination] == "");
    CHECK(record.event == Event::added);
    CHECK(record.valid == Validity<std::string>{"2021-01-17", ""});
    const std::vector<std::pair<std::string, std::string>> others{
        {"admission_approval", "2021-01-14T00:01:00Z"},
        {"admission_request", "2020-12-09T00:01:00Z"},
        {"commodity_derivative", "false"},
        {"competent_authority", "NO"},
        {"issuer_request", "true"},
        {"relevant_venue", "XOSL"},
    };
    CHECK(record.others == others);
    CHECK("<FinInstrm>" + record.text + "</FinInstrm>" == kNewShare);
}

TEST_CASE("a FIRDS file says what it is in any version", "[firds]") {
    struct Row {
        FirdsDocumentText document;
        std::string record;
        Event event;
    };
    const FirdsDocumentText full{};
    const FirdsDocumentText delta{.container = "FinInstrmRptgRefDataDltaRpt"};
    const FirdsDocumentText cancelled{.container = "FinInstrmRptgCxlRpt"};
    const std::vector<std::pair<std::string, Row>> rows{
        {"auth.017.001.01", {full, ref_data(share()), Event::listed}},
        {"auth.017.001.02", {full, ref_data(share()), Event::listed}},
        {"DRAFT3auth.017.001.01", {full, ref_data(share()), Event::listed}},
        {"DRAFT6auth.036.001.01", {delta, changed("ModfdRcrd", share()), Event::modified}},
        {"auth.036.001.02", {delta, changed("NewRcrd", share()), Event::added}},
        {"auth.036.001.03", {delta, changed("TermntdRcrd", share()), Event::terminated}},
        {"auth.036.002.11", {delta, changed("CancRcrd", share()), Event::cancelled}},
        {"auth.102.001.01", {cancelled, "<CxlData>" + share() + "</CxlData>", Event::cancelled}},
    };
    for (auto [definition, row] : rows) {
        CAPTURE(definition);
        row.document.definition = definition;
        const FirdsOutcome outcome = read_both(row.document(row.record));
        REQUIRE(outcome.error == "");
        CHECK(outcome.header.definition == definition);
        CHECK(outcome.header.message == "FULINS_E_20260815_01of02");
        CHECK(outcome.header.date == "2026-08-15");
        REQUIRE(outcome.records.size() == 1);
        CHECK(outcome.records.front().event == row.event);
    }
}

TEST_CASE("the reporting period of FIRDS is a day or ends on one", "[firds]") {
    for (const std::string period : {"<Dt>2026-08-15</Dt>",
                                     "<Dt> 2026-08-15Z </Dt>",
                                     "<FrDt>2026-08-15</FrDt>",
                                     "<ToDt>2026-08-15</ToDt>",
                                     "<FrDtToDt><FrDt>2017-01-01</FrDt><ToDt>2026-08-15</ToDt>"
                                     "</FrDtToDt>"}) {
        CAPTURE(period);
        CHECK(read_both(FirdsDocumentText{.period = period}("")).header.date == "2026-08-15");
    }
}

TEST_CASE("what is no FIRDS message is refused by name", "[firds]") {
    struct Row {
        std::string text;
        std::string message;
    };
    const auto defined = [](const char* definition) {
        return FirdsDocumentText{.definition = definition}("");
    };
    const FirdsDocumentText full{};
    const std::vector<Row> rows{
        {"", "the file is empty"},
        {"\xEF\xBB\xBF", "it begins with ''"},
        {"\xFF\xFE", "the file is empty"},
        {"<!DOCTYPE html><html><title>Busy</title></html>", "HTML where FIRDS XML was expected"},
        {"<?xml version=\"1.0\"?>\n<html><body/></html>", "HTML where FIRDS XML was expected"},
        {"{\"error\": \"rate limit\"}", "it begins with '{\"error\": \"rate limit\"}'"},
        {"PK\x03\x04", "it begins with 'PK\\x03\\x04'"},
        {"<response><numFound>0</numFound></response>", "the outermost element is 'response'"},
        {defined("auth.044.001.03"), "the message is 'auth.044.001.03'"},
        {defined("auth.017"), "the message is 'auth.017'"},
        {defined("auth.017.1.2"), "the message is 'auth.017.1.2'"},
        {defined("xauth.017.001.02"), "the message is 'xauth.017.001.02'"},
        {defined("auth.0170.001.02"), "the message is 'auth.0170.001.02'"},
        {defined(""), "the message is ''"},
        {defined("auth.036.001.02"),
         "FinInstrmRptgRefDataRpt in a message that says that it is auth.036.001.02"},
        {full(changed("NewRcrd", share())), "FinInstrm in auth.017.001.02"},
        {full("<CxlData/>"), "CxlData in auth.017.001.02"},
        {delta_text(ref_data(share())), "RefData in auth.036.001.03"},
        {cancelled_text(changed("CancRcrd", share())), "FinInstrm in auth.102.001.01"},
        {"<Document><FinInstrmRptgRefDataRpt/></Document>",
         "byte 10: no MsgDefIdr before FinInstrmRptgRefDataRpt"},
        {"<!DOCTYPE BizData [<!ENTITY a 'aaa'>]><BizData/>",
         "the XML has a document type declaration, of 'BizData'"},
        {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><BizData/>",
         "the XML is declared to be in 'ISO-8859-1'"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text, row.message);
        const FirdsOutcome outcome = read_both(row.text);
        CHECK(outcome.error.starts_with("protocol: "));
        CHECK(outcome.error.find(row.message) != std::string::npos);
        CHECK(outcome.records.empty());
    }
}

TEST_CASE("the texts of FIRDS are those of XML", "[firds]") {
    struct Row {
        std::string written;
        std::string meant;
        std::string why;
    };
    const std::vector<Row> rows{
        {"S&amp;P 500 &lt;net&gt; &quot;A&quot; &apos;B&apos;", "S&P 500 <net> \"A\" 'B'", "five"},
        {"&amp;amp;", "&amp;", "not decoded twice"},
        {"caf&#233; &#xE9;", "caf\xC3\xA9 \xC3\xA9", "numeric"},
        {"<![CDATA[a <b> & c]]>", "a <b> & c", "CDATA"},
        {"a<![CDATA[]]>b", "ab", "empty CDATA"},
        {"a<!-- no -->b", "ab", "comment"},
        {"a<?no no?>b", "ab", "processing instruction"},
        {"a<x>no<FullNm>no</FullNm></x>b", "ab", "unknown element"},
        {"a > b ]] c ]>", "a > b ]] c ]>", "brackets"},
        {"M\xC3\xBCnchener R\xC3\xBC"
         "ck \xE2\x82\xAC \xF0\x9F\x92\xB6",
         "M\xC3\xBCnchener R\xC3\xBC"
         "ck \xE2\x82\xAC \xF0\x9F\x92\xB6",
         "two to four bytes"},
        {"\xEF\xBF\xBD \xEF\xBF\xA5", "\xEF\xBF\xBD \xEF\xBF\xA5", "next to what is forbidden"},
        {"\xC2\x85\x7F", "\xC2\x85\x7F", "odd, but allowed"},
        {"a\r\nb\rc\nd\te", "a\nb\nc\nd\te", "line ends"},
        {"  two   words  ", "  two   words  ", "blanks stay"},
        {"", "", "empty"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.written, row.why);
        CHECK(one_record(full_text(ref_data(share(row.written))))[Field::name] == row.meant);
    }
}

TEST_CASE("FIRDS XML that is not well-formed is refused with its place", "[firds]") {
    struct Row {
        std::string name;
        std::size_t place;  ///< in the name
        std::string why;
    };
    const std::vector<Row> rows{
        {"S&P", 3, "a bare ampersand"},
        {"S& P", 2, "another one"},
        {"x&eacute;", 1, "an entity that is not XML's"},
        {"x]]>", 3, "the end of no CDATA"},
        {"x\x01", 1, "a control character"},
        {std::string("x\0", 2), 1, "NUL"},
        {"x\xE9", 1, "windows-1252"},
        {"x\xC0\xAF", 1, "overlong"},
        {"x\xED\xA0\x80", 1, "a surrogate"},
        {"x\xEF\xBF\xBE", 1, "U+FFFE"},
        {"x&#1;", 1, "a reference to a control character"},
        {"x</FullName>", 3, "another end tag"},
        {"x<b a='1' a='2'/>", 10, "an attribute twice"},
        {"x<b a=1/>", 6, "an attribute without quotes"},
        {"x<!-- a -- b -->", 10, "two hyphens in a comment"},
        {"x< b/>", 2, "a blank before a name"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name, row.why);
        const std::string good = full_text(ref_data(share()) + ref_data(share("@")));
        const std::size_t at = good.find('@');
        const FirdsOutcome outcome = read_both(good.substr(0, at) + row.name + good.substr(at + 1));
        const std::string start = "data: byte " + std::to_string(at + row.place) + ": ";
        CHECK(outcome.error.substr(0, start.size()) == start);
        CHECK(outcome.records.size() == 1);
    }
    CHECK(read_both(full_text("") + "x").error.starts_with("data: "));
    CHECK(read_both(full_text("") + "<x/>").error.starts_with("data: "));
    CHECK(read_both(" " + full_text("")).error.starts_with("data: "));
}

TEST_CASE("a FIRDS file that ends early is refused wherever it ends", "[firds]") {
    const std::string text = delta_text(kNewShare + "<!-- x -->" +
                                        changed("CancRcrd", share("<![CDATA[x]]>&#233;\xC3\xA9")));
    for (std::size_t size = 1; size < text.size(); ++size) {
        CAPTURE(size);
        const FirdsOutcome outcome = read_both(text.substr(0, size));
        CHECK(outcome.error == "data: byte " + std::to_string(size) +
                                   ": the XML ends too early: the file is incomplete");
    }
    CHECK(read_both(text + "\r\n<!-- end -->\n").error == "");
}

TEST_CASE("names of FIRDS elements count without prefix and namespace", "[firds]") {
    std::string text = full_text(ref_data(share()));
    const FirdsCopy expected = one_record(text);
    for (const std::string mark : {"</", "<"}) {
        for (std::size_t at = text.find(mark); at != std::string::npos;
             at = text.find(mark, at + mark.size())) {
            const char next = text[at + mark.size()];
            if (next != '?' && next != '/') {
                text.insert(at + mark.size(), "esma:");
            }
        }
    }
    FirdsCopy found = one_record(text);
    CHECK(found.text.starts_with("<esma:RefData>"));
    found.text = expected.text;
    found.byte = expected.byte;
    CHECK(found == expected);
}

TEST_CASE("attributes, blanks and unknown elements do not matter in FIRDS", "[firds]") {
    const FirdsCopy plain = one_record(full_text(ref_data(share())));
    struct Row {
        std::string from;
        std::string to;
    };
    const std::vector<Row> rows{
        {"<RefData>", "<RefData xmlns=\"urn:x\" a='1'>"},
        {"<RefData>", "<RefData\n>"},
        {"</RefData>", "</RefData >"},
        {"<Issr>", "<Issr a=\">\">"},
        {"<Issr>", "<Frst><Id>XXX</Id></Frst><Issr>"},
        {"<Issr>", "text <Issr>"},
        {"<Issr>", "\r\n\t <Issr >"},
        {"<IssrReq>", "<FrstAdmssn>XLON</FrstAdmssn><IssrReq>"},
        {"<TechAttrbts>", "<NewAttrbts/><TechAttrbts><x/>"},
        {"</TradgVnRltdAttrbts>", "<TermntnDt/></TradgVnRltdAttrbts>"},
        {"</TradgVnRltdAttrbts>", "<TermntnDt></TermntnDt></TradgVnRltdAttrbts>"},
        {"<FullNm>", "<?pi ?><!-- > --><FullNm>"},
        {"<RefData>", "<!-- <RefData> --><RefData>"},
        {"<RefData>", "<Wrapper/><RefData>"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.from, row.to);
        std::string text = full_text(ref_data(share()));
        text.replace(text.find(row.from), row.from.size(), row.to);
        FirdsCopy found = one_record(text);
        found.text = plain.text;
        found.byte = plain.byte;
        found.line = plain.line;
        CHECK(found == plain);
    }
}

TEST_CASE("FIRDS records nested otherwise, or without key, are passed on", "[firds]") {
    CHECK(one_record(full_text("<Group>" + ref_data(share()) + "</Group>"))[Field::mic] == "XPAR");
    CHECK(one_record(delta_text("<NewRcrd>" + share() + "</NewRcrd>"))[Field::mic] == "XPAR");
    CHECK(one_record(full_text("<RefData/>"))[Field::isin] == "");
    CHECK(one_record(full_text("<RefData></RefData>")).text == "<RefData></RefData>");
    CHECK(one_record(full_text(ref_data("<Issr>5</Issr>")))[Field::lei] == "5");
    const std::string two = "<FinInstrm><NewRcrd>" + share() + "</NewRcrd><ModfdRcrd>" + share() +
                            "</ModfdRcrd></FinInstrm>";
    const FirdsOutcome outcome = read_both(delta_text(two));
    REQUIRE(outcome.records.size() == 2);
    CHECK(outcome.records[0].event == Event::added);
    CHECK(outcome.records[1].event == Event::modified);
}

TEST_CASE("a FIRDS file without records is whole", "[firds]") {
    for (const std::string& text :
         {full_text(""), delta_text("<FinInstrm/>"), cancelled_text(" ")}) {
        const FirdsOutcome outcome = read_both(text);
        CHECK(outcome.error == "");
        CHECK(outcome.records.empty());
        CHECK(outcome.header.date == "2026-08-15");
    }
}

TEST_CASE("days of FIRDS are days, and the year 9999 is none", "[firds]") {
    struct Row {
        std::string written;
        std::string meant;
    };
    const std::vector<Row> rows{
        {"2017-10-25T21:00:00", "2017-10-25"},
        {"2017-10-25T21:00:00.999Z", "2017-10-25"},
        {"2017-10-25T21:00:00+02:00", "2017-10-25"},
        {"2017-10-25", "2017-10-25"},
        {"2017-10-25Z", "2017-10-25"},
        {"9999-12-31", ""},
        {"9999-12-31T23:59:59Z", ""},
        {"someday", "someday"},
        {"2017-10-250", "2017-10-250"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.written);
        const std::string& day = row.written;
        const FirdsOutcome outcome = read_both(full_text(
            ref_data("<TradgVnRltdAttrbts><FrstTradDt>" + day + "</FrstTradDt><TermntnDt>" + day +
                     "</TermntnDt></TradgVnRltdAttrbts><DebtInstrmAttrbts><MtrtyDt>" + day +
                     "</MtrtyDt></DebtInstrmAttrbts><DerivInstrmAttrbts><XpryDt>" + day +
                     "</XpryDt></DerivInstrmAttrbts>")));
        REQUIRE(outcome.records.size() == 1);
        const FirdsCopy& record = outcome.records.front();
        CHECK(record[Field::first_trade] == (row.meant.empty() ? "9999-12-31" : row.meant));
        CHECK(record[Field::termination] == row.meant);
        CHECK(record[Field::maturity] == row.meant);
        CHECK(record.other("expiry") == row.meant);
        const std::vector<std::string> warned{"3 days in the year 9999, taken as none"};
        CHECK(outcome.warnings == (row.meant.empty() ? warned : std::vector<std::string>{}));
    }
}

TEST_CASE("the period of a FIRDS record is its validity", "[firds]") {
    struct Row {
        std::string period;
        Validity<std::string> valid;
    };
    const std::vector<Row> rows{
        {"<FrDt>2017-10-27</FrDt>", {"2017-10-27", ""}},
        {"<FrDtToDt><FrDt>2017-07-18</FrDt><ToDt>2017-10-26Z</ToDt></FrDtToDt>",
         {"2017-07-18", "2017-10-26"}},
        {"<FrDtToDt><FrDt>2017-07-18</FrDt><ToDt>9999-12-31</ToDt></FrDtToDt>", {"2017-07-18", ""}},
        {"<ToDt>2017-10-26</ToDt>", {"", "2017-10-26"}},
        {"<Dt>2017-10-26</Dt>", {"2017-10-26", ""}},
        {"", {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.period);
        const FirdsCopy record =
            one_record(delta_text(changed("TermntdRcrd",
                                          "<TechAttrbts><NvrPblshd>true</NvrPblshd><PblctnPrd>" +
                                              row.period + "</PblctnPrd></TechAttrbts>")));
        CHECK(record.valid == row.valid);
        CHECK(record.other("never_published") == "true");
    }
}

TEST_CASE("a cancelled FIRDS record is only its key", "[firds]") {
    const std::string key =
        "<FinInstrmGnlAttrbts><Id>IE00B4L5Y983</Id></FinInstrmGnlAttrbts>"
        "<TradgVnRltdAttrbts><Id>XPAR</Id></TradgVnRltdAttrbts>";
    const FirdsOutcome outcome =
        read_both(delta_text(changed("CancRcrd", key) + changed("CancRcrd", share())));
    REQUIRE(outcome.records.size() == 2);
    for (const FirdsCopy& record : outcome.records) {
        CHECK(record.event == Event::cancelled);
        CHECK(record[Field::isin] == "IE00B4L5Y983");
        CHECK(record[Field::venue] == "XPAR");
        CHECK(record[Field::name] == "");
        CHECK(record.others.empty());
        CHECK(record.valid == Validity<std::string>{});
    }
    CHECK(outcome.warnings == std::vector<std::string>{"1 cancellations with more than their key"});
}

TEST_CASE("what is odd in FIRDS records is counted", "[firds]") {
    const std::string twice = "<Issr>1</Issr><Issr>2</Issr>";
    const FirdsOutcome outcome = read_both(delta_text(
        changed("NewRcrd", twice) + changed("OtherRcrd", "") + changed("OtherRcrd", "")));
    REQUIRE(outcome.records.size() == 1);
    CHECK(outcome.records.front()[Field::lei] == "2");
    CHECK(outcome.warnings ==
          std::vector<std::string>{"1 records with a field twice",
                                   "2 records of the unknown kind 'OtherRcrd'"});
}

TEST_CASE("underlyings of a FIRDS basket are one column", "[firds]") {
    const auto derivative = [](const std::string& underlying) {
        return full_text(ref_data("<DerivInstrmAttrbts><UndrlygInstrm>" + underlying +
                                  "</UndrlygInstrm></DerivInstrmAttrbts>"));
    };
    CHECK(one_record(derivative("<Sngl><ISIN>A</ISIN></Sngl>")).other("underlying_isins") == "A");
    const FirdsCopy basket = one_record(derivative(
        "<Bskt><ISIN>A</ISIN><ISIN>B&amp;</ISIN><ISIN>C</ISIN><LEI>1</LEI><LEI>2</LEI></Bskt>"));
    CHECK(basket.other("underlying_isins") == "A B& C");
    CHECK(basket.other("underlying_leis") == "1 2");
    CHECK(one_record(derivative("<Bskt><ISIN>B</ISIN></Bskt>")).other("underlying_isins") == "B");
}

TEST_CASE("FIRDS records tell line and byte", "[firds]") {
    const FirdsDocumentText document{.before = "\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n\n"};
    const std::string text = document(ref_data(share()) + "\n \r\n" + ref_data(share("a\nb")) +
                                      "<!--\n-->" + ref_data(share()));
    const FirdsOutcome outcome = read_both(text);
    REQUIRE(outcome.records.size() == 3);
    std::size_t from = 0;
    for (const std::uint64_t line : {3U, 5U, 7U}) {
        const FirdsCopy& record = outcome.records[line / 2 - 1];
        from = text.find("<RefData>", from + 1);
        CHECK(record.line == line);
        CHECK(record.byte == from);
        CHECK(text.substr(from, record.text.size()) == record.text);
    }
}

TEST_CASE("FIRDS in UTF-16 counts as its text in UTF-8", "[firds]") {
    const FirdsDocumentText document{.before = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n"};
    const std::string text = document(ref_data(share()) + ref_data(share("&#233;")));
    const FirdsOutcome expected = read_both(text);
    REQUIRE(expected.records.size() == 2);
    for (const bool is_little : {true, false}) {
        std::string wide = is_little ? "\xFF\xFE" : "\xFE\xFF";
        for (const char character : text) {
            wide += is_little ? std::string{character, '\0'} : std::string{'\0', character};
        }
        for (const std::string& file : {wide, wide.substr(2)}) {
            const FirdsOutcome found = read_both(file);
            CHECK(found.error == "");
            CHECK(found.records == expected.records);
            CHECK(found.encoding == (is_little ? "utf-16le" : "utf-16be"));
        }
    }
}

TEST_CASE("where a buffer ends does not matter to FIRDS", "[firds]") {
    const std::string text =
        delta_text(kNewShare + " " + changed("ModfdRcrd", share("&amp;\xC3\xA9")) +
                   changed("ModfdRcrd", share("&#233;<![CDATA[<]]>")) + "<!-- -->" + kNewShare);
    const FirdsOutcome expected = read_both(text);
    REQUIRE(expected.records.size() == 4);
    for (std::size_t step = 1; step < 600; step += step < 40 ? 1 : 37) {
        for (const FirdsPath path : {FirdsPath::quick, FirdsPath::general}) {
            CAPTURE(step);
            CHECK(read_firds_text(text, path, {}, step) == expected);
        }
    }
}

TEST_CASE("a FIRDS record may be long, but not too long", "[firds]") {
    const std::string name(900'000, 'x');
    const std::string text =
        full_text(ref_data(share()) + ref_data(share(name)) + ref_data(share()));
    const FirdsOutcome outcome = read_both(text);
    REQUIRE(outcome.records.size() == 3);
    CHECK(outcome.records[1][Field::name] == name);

    struct Row {
        std::string text;
        std::string message;
    };
    const std::string record = ref_data(share());
    const ParseOptions options{.max_record = 1000};
    const std::string longer(1100, 'x');
    const std::string place = std::to_string(text.find("<RefData>"));
    const std::vector<Row> rows{
        {full_text(ref_data(share(longer))),
         "byte " + place + ": a record of more than 1000 bytes"},
        {full_text(ref_data(share("&#9;" + longer))),
         "byte " + place + ": a record of more than 1000 bytes"},
        {full_text("<x a='" + longer + "'/>"),
         "byte " + place + ": a tag or comment of more than 1000 bytes"},
    };
    for (const Row& row : rows) {
        CHECK(read_both(row.text, options).error == "data: " + row.message);
    }
    CHECK(read_both(full_text("<!--" + longer + "-->"), options).error ==
          "data: " + rows[2].message);
    std::string deep;
    for (int i = 0; i < 200; ++i) {
        deep += "<x>";
    }
    CHECK(read_both(deep).error == "data: byte 300: elements are nested more than 100 deep");
}

TEST_CASE("what the taker of FIRDS records throws comes through", "[firds]") {
    for (const std::string name : {"plain", "&#233;"}) {
        for (const FirdsPath path : {FirdsPath::quick, FirdsPath::general}) {
            const std::string text = full_text(ref_data(share(name)) + ref_data(share(name)));
            StringSource source(text);
            int taken = 0;
            const auto sink = [&](const RawRecord& /*record*/) {
                ++taken;
                throw std::out_of_range("enough");
            };
            CHECK_THROWS_AS(read_firds(source, {}, sink, path), std::out_of_range);
            CHECK(taken == 1);
        }
    }
}

TEST_CASE("FIRDS is a format, and its quick path is the one taken", "[firds]") {
    REQUIRE(find_format("firds") != nullptr);
    const std::string text = delta_text(kNewShare);
    StringSource source(text);
    const ParseSummary summary = find_format("firds")->parse(source, {}, [](const RawRecord&) {});
    CHECK(summary.rows == 1);
    CHECK(summary.encoding == "utf-8");
}
