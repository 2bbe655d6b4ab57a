#include "parse/expat_reader.hpp"

#include "util/error.hpp"
#include "util/handle.hpp"
#include "util/text.hpp"

#include <expat.h>

#include <algorithm>
#include <array>
#include <exception>

namespace isinfetch {

namespace {

constexpr std::array<std::string_view, 7> kEncodings{
    "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"};

std::string_view local_name(std::string_view name) noexcept {
    return name.substr(name.rfind(':') + 1);
}

/// What the text is in was found out before; a declaration that says something else is suspicious.
void check_encoding(const char* declared) {
    if (declared != nullptr && std::ranges::find(kEncodings, lower(declared)) == kEncodings.end()) {
        fail(ErrorKind::protocol,
             "the XML is declared to be in '{}': only UTF-8 and UTF-16 are read",
             printable(declared));
    }
}

bool is_end_too_early(XML_Error error) noexcept {
    return error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN ||
           error == XML_ERROR_PARTIAL_CHAR || error == XML_ERROR_UNCLOSED_CDATA_SECTION;
}

}  // namespace

std::string_view XmlAttributes::find(std::string_view name) const noexcept {
    for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
        if (local_name(pair[0]) == name) {
            return pair[1];
        }
    }
    return {};
}

struct XmlReader::Parser {
    explicit Parser(XmlHandler& told_to);

    std::uint64_t place() const noexcept {
        return static_cast<std::uint64_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(expat.get()), 0)) +
               skipped;
    }
    void parse(const char* bytes, int count, bool is_final);
    [[noreturn]] void fail_parsing() const;

    /// Calls act(). No exception may cross the frames of a C library.
    template <class Act>
    void tell(Act act) noexcept {
        if (failure) {
            return;
        }
        told = place() + static_cast<std::uint64_t>(XML_GetCurrentByteCount(expat.get()));
        try {
            act();
        } catch (...) {
            failure = std::current_exception();
            XML_StopParser(expat.get(), XML_FALSE);
        }
    }

    XmlHandler& handler;
    Handle<XML_ParserStruct, XML_ParserFree> expat;
    std::uint64_t fed = 0;
    std::uint64_t told = 0;
    std::uint64_t skipped = 0;
    std::exception_ptr failure{};
};

namespace {

template <class Parser>
Parser& parser_of(void* user) noexcept {
    return *static_cast<Parser*>(user);
}

}  // namespace

XmlReader::Parser::Parser(XmlHandler& told_to) : handler(told_to), expat(XML_ParserCreate("UTF-8")) {
    if (!expat) {
        fail(ErrorKind::os, "expat: no memory");
    }
    XML_SetUserData(expat.get(), this);
    XML_SetElementHandler(
        expat.get(),
        [](void* user, const char* name, const char** attributes) {
            auto& self = parser_of<Parser>(user);
            self.tell([&] {
                self.handler.start(local_name(name), XmlAttributes(attributes), self.place());
            });
        },
        [](void* user, const char* name) {
            auto& self = parser_of<Parser>(user);
            self.tell([&] { self.handler.end(local_name(name), self.told); });
        });
    XML_SetCharacterDataHandler(expat.get(), [](void* user, const char* text, int length) {
        auto& self = parser_of<Parser>(user);
        self.tell([&] { self.handler.text({text, static_cast<std::size_t>(length)}); });
    });
    // Comments and the like: only to know how far the parser is.
    XML_SetDefaultHandler(expat.get(), [](void* user, const char* /*text*/, int /*length*/) {
        parser_of<Parser>(user).tell([] {});
    });
    XML_SetXmlDeclHandler(
        expat.get(), [](void* user, const char* /*version*/, const char* encoding, int /*standalone*/) {
            parser_of<Parser>(user).tell([&] { check_encoding(encoding); });
        });
    XML_SetStartDoctypeDeclHandler(
        expat.get(),
        [](void* user, const char* name, const char* /*system*/, const char* /*public_id*/, int /*subset*/) {
            auto& self = parser_of<Parser>(user);
            self.tell([&] {
                fail(ErrorKind::protocol, "byte {}: a document type declaration of '{}'", self.place(), printable(name));
            });
        });
}

void XmlReader::Parser::fail_parsing() const {
    if (failure) {
        std::rethrow_exception(failure);
    }
    const XML_Error error = XML_GetErrorCode(expat.get());
    if (is_end_too_early(error)) {
        fail(ErrorKind::data, "byte {}: the XML ends too early: the file is incomplete", fed);
    }
    fail(ErrorKind::data,
         "byte {}: the XML is damaged: {}",
         place(),
         XML_ErrorString(error));
}

void XmlReader::Parser::parse(const char* bytes, int count, bool is_final) {
    if (XML_Parse(expat.get(), bytes, count, is_final ? 1 : 0) != XML_STATUS_OK) {
        fail_parsing();
    }
}

XmlReader::XmlReader(XmlHandler& handler) : parser_(std::make_unique<Parser>(handler)) {}

XmlReader::~XmlReader() = default;

void XmlReader::feed(std::string_view bytes) {
    constexpr std::size_t kMost = std::size_t{1} << 30U;
    while (!bytes.empty()) {
        const std::string_view piece = bytes.substr(0, kMost);
        parser_->fed += piece.size();
        parser_->parse(piece.data(), static_cast<int>(piece.size()), false);
        bytes.remove_prefix(piece.size());
    }
}

void XmlReader::finish() {
    parser_->parse(nullptr, 0, true);
}

std::uint64_t XmlReader::fed() const noexcept {
    return parser_->fed;
}

std::uint64_t XmlReader::told() const noexcept {
    return parser_->told;
}

void XmlReader::skip(std::uint64_t bytes) noexcept {
    parser_->skipped += bytes;
    parser_->fed += bytes;
    parser_->told += bytes;
}

}  // namespace isinfetch
