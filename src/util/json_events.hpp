// Reading a JSON document of any size as it streams by: what is in it, in its order.
#pragma once

#include "util/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace isinfetch {

enum class JsonContainer { object, array };

/// Takes what is read. What its functions throw ends the reading, and is let through.
class JsonListener {
public:
    virtual ~JsonListener() = default;

    virtual void begin(JsonContainer container) = 0;
    virtual void end() = 0;

    /// Before each member of an object. Valid during the call.
    virtual void key(std::string_view name) = 0;

    /// A text, a number as written, "true", "false", or "" for null. Valid during the call.
    virtual void value(std::string_view text) = 0;
};

struct JsonLimits {
    std::uint64_t max_value = std::uint64_t{1024} * 1024;  ///< bytes of a text, a key, a number
    std::size_t max_depth = 64;                            ///< containers in each other
};

/// How far a document was read.
struct JsonPlace {
    std::uint64_t byte = 0;  ///< counting from 0; of the last byte of what was told last
    std::uint64_t line = 1;  ///< counting from 1
};

/// Reads the one document that `input` is, UTF-8 with or without a byte order mark; `place` is kept
/// up to date as it goes. Throws Error{data} that names line and byte for what is no JSON, for a
/// document that ends too early or is followed by something, and for one beyond the limits.
void read_json(ByteSource& input,
               const JsonLimits& limits,
               JsonPlace& place,
               JsonListener& listener);

}  // namespace isinfetch
