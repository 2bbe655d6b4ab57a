// The texts that the cells of a workbook share: the one thing that grows with it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

class SharedTexts {
public:
    struct Limits {
        std::uint64_t bytes = 0;  ///< of memory, for all of them
        std::uint64_t text = 0;   ///< bytes of one
    };

    explicit SharedTexts(const Limits& limits) : limits_(limits) {}

    /// Throws Error{data} when a limit is broken, before the memory is taken.
    void add(std::string_view text);

    /// Throws Error{data} when a text of so many bytes would be too long.
    void check_length(std::uint64_t bytes) const;

    std::size_t size() const noexcept { return ends_.size(); }

    /// None when there are not so many. Valid as long as this object.
    std::optional<std::string_view> find(std::uint64_t index) const noexcept;

private:
    void make_room(std::size_t bytes);
    std::uint64_t memory() const noexcept;

    Limits limits_;
    /// Of texts one behind the other; none lies in two of them.
    struct Block {
        std::uint64_t begin = 0;  ///< bytes of the texts in all blocks before
        std::string text{};
    };

    // Not one text, which would need twice its memory, and three times while it grows.
    std::deque<Block> blocks_{};
    std::deque<std::uint64_t> ends_{};  ///< of the texts, counted over all blocks
    std::uint64_t block_memory_ = 0;
};

}  // namespace isinfetch
