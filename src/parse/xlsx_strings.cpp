#include "parse/xlsx_strings.hpp"

#include "util/utf8.hpp"

#include <charconv>
#include <optional>

namespace isinfetch {

namespace {

/// The character that "_x000D_" stands for; none when `text` does not begin with such.
std::optional<char32_t> escaped_character(std::string_view text) noexcept {
    constexpr std::size_t kLength = 7;
    if (text.size() < kLength || !text.starts_with("_x") || text[kLength - 1] != '_') {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    const char* end = text.data() + kLength - 1;
    const auto [stop, failure] = std::from_chars(text.data() + 2, end, value, 16);
    const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    return failure == std::errc{} && stop == end && !is_surrogate ? std::optional(char32_t{value})
                                                                  : std::nullopt;
}

}  // namespace

void RichText::start(std::string_view element) noexcept {
    in_text_ = in_text_ || element == "t";
    in_phonetic_ = in_phonetic_ || element == "rPh";
}

void RichText::end(std::string_view element) noexcept {
    in_text_ = in_text_ && element != "t";
    in_phonetic_ = in_phonetic_ && element != "rPh";
}

void decode_escapes(std::string& text, std::size_t from) {
    std::size_t at = text.find("_x", from);
    if (at == std::string::npos) {
        return;
    }
    const std::string rest = text.substr(at);
    text.resize(at);
    for (at = 0; at < rest.size();) {
        if (const auto character = escaped_character(std::string_view(rest).substr(at))) {
            append_utf8(*character, text);
            at += 7;
        } else {
            text += rest[at++];
        }
    }
}

namespace {

class StringsHandler final : public XmlHandler {
public:
    explicit StringsHandler(SharedTexts& texts) : texts_(texts) {}

    void start(std::string_view name,
               const XmlAttributes& /*attributes*/,
               std::uint64_t /*begin*/) override {
        in_item_ = in_item_ || name == "si";
        if (in_item_) {
            rich_.start(name);
        }
    }

    void end(std::string_view name, std::uint64_t /*end*/) override {
        rich_.end(name);
        if (name == "si" && in_item_) {
            in_item_ = false;
            decode_escapes(text_, 0);
            texts_.add(text_);
            text_.clear();
        }
    }

    void text(std::string_view text) override {
        if (in_item_ && rich_.takes_text()) {
            text_ += text;
            texts_.check_length(text_.size());
        }
    }

private:
    SharedTexts& texts_;
    std::string text_{};
    RichText rich_{};
    bool in_item_ = false;
};

}  // namespace

void read_xlsx_strings(XlsxPackage& package, const std::string& part, SharedTexts& texts) {
    StringsHandler handler(texts);
    package.read(part, handler);
}

}  // namespace isinfetch
