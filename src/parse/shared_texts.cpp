#include "parse/shared_texts.hpp"

#include "util/error.hpp"

#include <algorithm>
#include <iterator>

namespace isinfetch {

namespace {

constexpr std::uint64_t kBlock = std::uint64_t{256} * 1024;

}  // namespace

void SharedTexts::check_length(std::uint64_t bytes) const {
    if (bytes > limits_.text) {
        fail(ErrorKind::data, "shared text {} has more than {} bytes", ends_.size(), limits_.text);
    }
}

void SharedTexts::add(std::string_view text) {
    check_length(text.size());
    make_room(text.size());
    blocks_.back().text += text;
    ends_.push_back(blocks_.back().begin + blocks_.back().text.size());
}

/// Blocks never move and never grow: views of them stay valid.
void SharedTexts::make_room(std::size_t bytes) {
    const bool fits =
        !blocks_.empty() && blocks_.back().text.size() + bytes <= blocks_.back().text.capacity();
    // Few texts need no more than a small block.
    const std::uint64_t block =
        fits ? 0 : std::max<std::uint64_t>(bytes, std::min(kBlock, limits_.bytes / 16));
    if (memory() + block + sizeof(std::uint64_t) > limits_.bytes) {
        fail(ErrorKind::data,
             "the texts that its cells share need more than {} bytes",
             limits_.bytes);
    }
    if (!fits) {
        const std::uint64_t begin = ends_.empty() ? 0 : ends_.back();
        blocks_.push_back({.begin = begin});
        blocks_.back().text.reserve(static_cast<std::size_t>(block));
        block_memory_ += blocks_.back().text.capacity();
    }
}

std::uint64_t SharedTexts::memory() const noexcept {
    return block_memory_ + ends_.size() * sizeof(std::uint64_t);
}

std::optional<std::string_view> SharedTexts::find(std::uint64_t index) const noexcept {
    if (index >= ends_.size()) {
        return std::nullopt;
    }
    const std::uint64_t begin = index == 0 ? 0 : ends_[index - 1];
    const std::uint64_t size = ends_[index] - begin;
    if (size == 0) {
        return std::string_view();  // between two blocks it lies in neither
    }
    const auto behind = std::ranges::upper_bound(blocks_, begin, {}, &Block::begin);
    const Block& block = *std::prev(behind);
    return std::string_view(block.text).substr(begin - block.begin, size);
}

}  // namespace isinfetch
