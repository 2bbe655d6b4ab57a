#include "parse/text_start.hpp"

#include "util/error.hpp"

#include <array>
#include <string>

namespace isinfetch {

namespace {

constexpr std::size_t kLookAt = 4096;

std::string read_first(ByteSource& input) {
    std::array<char, kLookAt> buffer{};
    std::string first;
    while (first.size() < kLookAt) {
        const std::size_t count = input.read({buffer.data(), kLookAt - first.size()});
        if (count == 0) {
            break;
        }
        first.append(buffer.data(), count);
    }
    return first;
}

}  // namespace

/// The bytes that were looked at, then the rest of the input.
class TextStart::Prefixed final : public ByteSource {
public:
    Prefixed(std::string first, ByteSource& rest) : first_(std::move(first)), rest_(rest) {}

    std::string_view first() const noexcept { return first_; }
    void skip(std::size_t count) { taken_ += count; }

    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = first_.copy(buffer.data(), buffer.size(), taken_);
        taken_ += count;
        return count > 0 ? count : rest_.read(buffer);
    }

private:
    std::string first_;
    std::size_t taken_ = 0;
    ByteSource& rest_;
};

TextStart::TextStart(ByteSource& input)
    : bytes_(std::make_unique<Prefixed>(read_first(input), input)),
      mark_(detect_mark(bytes_->first())) {
    if (first().empty()) {
        fail(ErrorKind::protocol, "the file is empty");
    }
    if (mark_ == ByteOrderMark::none || mark_ == ByteOrderMark::utf_8) {
        return;
    }
    const bool is_little =
        mark_ == ByteOrderMark::utf_16_le || mark_ == ByteOrderMark::utf_16_le_unmarked;
    const bool is_marked = mark_ == ByteOrderMark::utf_16_le || mark_ == ByteOrderMark::utf_16_be;
    wide_ = is_little ? "utf-16le" : "utf-16be";
    bytes_->skip(is_marked ? 2 : 0);
    transcoded_ = utf16_source(*bytes_, is_little);
}

TextStart::~TextStart() = default;

std::string_view TextStart::first() const noexcept {
    return bytes_->first();
}

ByteSource& TextStart::text() noexcept {
    return transcoded_ ? *transcoded_ : *bytes_;
}

}  // namespace isinfetch
