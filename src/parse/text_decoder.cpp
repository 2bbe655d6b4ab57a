#include "parse/text_decoder.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace isinfetch {

namespace {

class Iconv {
public:
    explicit Iconv(const char* from) : handle_(iconv_open("UTF-8", from)) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv_open(3) says (iconv_t)-1
        if (handle_ == reinterpret_cast<iconv_t>(-1)) {
            fail(ErrorKind::os, "iconv: cannot convert from {}", from);
        }
    }
    Iconv(const Iconv&) = delete;
    Iconv& operator=(const Iconv&) = delete;
    ~Iconv() { iconv_close(handle_); }

    enum class Stop { done, full, cut, invalid };

    /// Converts as much of `in` into `out` as it can; both are advanced.
    Stop convert(std::span<char>& in, std::span<char>& out) {
        char* in_at = in.data();
        char* out_at = out.data();
        std::size_t in_left = in.size();
        std::size_t out_left = out.size();
        const std::size_t result = iconv(handle_, &in_at, &in_left, &out_at, &out_left);
        const int problem = result == static_cast<std::size_t>(-1) ? errno : 0;
        in = {in_at, in_left};
        out = {out_at, out_left};
        if (problem == E2BIG) {
            return Stop::full;
        }
        if (problem == EINVAL) {
            return Stop::cut;
        }
        return problem == 0 ? Stop::done : Stop::invalid;
    }

private:
    iconv_t handle_;
};

/// Converts into a buffer of its own: what asks for bytes may have room for one only.
class Utf16Source final : public ByteSource {
public:
    Utf16Source(ByteSource& input, const char* name) : input_(input), iconv_(name) {}

    std::size_t read(std::span<char> buffer) override {
        while (ready_.empty()) {
            if ((pending_.empty() || needs_more_) && !refill()) {
                return 0;
            }
            convert();
        }
        const std::size_t count = ready_.copy(buffer.data(), buffer.size());
        ready_.remove_prefix(count);
        return count;
    }

private:
    void convert() {
        std::span<char> rest = converted_;
        const Iconv::Stop stop = iconv_.convert(pending_, rest);
        if (stop == Iconv::Stop::invalid) {
            fail(ErrorKind::data, "the text is not the UTF-16 that its beginning promised");
        }
        needs_more_ = stop == Iconv::Stop::cut;
        ready_ = {converted_.data(), converted_.size() - rest.size()};
    }

    /// Moves what is left to the front and reads behind it; false at the end of the text.
    bool refill() {
        const std::size_t kept = pending_.size();
        std::copy(pending_.begin(), pending_.end(), raw_.begin());
        const std::size_t count = input_.read({raw_.data() + kept, raw_.size() - kept});
        if (count == 0 && kept > 0) {
            fail(ErrorKind::data,
                 "the file ends in the middle of a UTF-16 character: it is incomplete");
        }
        pending_ = {raw_.data(), kept + count};
        needs_more_ = false;
        return count > 0;
    }

    ByteSource& input_;
    Iconv iconv_;
    std::array<char, 65536> raw_{};
    std::array<char, 65536> converted_{};
    std::span<char> pending_{};  ///< of raw_
    std::string_view ready_{};   ///< of converted_
    bool needs_more_ = false;
};

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char byte) {
        return static_cast<unsigned char>(byte) < 0x80;
    });
}

/// What publishers mean by the standards' names are the code pages of Windows, which have more.
std::string iconv_name(Encoding encoding) {
    switch (encoding) {
        case Encoding::big5:
            return "CP950";
        case Encoding::shift_jis:
            return "CP932";
        case Encoding::euc_kr:
            return "CP949";
        case Encoding::automatic:
        case Encoding::utf_8:
        case Encoding::utf_16:
        case Encoding::windows_1251:
        case Encoding::windows_1252:
        case Encoding::iso_8859_1:
        case Encoding::gb18030:
            return std::string(name(encoding));
    }
    return std::string(name(encoding));
}

