// Text in one of the code pages of old programs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace isinfetch {

class CodePage {
public:
    /// As Windows numbers them: 1252, 932, 10000 (Macintosh) … One that is not known is 1252.
    explicit CodePage(std::uint32_t number);
    CodePage(CodePage&&) noexcept;
    CodePage& operator=(CodePage&&) noexcept;
    ~CodePage();

    /// Appends `bytes` as UTF-8; what is no character of the code page as U+FFFD.
    void decode(std::string_view bytes, std::string& text);

private:
    struct Converter;

    std::unique_ptr<Converter> converter_;
};

}  // namespace isinfetch
