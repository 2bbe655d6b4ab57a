#include "core/prefix.hpp"

#include <cstddef>

namespace isinfetch {

namespace {

// ISO 3166-1 alpha-2, as of Debian's iso-codes 4.15; two letters each, without separators.
constexpr std::string_view kCountries =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCI"
    "CKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQ"
    "GRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLS"
    "LTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPG"
    "PHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTK"
    "TLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

// ISO 6166:2021 §4.1 a (XS EZ ZZ), Annex E (EU); ANNA Guidelines: substitute agencies (XA to XD)
// and referential crypto assets (XT).
constexpr std::string_view kSpecial = "EUEZXAXBXCXDXSXTZZ";

bool contains(std::string_view codes, std::string_view code) noexcept {
    for (std::size_t i = 0; i < codes.size(); i += 2) {
        if (codes.substr(i, 2) == code) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool is_known_prefix(std::string_view prefix) noexcept {
    return contains(kCountries, prefix) || contains(kSpecial, prefix);
}

}  // namespace isinfetch