std::string without_nul(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        result += letter == '\0' ? kReplacement : std::string_view(&letter, 1);
    }
    return result;
}

struct Label {
    std::string_view text;  // lower case
    Encoding encoding;
};

// Those of lists that were seen, and their relatives. Source:
// https://encoding.spec.whatwg.org/#labels
constexpr std::array kLabels{
    Label{"utf-8", Encoding::utf_8},
    Label{"big5", Encoding::big5},
    Label{"ms950", Encoding::big5},
    Label{"cp950", Encoding::big5},
    Label{"shift_jis", Encoding::shift_jis},
    Label{"x-sjis", Encoding::shift_jis},
    Label{"windows-31j", Encoding::shift_jis},
    Label{"euc-kr", Encoding::euc_kr},
    Label{"ks_c_5601-1987", Encoding::euc_kr},
    Label{"gb18030", Encoding::gb18030},
    Label{"gbk", Encoding::gb18030},
    Label{"gb2312", Encoding::gb18030},
    Label{"windows-1251", Encoding::windows_1251},
    Label{"windows-1252", Encoding::windows_1252},
    Label{"iso-8859-1", Encoding::windows_1252},
};

}  // namespace

Encoding declared_encoding(std::string_view beginning) {
    constexpr std::string_view kWord = "charset";
    const std::string text = lower(beginning);
    const std::size_t word = text.find(kWord);
    if (word == std::string::npos) {
        return Encoding::automatic;
    }
    const std::size_t start = text.find_first_not_of(" =\"'", word + kWord.size());
    const std::size_t end = text.find_first_of(" ;\"'/>", std::min(start, text.size()));
    const std::string label =
        start == std::string::npos ? std::string() : text.substr(start, end - start);
    const auto* const found = std::find_if(
        kLabels.begin(), kLabels.end(), [&](const Label& known) { return known.text == label; });
    return found == kLabels.end() ? Encoding::automatic : found->encoding;
}

struct TextDecoder::Converter {
    explicit Converter(Encoding encoding) : iconv(iconv_name(encoding).c_str()) {}

    std::string convert(std::string_view bytes) {
        std::string input(bytes);
        std::string output(4 * bytes.size() + 4, '\0');
        std::span<char> in = input;
        std::span<char> out = output;
        // Bytes that the code page leaves undefined become U+FFFD one by one.
        while (iconv.convert(in, out) != Iconv::Stop::done && !in.empty() && out.size() > 3) {
            kReplacement.copy(out.data(), kReplacement.size());
            out = out.subspan(kReplacement.size());
            in = in.subspan(1);
            has_replaced = true;
        }
        output.resize(output.size() - out.size());
        return output;
    }

    Iconv iconv;
    bool has_replaced = false;
};

std::string_view name(Encoding encoding) noexcept {
    switch (encoding) {
        case Encoding::automatic:
            return "auto";
        case Encoding::utf_8:
            return "utf-8";
        case Encoding::utf_16:
            return "utf-16";
        case Encoding::windows_1251:
            return "windows-1251";
        case Encoding::windows_1252:
            return "windows-1252";
        case Encoding::iso_8859_1:
            return "iso-8859-1";
        case Encoding::big5:
            return "big5";
        case Encoding::shift_jis:
            return "shift_jis";
        case Encoding::euc_kr:
            return "euc-kr";
        case Encoding::gb18030:
            return "gb18030";
    }
    return "auto";
}

// Text that is not UTF-8 must be something; windows-1252 is the most likely.
TextDecoder::TextDecoder(Encoding configured)
    : configured_(configured), legacy_(has_legacy() ? configured : Encoding::windows_1252) {}

TextDecoder::~TextDecoder() = default;

/// Is it known what text is that is no UTF-8?
bool TextDecoder::has_legacy() const noexcept {
    return configured_ != Encoding::automatic && configured_ != Encoding::utf_8 &&
           configured_ != Encoding::utf_16;
}

