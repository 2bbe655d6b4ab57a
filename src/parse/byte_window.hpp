// A view of a stream that moves forward: what was read, with places counted from its beginning.
#pragma once

#include "util/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Views are valid until the next fill().
class ByteWindow {
public:
    /// Reads `block` bytes at a time. Behind what was read are `padding` bytes that may be looked
    /// at and are 0.
    ByteWindow(ByteSource& input, std::size_t block, std::size_t padding);

    /// What was read and not yet taken.
    std::string_view rest() const noexcept { return view(offset(), end_offset()); }

    /// The place of rest() in the stream.
    std::uint64_t offset() const noexcept { return first_ + begin_; }
    std::uint64_t end_offset() const noexcept { return first_ + end_; }

    void take(std::size_t bytes) noexcept { begin_ += bytes; }

    /// From one place to another; all of it must still be there.
    std::string_view view(std::uint64_t from, std::uint64_t to) const noexcept {
        return {buffer_.data() + (from - first_), static_cast<std::size_t>(to - from)};
    }

    /// Reads on; false at the end of the stream. What is before `keep` and was taken is dropped.
    bool fill(std::uint64_t keep);

private:
    ByteSource& input_;
    std::size_t block_;
    std::size_t padding_;
    std::vector<char> buffer_;
    std::uint64_t first_ = 0;  ///< place of the buffer's first byte
    std::size_t begin_ = 0;    ///< of what is not yet taken
    std::size_t end_ = 0;      ///< of what was read
    bool at_end_ = false;
};

}  // namespace isinfetch
