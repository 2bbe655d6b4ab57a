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

    std::size_t size() const noexcept { return places_.size(); }

    /// None when there are not so many. Valid as long as this object.
    std::optional<std::string_view> find(std::uint64_t index) const noexcept;

private:
    void make_room(std::size_t bytes);
    std::uint64_t memory() const noexcept;

    Limits limits_;
    // Blocks and not one text, which would need twice its memory, and three times when it grows.
    std::deque<std::string> blocks_{};
    std::deque<std::string_view> places_{};  ///< in the blocks
    std::uint64_t block_memory_ = 0;
};

}  // namespace isinfetch
