#include "parse/shared_texts.hpp"

#include "util/error.hpp"

namespace isinfetch {

void SharedTexts::check_length(std::uint64_t bytes) const {
    if (bytes > limits_.text) {
        fail(ErrorKind::data, "shared text {} has more than {} bytes", ends_.size(), limits_.text);
    }
}

void SharedTexts::add(std::string_view text) {
    check_length(text.size());
    text_ += text;
    ends_.push_back(text_.size());
    if (text_.size() + ends_.size() * sizeof(std::uint64_t) > limits_.bytes) {
        fail(ErrorKind::data,
             "the texts that its cells share need more than {} bytes",
             limits_.bytes);
    }
}

std::optional<std::string_view> SharedTexts::find(std::uint64_t index) const noexcept {
    if (index >= ends_.size()) {
        return std::nullopt;
    }
    const std::uint64_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
}

}  // namespace isinfetch
