// XML in pieces, as events. Home of expat. Knows no namespaces: names are local.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace isinfetch {

/// The attributes of a start tag. Valid during XmlHandler::start().
class XmlAttributes {
public:
    explicit XmlAttributes(const char** pairs) noexcept : pairs_(pairs) {}

    /// The value of the first one with this local name; "" when there is none.
    std::string_view find(std::string_view name) const noexcept;

    /// Local name and value of each, but not what declares namespaces.
    void each(const std::function<void(std::string_view name, std::string_view value)>& take) const;

private:
    const char** pairs_;  ///< name, value, …, null
};

/// What a document consists of. Text is UTF-8, without entities, in as many pieces as the parser
/// likes. Comments and processing instructions are not told. May throw.
class XmlHandler {
public:
    virtual ~XmlHandler() = default;

    /// `begin` and `end` are those of the tag, in bytes of the document.
    virtual void start(std::string_view name,
                       const XmlAttributes& attributes,
                       std::uint64_t begin) = 0;
    virtual void end(std::string_view name, std::uint64_t end) = 0;
    virtual void text(std::string_view text) = 0;
};

/// Checks that a document in UTF-8 is well-formed and tells a handler what is in it.
class XmlReader {
public:
    /// A tag, comment or anything else of more than `max_token` bytes is refused.
    XmlReader(XmlHandler& handler, std::uint64_t max_token);
    XmlReader(const XmlReader&) = delete;
    XmlReader& operator=(const XmlReader&) = delete;
    ~XmlReader();

    /// The next bytes. What the handler throws comes through. Throws Error{data} for what is not
    /// well-formed, Error{protocol} for a document type declaration, which lists have no use for
    /// and attackers have, and when it is declared to be in another encoding than UTF-8 or UTF-16.
    void feed(std::string_view bytes);

    /// There is no more. Throws Error{data} when the document is not complete.
    void finish();

    /// The place after what was fed so far. Counts what was skipped.
    std::uint64_t fed() const noexcept;

    /// The place up to which the handler knows it all; what follows is the beginning of something.
    std::uint64_t told() const noexcept;

    /// The document goes on `bytes` further on: places are counted so. Only where fed() == told().
    void skip(std::uint64_t bytes) noexcept;

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace isinfetch
