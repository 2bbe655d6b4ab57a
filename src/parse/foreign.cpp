#include "parse/foreign.hpp"

#include "util/html.hpp"

#include <array>

namespace isinfetch {

namespace {

struct Magic {
    std::string_view bytes;
    std::string_view what;
};

constexpr std::array kForeignFormats{
    Magic{"PK\x03\x04", "a zip file"},
    Magic{"\x1F\x8B", "a gzip file"},
    Magic{"\xD0\xCF\x11\xE0", "an old Office file"},
    Magic{"%PDF", "a PDF file"},
    Magic{"<?xml", "XML"},
};

}  // namespace

std::string_view foreign_format(std::string_view beginning) {
    if (html_title(beginning)) {
        return "HTML";
    }
    for (const Magic& magic : kForeignFormats) {
        if (beginning.starts_with(magic.bytes)) {
            return magic.what;
        }
    }
    return {};
}

}  // namespace isinfetch
