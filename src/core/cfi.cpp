#include "core/cfi.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace isinfetch {

namespace {

constexpr std::size_t kLength = 6;
constexpr std::size_t kLetters = 26;

struct Attribute {
    std::string_view name;
    std::string_view values;  ///< "B=bearer; M=other; …", in the order of the letters
};

struct Category {
    char letter;
    std::string_view meaning;
};

struct Group {
    std::string_view code;
    std::string_view meaning;
    std::array<std::uint8_t, 4> attributes;  ///< indexes of kAttributes; 0: none
};

// kAttributes, kCategories, kGroups
#include "core/cfi_table.inc"

constexpr bool is_capital(char character) noexcept {
    return character >= 'A' && character <= 'Z';
}

constexpr std::size_t ordinal(char capital) noexcept {
    return static_cast<std::size_t>(capital - 'A');
}

constexpr std::uint32_t bit(char capital) noexcept {
    return std::uint32_t{1} << ordinal(capital);
}

/// The letters of an attribute and X, one bit each.
constexpr std::uint32_t letters_of(const Attribute& attribute) noexcept {
    std::uint32_t letters = bit('X');
    for (std::size_t i = 0; i + 1 < attribute.values.size(); ++i) {
        if (attribute.values[i + 1] == '=') {
            letters |= bit(attribute.values[i]);
        }
    }
    return letters;
}

// One more than the index in kGroups of every pair of letters; 0: no such group.
constexpr auto kGroupOf = [] {
    std::array<std::uint8_t, kLetters * kLetters> groups{};
    for (std::size_t i = 0; i < kGroups.size(); ++i) {
        const std::string_view code = kGroups[i].code;
        groups[ordinal(code[0]) * kLetters + ordinal(code[1])] = static_cast<std::uint8_t>(i + 1);
    }
    return groups;
}();

constexpr auto kAllowed = [] {
    std::array<std::uint32_t, kAttributes.size()> allowed{};
    for (std::size_t i = 0; i < kAttributes.size(); ++i) {
        allowed[i] = letters_of(kAttributes[i]);
    }
    return allowed;
}();

const Group* find_group(std::string_view code) noexcept {
    if (code.size() < 2 || !is_capital(code[0]) || !is_capital(code[1])) {
        return nullptr;
    }
    const std::size_t number = kGroupOf[ordinal(code[0]) * kLetters + ordinal(code[1])];
    return number == 0 ? nullptr : &kGroups[number - 1];
}

}  // namespace

Inspection inspect_cfi(std::string_view text) noexcept {
    if (text.size() != kLength) {
        return {Defect::length, text.size()};
    }
    for (std::size_t i = 0; i < kLength; ++i) {
        if (!is_capital(text[i])) {
            return {Defect::character, i};
        }
    }
    const Group* group = find_group(text);
    if (group == nullptr) {
        return {Defect::unknown, cfi_category(text).empty() ? std::size_t{0} : std::size_t{1}};
    }
    for (std::size_t i = 2; i < kLength; ++i) {
        if ((kAllowed[group->attributes[i - 2]] & bit(text[i])) == 0) {
            return {Defect::unknown, i};
        }
    }
    return {};
}

std::string_view cfi_category(std::string_view code) noexcept {
    if (code.empty()) {
        return "";
    }
    const auto* found = std::ranges::find(kCategories, code[0], &Category::letter);
    return found == kCategories.end() ? "" : found->meaning;
}

std::string_view cfi_group(std::string_view code) noexcept {
    const Group* group = find_group(code);
    return group == nullptr ? "" : group->meaning;
}

CfiAttribute cfi_attribute(std::string_view code, std::size_t number) noexcept {
    const Group* group = find_group(code);
    if (group == nullptr || code.size() != kLength || number < 1 || number > 4) {
        return {};
    }
    const Attribute& attribute = kAttributes[group->attributes[number - 1]];
    const std::array<char, 2> key{code[number + 1], '='};
    const std::size_t begin = attribute.values.find(std::string_view{key.data(), key.size()});
    if (begin == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = attribute.values.substr(begin + key.size());
    return {attribute.name, rest.substr(0, rest.find(';'))};
}

std::string describe_cfi(std::string_view code) {
    std::string text{cfi_category(code)};
    if (const std::string_view group = cfi_group(code); !group.empty()) {
        text.append(", ").append(group);
    }
    return text;
}

}  // namespace isinfetch
