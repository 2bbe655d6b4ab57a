// Streams of bytes, pulled and pushed: the seam between network, archive and parsers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace isinfetch {

/// Bytes that are pulled, in order, once.
class ByteSource {
public:
    virtual ~ByteSource() = default;

    /// Fills `buffer` as far as it can and gives the number of bytes; 0 only at the end.
    /// Throws Error when the bytes cannot be had or are damaged.
    virtual std::size_t read(std::span<char> buffer) = 0;
};

/// Bytes that are pushed, in order.
class ByteSink {
public:
    virtual ~ByteSink() = default;

    /// Takes all of `bytes` or throws Error.
    virtual void write(std::string_view bytes) = 0;
};

/// Text in memory as a source; the text must outlive it.
class StringSource final : public ByteSource {
public:
    explicit StringSource(std::string_view text) : rest_(text) {}

    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = rest_.copy(buffer.data(), buffer.size());
        rest_.remove_prefix(count);
        return count;
    }

private:
    std::string_view rest_;
};

class StringSink final : public ByteSink {
public:
    void write(std::string_view bytes) override { text_ += bytes; }

    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

}  // namespace isinfetch
