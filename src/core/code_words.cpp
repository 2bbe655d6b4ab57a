#include "core/code_words.hpp"

#include "core/prefix.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace isinfetch {

namespace {

// Three letters and the two that mean the same, in the order of the three. Source: ISO 3166-1.
// clang-format off
constexpr auto kThreeLetters = std::to_array<std::string_view>({
    "ABWAW", "AFGAF", "AGOAO", "AIAAI", "ALAAX", "ALBAL", "ANDAD", "AREAE", "ARGAR", "ARMAM",
    "ASMAS", "ATAAQ", "ATFTF", "ATGAG", "AUSAU", "AUTAT", "AZEAZ", "BDIBI", "BELBE", "BENBJ",
    "BESBQ", "BFABF", "BGDBD", "BGRBG", "BHRBH", "BHSBS", "BIHBA", "BLMBL", "BLRBY", "BLZBZ",
    "BMUBM", "BOLBO", "BRABR", "BRBBB", "BRNBN", "BTNBT", "BVTBV", "BWABW", "CAFCF", "CANCA",
    "CCKCC", "CHECH", "CHLCL", "CHNCN", "CIVCI", "CMRCM", "CODCD", "COGCG", "COKCK", "COLCO",
    "COMKM", "CPVCV", "CRICR", "CUBCU", "CUWCW", "CXRCX", "CYMKY", "CYPCY", "CZECZ", "DEUDE",
    "DJIDJ", "DMADM", "DNKDK", "DOMDO", "DZADZ", "ECUEC", "EGYEG", "ERIER", "ESHEH", "ESPES",
    "ESTEE", "ETHET", "FINFI", "FJIFJ", "FLKFK", "FRAFR", "FROFO", "FSMFM", "GABGA", "GBRGB",
    "GEOGE", "GGYGG", "GHAGH", "GIBGI", "GINGN", "GLPGP", "GMBGM", "GNBGW", "GNQGQ", "GRCGR",
    "GRDGD", "GRLGL", "GTMGT", "GUFGF", "GUMGU", "GUYGY", "HKGHK", "HMDHM", "HNDHN", "HRVHR",
    "HTIHT", "HUNHU", "IDNID", "IMNIM", "INDIN", "IOTIO", "IRLIE", "IRNIR", "IRQIQ", "ISLIS",
    "ISRIL", "ITAIT", "JAMJM", "JEYJE", "JORJO", "JPNJP", "KAZKZ", "KENKE", "KGZKG", "KHMKH",
    "KIRKI", "KNAKN", "KORKR", "KWTKW", "LAOLA", "LBNLB", "LBRLR", "LBYLY", "LCALC", "LIELI",
    "LKALK", "LSOLS", "LTULT", "LUXLU", "LVALV", "MACMO", "MAFMF", "MARMA", "MCOMC", "MDAMD",
    "MDGMG", "MDVMV", "MEXMX", "MHLMH", "MKDMK", "MLIML", "MLTMT", "MMRMM", "MNEME", "MNGMN",
    "MNPMP", "MOZMZ", "MRTMR", "MSRMS", "MTQMQ", "MUSMU", "MWIMW", "MYSMY", "MYTYT", "NAMNA",
    "NCLNC", "NERNE", "NFKNF", "NGANG", "NICNI", "NIUNU", "NLDNL", "NORNO", "NPLNP", "NRUNR",
    "NZLNZ", "OMNOM", "PAKPK", "PANPA", "PCNPN", "PERPE", "PHLPH", "PLWPW", "PNGPG", "POLPL",
    "PRIPR", "PRKKP", "PRTPT", "PRYPY", "PSEPS", "PYFPF", "QATQA", "REURE", "ROURO", "RUSRU",
    "RWARW", "SAUSA", "SDNSD", "SENSN", "SGPSG", "SGSGS", "SHNSH", "SJMSJ", "SLBSB", "SLESL",
    "SLVSV", "SMRSM", "SOMSO", "SPMPM", "SRBRS", "SSDSS", "STPST", "SURSR", "SVKSK", "SVNSI",
    "SWESE", "SWZSZ", "SXMSX", "SYCSC", "SYRSY", "TCATC", "TCDTD", "TGOTG", "THATH", "TJKTJ",
    "TKLTK", "TKMTM", "TLSTL", "TONTO", "TTOTT", "TUNTN", "TURTR", "TUVTV", "TWNTW", "TZATZ",
    "UGAUG", "UKRUA", "UMIUM", "URYUY", "USAUS", "UZBUZ", "VATVA", "VCTVC", "VENVE", "VGBVG",
    "VIRVI", "VNMVN", "VUTVU", "WLFWF", "WSMWS", "YEMYE", "ZAFZA", "ZMBZM", "ZWEZW",
});
// clang-format on

// What people write for a country and ISO 3166 does not.
constexpr auto kHabits = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"EL", "GR"},  // the European Union's
    {"EN", "GB"},
    {"ENGLAND", "GB"},
    {"GREAT BRITAIN", "GB"},
    {"HOLLAND", "NL"},
    {"UK", "GB"},
    {"USA", "US"},
});

