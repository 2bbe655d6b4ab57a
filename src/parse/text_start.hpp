// The first bytes of a text file, looked at without taking them: they tell UTF-16 from other text.
#pragma once

#include "parse/text_decoder.hpp"
#include "util/bytes.hpp"

#include <memory>
#include <string_view>

namespace isinfetch {

class TextStart {
public:
    /// Throws Error{protocol} when `input`, which must outlive it, is empty.
    explicit TextStart(ByteSource& input);
    TextStart(const TextStart&) = delete;
    TextStart& operator=(const TextStart&) = delete;
    ~TextStart();

    /// The first few kB as they are.
    std::string_view first() const noexcept;

    ByteOrderMark mark() const noexcept { return mark_; }

    /// "utf-16le", "utf-16be", or empty for all other text.
    std::string_view wide() const noexcept { return wide_; }

    /// From the first byte on. UTF-16 as UTF-8, without its mark; other text as it is, with it.
    ByteSource& text() noexcept;

private:
    class Prefixed;

    std::unique_ptr<Prefixed> bytes_;
    std::unique_ptr<ByteSource> transcoded_{};
    ByteOrderMark mark_;
    std::string_view wide_{};
};

}  // namespace isinfetch
