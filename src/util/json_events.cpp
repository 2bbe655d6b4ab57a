#include "util/json_events.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <nlohmann/json.hpp>

#include <iterator>
#include <string>
#include <vector>

namespace isinfetch {

namespace {

using nlohmann::json;

/// The document byte by byte. nlohmann keeps a text that it reads in memory, however long: so that
/// it never sees more of one than the limit allows, bytes are counted here.
class Bytes {
public:
    Bytes(ByteSource& input, const JsonLimits& limits, JsonPlace& place)
        : input_(input), limits_(limits), place_(place), buffer_(kBufferSize) {}

    bool at_end() {
        if (begin_ == end_) {
            begin_ = 0;
            end_ = input_.read(buffer_);
        }
        return begin_ == end_;
    }

    char current() const noexcept { return buffer_[begin_]; }

    void advance() {
        place_.line += buffer_[begin_] == '\n' ? 1U : 0U;
        ++begin_;
        place_.byte = taken_++;
        if (taken_ - told_ > limits_.max_value) {
            fail(ErrorKind::data,
                 "line {}, byte {}: a value of more than {} bytes",
                 place_.line,
                 told_,
                 limits_.max_value);
        }
    }

    /// Something was told: from here on the next value is counted.
    void told() noexcept { told_ = taken_; }

private:
    static constexpr std::size_t kBufferSize = std::size_t{64} * 1024;

    ByteSource& input_;
    const JsonLimits& limits_;
    JsonPlace& place_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t taken_ = 0;
    std::uint64_t told_ = 0;
};

/// The iterators that nlohmann reads from; one without Bytes is the end.
class ByteIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    ByteIterator() = default;
    explicit ByteIterator(Bytes& bytes) noexcept : bytes_(&bytes) {}

    char operator*() const noexcept { return bytes_->current(); }
    ByteIterator& operator++() {
        bytes_->advance();
        return *this;
    }
    bool operator==(const ByteIterator& other) const { return at_end() == other.at_end(); }
    bool operator!=(const ByteIterator& other) const { return !(*this == other); }

private:
    bool at_end() const { return bytes_ == nullptr || bytes_->at_end(); }

    Bytes* bytes_ = nullptr;
};

// The names are nlohmann's.
class Handler final : public json::json_sax_t {
public:
    Handler(Bytes& bytes, const JsonLimits& limits, const JsonPlace& place, JsonListener& listener)
        : bytes_(bytes), limits_(limits), place_(place), listener_(listener) {}

    bool null() override { return tell(""); }
    bool boolean(bool value) override { return tell(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return tell(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return tell(std::to_string(value)); }
    bool number_float(number_float_t /*value*/, const string_t& text) override {
        return tell(text);
    }
    bool string(string_t& value) override { return tell(value); }
    bool binary(binary_t& /*value*/) override { return false; }

    bool start_object(std::size_t /*size*/) override { return begin(JsonContainer::object); }
    bool start_array(std::size_t /*size*/) override { return begin(JsonContainer::array); }
    bool end_object() override { return end(); }
    bool end_array() override { return end(); }

    bool key(string_t& name) override {
        bytes_.told();
        listener_.key(name);
        return true;
    }

    bool parse_error(std::size_t /*position*/,
                     const std::string& token,
                     const json::exception& problem) override {
        const std::string message = problem.what();
        const auto says = [&](const char* words) {
            return message.find(words) != std::string::npos;
        };
        if (bytes_.at_end() && (says("unexpected end of input") || says("; last read"))) {
            fail(ErrorKind::data,
                 "line {}, byte {}: the JSON ends too early: it is incomplete",
                 place_.line,
                 place_.byte);
        }
        fail(ErrorKind::data,
             "line {}, byte {}: no JSON: {}, at '{}'",
             place_.line,
             place_.byte,
             reason_of(message),
             printable(token, 40));
    }

private:
    /// nlohmann's own words without its number and place: "invalid literal".
    static std::string reason_of(const std::string& message) {
        std::string_view text = message;
        for (const std::string_view mark : {"] ", " - "}) {
            const std::size_t place = text.find(mark);
            text.remove_prefix(place == std::string_view::npos ? 0 : place + mark.size());
        }
        return printable(text.substr(0, text.find("; last read")));
    }

    bool tell(std::string_view text) {
        bytes_.told();
        listener_.value(text);
        return true;
    }

    bool begin(JsonContainer container) {
        bytes_.told();
        if (++depth_ > limits_.max_depth) {
            fail(ErrorKind::data,
                 "line {}, byte {}: more than {} objects and arrays in each other",
                 place_.line,
                 place_.byte,
                 limits_.max_depth);
        }
        listener_.begin(container);
        return true;
    }

    bool end() {
        bytes_.told();
        --depth_;
        listener_.end();
        return true;
    }

    Bytes& bytes_;
    const JsonLimits& limits_;
    const JsonPlace& place_;
    JsonListener& listener_;
    std::size_t depth_ = 0;
};

}  // namespace

void read_json(ByteSource& input,
               const JsonLimits& limits,
               JsonPlace& place,
               JsonListener& listener) {
    Bytes bytes(input, limits, place);
    Handler handler(bytes, limits, place, listener);
    if (!json::sax_parse(ByteIterator(bytes), ByteIterator(), &handler)) {
        fail(ErrorKind::data, "byte {}: no JSON", place.byte);
    }
}

}  // namespace isinfetch
