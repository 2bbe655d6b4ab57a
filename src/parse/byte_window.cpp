#include "parse/byte_window.hpp"

#include <algorithm>
#include <cstring>

namespace isinfetch {

ByteWindow::ByteWindow(ByteSource& input, std::size_t block, std::size_t padding)
    : input_(input), block_(block), padding_(padding), buffer_(block + padding) {}

bool ByteWindow::fill(std::uint64_t keep) {
    const auto drop = static_cast<std::size_t>(std::min(keep, offset()) - first_);
    std::memmove(buffer_.data(), buffer_.data() + drop, end_ - drop);
    first_ += drop;
    begin_ -= drop;
    end_ -= drop;
    if (buffer_.size() < end_ + block_ / 2 + padding_) {
        buffer_.resize(end_ + std::max(end_, block_) + padding_);
    }
    const std::size_t room = buffer_.size() - padding_;
    const std::size_t before = end_;
    while (end_ < room && !at_end_) {
        const std::size_t count = input_.read({buffer_.data() + end_, room - end_});
        at_end_ = count == 0;
        end_ += count;
    }
    std::fill_n(buffer_.begin() + static_cast<std::ptrdiff_t>(end_), padding_, '\0');
    return end_ > before;
}

}  // namespace isinfetch
