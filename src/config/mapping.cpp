#include "config/mapping.hpp"

#include "util/digest.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace isinfetch {

namespace {

/// What decides how a file is read: another value, and the same bytes are another list.
// clang-format off
constexpr std::array<std::string_view, 21> kMappingKeys{
    "format", "open", "csv", "sheets", "fixed", "html", "json", "xml", "columns", "isin_columns",
    "other_columns", "no_isin", "no_isin_where", "isin_from", "entities", "numbers", "decimal", "dates",
    "mic", "currency", "select"};
// clang-format on

/// A text that is the same for the same settings, whatever the order of keys.
std::string canonical(const Value& value) {
    std::string text = fmt::format("{}:{}", value.text.size(), value.text);
    for (const Value& item : value.items) {
        text += "[" + canonical(item) + "]";
    }
    std::vector<std::string> members;
    for (const auto& [key, member] : value.members) {
        members.push_back("{" + key + "=" + canonical(member) + "}");
    }
    std::sort(members.begin(), members.end());
    return text + join(members, "");
}

}  // namespace

std::string mapping_digest(const Value& source) {
    std::string text;
    for (const std::string_view key : kMappingKeys) {
        text += fmt::format("{}={};", key, canonical(*source.find(key)));
    }
    return hex_digest(Digest::Algorithm::sha256, text);
}

}  // namespace isinfetch
