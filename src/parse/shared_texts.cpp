#include "parse/shared_texts.hpp"

#include "util/error.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::uint64_t kBlock = std::uint64_t{256} * 1024;

}  // namespace

void SharedTexts::check_length(std::uint64_t bytes) const {
    if (bytes > limits_.text) {
        fail(
            ErrorKind::data, "shared text {} has more than {} bytes", places_.size(), limits_.text);
    }
}

void SharedTexts::add(std::string_view text) {
    check_length(text.size());
    make_room(text.size());
    std::string& block = blocks_.back();
    const std::size_t begin = block.size();
    block += text;
    places_.push_back(std::string_view(block).substr(begin));
}

/// Blocks never move and never grow: views of them stay valid.
void SharedTexts::make_room(std::size_t bytes) {
    const bool fits =
        !blocks_.empty() && blocks_.back().size() + bytes <= blocks_.back().capacity();
    // Few texts need no more than a small block.
    const std::uint64_t block =
        fits ? 0 : std::max<std::uint64_t>(bytes, std::min(kBlock, limits_.bytes / 16));
    if (memory() + block + sizeof(std::string_view) > limits_.bytes) {
        fail(ErrorKind::data,
             "the texts that its cells share need more than {} bytes",
             limits_.bytes);
    }
    if (!fits) {
        blocks_.emplace_back().reserve(static_cast<std::size_t>(block));
        block_memory_ += blocks_.back().capacity();
    }
}

std::uint64_t SharedTexts::memory() const noexcept {
    return block_memory_ + places_.size() * sizeof(std::string_view);
}

std::optional<std::string_view> SharedTexts::find(std::uint64_t index) const noexcept {
    if (index >= places_.size()) {
        return std::nullopt;
    }
    return places_[static_cast<std::size_t>(index)];
}

}  // namespace isinfetch
