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

void XmlAttributes::each(
    const std::function<void(std::string_view name, std::string_view value)>& take) const {
    for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
        if (!std::string_view(pair[0]).starts_with("xmlns")) {
            take(local_name(pair[0]), pair[1]);
        }
    }
}

struct XmlReader::Parser {
    Parser(XmlHandler& told_to, std::uint64_t longest);

    std::uint64_t place() const noexcept {
        return static_cast<std::uint64_t>(
                   std::max<XML_Index>(XML_GetCurrentByteIndex(expat.get()), 0)) +
               skipped;
    }
    void parse(const char* bytes, int count, bool is_final) const;
    [[noreturn]] void fail_parsing() const;

    void check_length(std::uint64_t begin, std::uint64_t end) const {
        if (end - begin > max_token) {
            fail(ErrorKind::data,
                 "byte {}: a tag or comment of more than {} bytes",
                 begin,
                 max_token);
        }
    }

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

    static Parser& of(void* user) noexcept { return *static_cast<Parser*>(user); }
    static void on_start(void* user, const char* name, const char** attributes);
    static void on_end(void* user, const char* name);
    static void on_text(void* user, const char* text, int length);
    static void on_other(void* user, const char* text, int length);
    static void on_declaration(void* user,
                               const char* version,
                               const char* encoding,
                               int standalone);
    static void on_doctype(
        void* user, const char* name, const char* system, const char* public_id, int has_subset);

    XmlHandler& handler;
    std::uint64_t max_token;
    Handle<XML_ParserStruct, XML_ParserFree> expat;
    std::uint64_t fed = 0;
    std::uint64_t told = 0;
    std::uint64_t skipped = 0;
    std::exception_ptr failure{};
};

XmlReader::Parser::Parser(XmlHandler& told_to, std::uint64_t longest)
    : handler(told_to), max_token(longest), expat(XML_ParserCreate("UTF-8")) {
    if (!expat) {
        fail(ErrorKind::os, "expat: no memory");
    }
    XML_SetUserData(expat.get(), this);
    XML_SetElementHandler(expat.get(), on_start, on_end);
    XML_SetCharacterDataHandler(expat.get(), on_text);
    XML_SetDefaultHandler(expat.get(), on_other);
    XML_SetXmlDeclHandler(expat.get(), on_declaration);
    XML_SetStartDoctypeDeclHandler(expat.get(), on_doctype);
}

void XmlReader::Parser::on_start(void* user, const char* name, const char** attributes) {
    Parser& self = of(user);
    self.tell([&] {
        self.check_length(self.place(), self.told);
        self.handler.start(local_name(name), XmlAttributes(attributes), self.place());
    });
}

void XmlReader::Parser::on_end(void* user, const char* name) {
    Parser& self = of(user);
    self.tell([&] { self.handler.end(local_name(name), self.told); });
}

void XmlReader::Parser::on_text(void* user, const char* text, int length) {
    Parser& self = of(user);
    self.tell([&] { self.handler.text({text, static_cast<std::size_t>(length)}); });
}

// Comments and the like: only to know how far the parser is, and that they are not too long.
void XmlReader::Parser::on_other(void* user, const char* text, int length) {
    Parser& self = of(user);
    self.tell([&] {
        if (length > 0 && *text == '<') {
            self.check_length(self.place(), self.told);
        }
    });
}

void XmlReader::Parser::on_declaration(void* user,
                                       const char* /*version*/,
                                       const char* encoding,
                                       int /*standalone*/) {
    of(user).tell([&] { check_encoding(encoding); });
}

void XmlReader::Parser::on_doctype(void* user,
                                   const char* name,
                                   const char* /*system*/,
                                   const char* /*public_id*/,
                                   int /*has_subset*/) {
    of(user).tell([&] {
        fail(ErrorKind::protocol,
             "the XML has a document type declaration, of '{}'",
             printable(name));
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
    fail(ErrorKind::data, "byte {}: the XML is damaged: {}", place(), XML_ErrorString(error));
}

void XmlReader::Parser::parse(const char* bytes, int count, bool is_final) const {
    if (XML_Parse(expat.get(), bytes, count, is_final ? 1 : 0) != XML_STATUS_OK) {
        fail_parsing();
    }
    check_length(told, fed);
}

XmlReader::XmlReader(XmlHandler& handler, std::uint64_t max_token)
    : parser_(std::make_unique<Parser>(handler, max_token)) {}

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
