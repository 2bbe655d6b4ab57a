// The quick way through FIRDS records: for those that are written as ESMA writes them.
#pragma once

#include "parse/firds_message.hpp"
#include "parse/firds_record.hpp"
#include "parse/firds_schema.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Recognises records in canonical form: the elements of the schema without prefixes, no attribute
/// but Ccy="XXX", nothing between elements, text of well-formed UTF-8 without control characters
/// and without other entities than the five. What it recognises means the same to any XML parser;
/// everything else is for one to judge.
class FirdsScanner {
public:
    enum class Found {
        record,   ///< it is in the FirdsRecord now
        unknown,  ///< something else
        cut,      ///< more text is needed to tell
    };

    struct Result {
        Found found = Found::unknown;
        Event event = Event::listed;
        std::string_view record{};  ///< the record's own element, where one was found
        std::size_t length = 0;     ///< of it with its wrapper
    };

    explicit FirdsScanner(const FirdsMessage& message);

    /// Looks at what `text` begins with. Behind its end are kPadding bytes that may be read. Values
    /// point into `text`.
    Result scan(std::string_view text, FirdsRecord& record);

    static constexpr std::size_t kPadding = 64;

private:
    /// Of a record and what wraps it.
    struct Tags {
        std::string start{};
        std::string end{};
        std::size_t before = 0;  ///< length of the wrapper's start tag
        std::size_t after = 0;   ///< and of its end tag
        Event event = Event::listed;

        /// One more element, inside those that were added before.
        void add(std::string_view element);
    };
    struct Level {
        const FirdsNode* node = nullptr;
        std::size_t next = 0;         ///< the child that is expected
        std::string_view any_name{};  ///< of an element that can have any
    };
    struct Cursor {
        const char* at;
        const char* end;
    };

    Found walk(Cursor& cursor, FirdsRecord& record);
    Found take_child(Cursor& cursor, FirdsRecord& record);
    const FirdsNode* enter(Level& level, const char*& at, FirdsRecord& record);
    static bool leave(const Level& level, const char*& at);
    static bool take_currency(FirdsSlot slot, const char*& at, FirdsRecord& record);
    static Found take_leaf(const FirdsNode& leaf, Cursor& cursor, FirdsRecord& record);

    std::vector<Tags> tags_{};
    std::array<Level, 16> levels_{};
    std::size_t depth_ = 0;
    std::string_view entered_{};  ///< name of the element last entered, if it can have any
};

}  // namespace isinfetch
