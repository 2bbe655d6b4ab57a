// What every reader of tables must hold to, whatever the bytes: wherever a buffer ends, the same
// records and the same words for what is wrong, and nothing but records or an Error.
#pragma once

#include "parse/format.hpp"
#include "parse/parsed.hpp"
#include "require.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace isinfetch::test {

struct Outcome {
    Parsed parsed{};
    std::string error{};
};

inline Outcome outcome(const char* format, ByteSource& source, const ParseOptions& options) {
    try {
        return {.parsed = parse(format, source, options)};
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::data || error.kind() == ErrorKind::protocol);
        return {.error = error.what()};
    }
}

/// Reads `text` at once and in pieces of `step` bytes.
inline void check_format(const char* format,
                         std::string_view text,
                         const ParseOptions& options,
                         std::size_t step) {
    StringSource whole(text);
    const Outcome once = outcome(format, whole, options);
    DrippingSource pieces(text, step == 0 ? 1 : step);
    const Outcome again = outcome(format, pieces, options);
    require(once.error == again.error);
    require(is_utf8(once.error));
    require(once.parsed.records == again.parsed.records);
    const ParseSummary& summary = once.parsed.summary;
    require(summary.incomplete == again.parsed.summary.incomplete);
    require(summary.rows == once.parsed.records.size() + summary.footnotes || !once.error.empty());
    for (const Parsed::Record& record : once.parsed.records) {
        require(record.position.byte <= 3 * text.size());  // of UTF-16: in its text as UTF-8
        require(record.position.line >= 1);
    }
}

/// The bytes of a fuzzer: the first one says in what pieces the others come, the second which of
/// the options are used.
inline void check_format(const char* format,
                         std::string_view bytes,
                         std::span<const ParseOptions> all) {
    if (bytes.size() >= 2) {
        const auto pieces = static_cast<unsigned char>(bytes[0]);
        const auto choice = static_cast<unsigned char>(bytes[1]);
        check_format(format, bytes.substr(2), all[choice % all.size()], pieces);
    }
}

}  // namespace isinfetch::test