void TextDecoder::judge(std::string_view sample) {
    if (has_legacy() || guess_) {
        return;
    }
    guess_ = guess_encoding(sample);
    legacy_ = guess_ ? guess_->encoding : legacy_;
}

std::string_view TextDecoder::decode(std::string_view bytes) {
    const std::string_view text = decode_characters(bytes);
    if (text.find('\0') == std::string_view::npos) {
        return text;
    }
    return *decoded_.emplace_back(std::make_unique<std::string>(without_nul(text)));
}

std::string_view TextDecoder::decode_characters(std::string_view bytes) {
    if (is_ascii(bytes)) {
        return bytes;
    }
    if (is_utf8(bytes)) {
        saw_utf8_ = true;
        return bytes;
    }
    saw_legacy_ = true;
    if (!converter_) {
        judge(bytes);
        converter_ = std::make_unique<Converter>(legacy_);
    }
    decoded_.push_back(std::make_unique<std::string>(converter_->convert(bytes)));
    return *decoded_.back();
}

std::size_t TextDecoder::cut_character(std::string_view bytes) const noexcept {
    const std::size_t cut = unfinished_utf8(bytes);
    const std::string_view before = bytes.substr(0, bytes.size() - cut);
    const bool is_possible = cut > 0 && !saw_legacy_ && is_utf8(before);
    return is_possible && (saw_utf8_ || !has_legacy() || !is_ascii(before)) ? cut : 0;
}

std::string TextDecoder::found() const {
    if (saw_utf8_ && saw_legacy_) {
        return "mixed";
    }
    if (saw_legacy_) {
        return std::string(name(legacy_));
    }
    return saw_utf8_ ? "utf-8" : "ascii";
}

/// Do the bytes not speak for one encoding alone?
bool TextDecoder::is_assumed() const noexcept {
    return saw_legacy_ && guess_ && !guess_->is_sure;
}

std::vector<std::string> TextDecoder::warnings() const {
    const bool expects_utf8 = configured_ == Encoding::utf_8 || configured_ == Encoding::utf_16;
    std::vector<std::string> result;
    if ((expects_utf8 && saw_legacy_) || (has_legacy() && saw_utf8_)) {
        result.push_back(
            fmt::format("text is {}, not {} as configured", found(), name(configured_)));
    }
    if (is_assumed()) {
        const bool has_rival = guess_->second != guess_->encoding;
        result.push_back(fmt::format(
            "text that is no UTF-8 is taken for {}, which is but assumed{}: set its encoding",
            name(legacy_),
            has_rival ? fmt::format(", {} is as likely", name(guess_->second)) : ""));
    }
    if (converter_ && converter_->has_replaced) {
        result.push_back(fmt::format("text has bytes that are nothing in {}", name(legacy_)));
    }
    return result;
}

std::unique_ptr<ByteSource> utf16_source(ByteSource& input, bool little_endian) {
    return std::make_unique<Utf16Source>(input, little_endian ? "UTF-16LE" : "UTF-16BE");
}

ByteOrderMark detect_mark(std::string_view first_bytes) noexcept {
    if (first_bytes.starts_with("\xEF\xBB\xBF")) {
        return ByteOrderMark::utf_8;
    }
    if (first_bytes.starts_with("\xFF\xFE")) {
        return ByteOrderMark::utf_16_le;
    }
    if (first_bytes.starts_with("\xFE\xFF")) {
        return ByteOrderMark::utf_16_be;
    }
    // ASCII text in UTF-16 has a NUL in every other byte.
    if (first_bytes.size() >= 4) {
        const auto zero = [&](std::size_t i) { return first_bytes[i] == '\0'; };
        if (!zero(0) && zero(1) && !zero(2) && zero(3)) {
            return ByteOrderMark::utf_16_le_unmarked;
        }
        if (zero(0) && !zero(1) && zero(2) && !zero(3)) {
            return ByteOrderMark::utf_16_be_unmarked;
        }
    }
    return ByteOrderMark::none;
}

}  // namespace isinfetch
