// The texts that the cells of a workbook share: the one thing that grows with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

class SharedTexts {
public:
    struct Limits {
        std::uint64_t bytes = 0;  ///< of memory, for all of them
        std::uint64_t text = 0;   ///< bytes of one
    };

    explicit SharedTexts(const Limits& limits) : limits_(limits) {}

    /// Throws Error{data} when a limit is broken.
    void add(std::string_view text);

    /// Throws Error{data} when a text of so many bytes would be too long.
    void check_length(std::uint64_t bytes) const;

    std::size_t size() const noexcept { return ends_.size(); }

    /// None when there are not so many. Valid until the next add().
    std::optional<std::string_view> find(std::uint64_t index) const noexcept;

private:
    Limits limits_;
    std::string text_{};
    std::vector<std::uint64_t> ends_{};  ///< of the texts, in text_
};

}  // namespace isinfetch
