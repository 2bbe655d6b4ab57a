#include "cli/secret_filter.hpp"

#include "util/secret.hpp"

#include <ostream>
#include <string_view>

namespace isinfetch::cli {

SecretFilter::SecretFilter(std::ostream& out) : out_(out), target_(out.rdbuf()) {
    out_.rdbuf(this);
}

SecretFilter::~SecretFilter() {
    pass_on(waiting_.size());
    // As for rdbuf() above, but what went wrong with the stream is not forgotten.
    const auto state = out_.rdstate();
    out_.rdbuf(target_);
    out_.clear(state);
}

SecretFilter::int_type SecretFilter::overflow(int_type letter) {
    if (traits_type::eq_int_type(letter, traits_type::eof())) {
        return traits_type::not_eof(letter);
    }
    const char text = traits_type::to_char_type(letter);
    return xsputn(&text, 1) == 1 ? letter : traits_type::eof();
}

std::streamsize SecretFilter::xsputn(const char* text, std::streamsize count) {
    // Looked for in what is new: a document of JSON is one line, written piece by piece.
    const std::string_view added(text, static_cast<std::size_t>(count));
    const std::size_t end = added.rfind('\n');
    const std::size_t before = waiting_.size();
    waiting_ += added;
    return end == std::string_view::npos || pass_on(before + end + 1) ? count : 0;
}

int SecretFilter::sync() {
    return pass_on(waiting_.size()) ? target_->pubsync() : -1;
}

bool SecretFilter::pass_on(std::size_t size) {
    const std::string shown = hide_secrets(waiting_.substr(0, size));
    waiting_.erase(0, size);
    const auto length = static_cast<std::streamsize>(shown.size());
    return target_->sputn(shown.data(), length) == length;
}

}  // namespace isinfetch::cli