// Exchanges as people call them. Source: ISO 10383.
constexpr auto kVenues = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"AMSTERDAM", "XAMS"}, {"ASX", "XASX"},        {"ATHENS", "XATH"},   {"BME", "XMAD"},
    {"BMV", "XMEX"},       {"BRUSSELS", "XBRU"},   {"BSE", "XBOM"},      {"B3", "BVMF"},
    {"BOVESPA", "BVMF"},   {"COPENHAGEN", "XCSE"}, {"DUBLIN", "XDUB"},   {"EUREX", "XEUR"},
    {"FRANKFURT", "XFRA"}, {"GPW", "XWAR"},        {"HELSINKI", "XHEL"}, {"HKEX", "XHKG"},
    {"IDX", "XIDX"},       {"JPX", "XTKS"},        {"JSE", "XJSE"},      {"KRX", "XKRX"},
    {"LISBON", "XLIS"},    {"LSE", "XLON"},        {"LONDON", "XLON"},   {"MADRID", "XMAD"},
    {"MILAN", "XMIL"},     {"MOEX", "MISX"},       {"MOSCOW", "MISX"},   {"MUNICH", "XMUN"},
    {"NASDAQ", "XNAS"},    {"NSE", "XNSE"},        {"NYSE", "XNYS"},     {"NZX", "XNZE"},
    {"OSLO", "XOSL"},      {"PARIS", "XPAR"},      {"PRAGUE", "XPRA"},   {"SEHK", "XHKG"},
    {"SGX", "XSES"},       {"SIX", "XSWX"},        {"SHANGHAI", "XSHG"}, {"SHENZHEN", "XSHE"},
    {"STOCKHOLM", "XSTO"}, {"STUTTGART", "XSTU"},  {"TASE", "XTAE"},     {"TSX", "XTSE"},
    {"TOKYO", "XTKS"},     {"TSE", "XTKS"},        {"TWSE", "XTAI"},     {"VIENNA", "XWBO"},
    {"WARSAW", "XWAR"},    {"XETRA", "XETR"},      {"ZURICH", "XSWX"},
});

std::string_view by_three_letters(std::string_view word) noexcept {
    const auto* const found = std::ranges::find_if(
        kThreeLetters, [&](std::string_view entry) { return entry.substr(0, 3) == word; });
    return found == kThreeLetters.end() ? "" : found->substr(3);
}

template <class Table>
std::string_view find_in(const Table& table, std::string_view word) noexcept {
    const auto* const found = std::ranges::find(table, word, &Table::value_type::first);
    return found == table.end() ? "" : found->second;
}

/// By the name in prefixes.tsv, or the one that is nearest to it.
std::string_view by_name(std::string_view word) {
    std::vector<std::string> names;
    for (const Prefix& prefix : prefix_table()) {
        names.emplace_back(prefix.meaning);
    }
    const auto near = closest(word, names);
    const auto same = [&](const Prefix& prefix) { return near && prefix.meaning == *near; };
    const auto found = std::ranges::find_if(prefix_table(), same);
    return found == prefix_table().end() ? "" : found->code;
}

}  // namespace

std::string_view country_meant_by(std::string_view text) {
    const std::string word = upper(trim(text));
    constexpr std::size_t kShortestName = 4;
    for (const std::string_view found : {find_in(kHabits, word), by_three_letters(word)}) {
        if (!found.empty()) {
            return found;
        }
    }
    return word.size() < kShortestName ? "" : by_name(word);
}

std::string_view mic_meant_by(std::string_view text) {
    const std::string word = upper(trim(text));
    if (const std::string_view found = find_in(kVenues, word); !found.empty()) {
        return found;
    }
    std::vector<std::string> mics;
    mics.reserve(kVenues.size());
    for (const auto& [name, mic] : kVenues) {
        mics.emplace_back(mic);
    }
    const auto near = closest(word, mics);
    const auto same = [&](const auto& venue) { return near && venue.second == *near; };
    const auto* const found = std::ranges::find_if(kVenues, same);
    return found == kVenues.end() ? "" : found->second;
}

}  // namespace isinfetch
