// The table of firds_fields.hpp as a tree of elements, for whoever walks through a record.
#pragma once

#include "parse/firds_fields.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace isinfetch {

/// A short text that is compared by three loads and no branch.
class TagText {
public:
    static constexpr std::size_t kLongest = 24;

    TagText() = default;

    /// At most kLongest bytes.
    TagText(std::string_view first, std::string_view second, std::string_view third = {});

    std::size_t size() const noexcept { return size_; }

    /// Does it stand at `text`, of which kLongest bytes can be read?
    bool stands_at(const char* text) const noexcept {
        return differs(text, 0) == 0 && (differs(text, 1) | differs(text, 2)) == 0;
    }

private:
    using Word = std::uint64_t;
    using Words = std::array<Word, kLongest / sizeof(Word)>;

    Word differs(const char* text, std::size_t place) const noexcept {
        Word word = 0;
        std::memcpy(&word, text + place * sizeof word, sizeof word);
        return (word ^ words_[place]) & mask_[place];
    }

    Words words_{};
    Words mask_{};
    std::size_t size_ = 0;
};

/// What an element's text is kept as.
using FirdsSlot = std::uint8_t;
inline constexpr FirdsSlot kNoSlot = 0xFF;

/// An element below a record. A leaf has a slot, others have children.
struct FirdsNode {
    std::string_view name{};
    FirdsSlot slot = kNoSlot;
    FirdsSlot currency_slot = kNoSlot;  ///< of the attribute Ccy
    TagText start{};  ///< behind the '<': `Name>` or, with a currency, `Name Ccy="`
    TagText end{};    ///< behind the '<': `/Name>`
    std::vector<const FirdsNode*> children{};  ///< by name, in the order of the schema
    const FirdsNode* any = nullptr;            ///< what all others are

    bool is_leaf() const noexcept { return slot != kNoSlot; }

    /// The child that an element of this local name is; nullptr when the schema has none.
    const FirdsNode* child(std::string_view element) const noexcept;
};

/// A value of a record: a column of ours.
struct FirdsColumn {
    std::string_view name{};
    FirdsValue value = FirdsValue::text;
};

/// The slots below kFirstFurther are those of Field and of RawRecord::valid.
inline constexpr FirdsSlot kValidFrom = 14;
inline constexpr FirdsSlot kValidTo = 15;
inline constexpr FirdsSlot kFirstFurther = 16;

class FirdsSchema {
public:
    /// Made from the table when first called; lives as long as the program.
    static const FirdsSchema& get();

    FirdsSchema(const FirdsSchema&) = delete;
    FirdsSchema& operator=(const FirdsSchema&) = delete;

    /// What is below a record, whatever its own element is called.
    const FirdsNode& record() const noexcept { return *nodes_.front(); }

    /// Indexed by slot; names are empty where FIRDS has no such field.
    std::span<const FirdsColumn> columns() const noexcept { return columns_; }

private:
    FirdsSchema();
    ~FirdsSchema() = default;

    void add(const FirdsField& field);
    void add_columns();
    FirdsSlot slot_of(std::string_view name) const;
    FirdsNode& child_of(FirdsNode& parent, std::string_view name);

    std::vector<std::unique_ptr<FirdsNode>> nodes_{};
    std::vector<FirdsColumn> columns_{};
};

}  // namespace isinfetch
