// What a configuration must hold to, whatever it says: it is a Config, or an Error that names
// where.
#pragma once

#include "config/load.hpp"
#include "config/redact.hpp"
#include "require.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace isinfetch::test {

inline void check_config(const ConfigInputs& inputs) {
    try {
        const LoadedConfig loaded = load_config(inputs);
        for (const SourceConfig& source : loaded.config.sources) {
            require(source.format != nullptr && source.discovery != nullptr);
            require(!source.name.empty());
        }
        for (const std::string& warning : loaded.warnings) {
            require(is_utf8(warning));
        }
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::config || error.kind() == ErrorKind::usage);
        require(is_utf8(error.what()));
    }
}

}  // namespace isinfetch::test
