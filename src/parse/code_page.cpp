#include "parse/code_page.hpp"

#include "util/error.hpp"
#include "util/utf8.hpp"

#include <fmt/format.h>
#include <iconv.h>

#include <array>
#include <cerrno>

namespace isinfetch {

namespace {

bool is_open(iconv_t handle) noexcept {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv_open(3) says (iconv_t)-1
    return handle != reinterpret_cast<iconv_t>(-1);
}

iconv_t open_code_page(std::uint32_t number) {
    constexpr std::uint32_t kMacintosh = 10'000;
    constexpr std::uint32_t kOldMacintosh = 0x8000;
    const bool is_macintosh = number == kMacintosh || number == kOldMacintosh;
    const std::string name = is_macintosh ? "MACINTOSH" : fmt::format("CP{}", number);
    iconv_t handle = iconv_open("UTF-8", name.c_str());
    return is_open(handle) ? handle : iconv_open("UTF-8", "CP1252");
}

}  // namespace

struct CodePage::Converter {
    explicit Converter(std::uint32_t number) : handle(open_code_page(number)) {
        if (!is_open(handle)) {
            fail(ErrorKind::os, "iconv: cannot convert from code page 1252");
        }
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    ~Converter() { iconv_close(handle); }

    iconv_t handle;
};

CodePage::CodePage(std::uint32_t number) : converter_(std::make_unique<Converter>(number)) {}
CodePage::CodePage(CodePage&&) noexcept = default;
CodePage& CodePage::operator=(CodePage&&) noexcept = default;
CodePage::~CodePage() = default;

void CodePage::decode(std::string_view bytes, std::string& text) {
    constexpr char32_t kUnknown = 0xFFFD;
    std::string rest(bytes);
    char* in = rest.data();
    std::size_t in_left = rest.size();
    iconv(converter_->handle, nullptr, nullptr, nullptr, nullptr);
    while (in_left > 0) {
        std::array<char, 256> piece{};
        char* out = piece.data();
        std::size_t out_left = piece.size();
        const std::size_t result = iconv(converter_->handle, &in, &in_left, &out, &out_left);
        const int problem = result == static_cast<std::size_t>(-1) ? errno : 0;
        text.append(piece.data(), piece.size() - out_left);
        if (problem != 0 && problem != E2BIG) {
            append_utf8(kUnknown, text);
            ++in;
            --in_left;
        }
    }
}

}  // namespace isinfetch
