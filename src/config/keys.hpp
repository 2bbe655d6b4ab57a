// Every key that a configuration may have: one table for the top level, one for a source. They
// drive loading, defaults, `config show`, `config keys` and the manual.
#pragma once

#include "config/config.hpp"
#include "config/document.hpp"

#include <span>
#include <string>
#include <string_view>

namespace isinfetch {

/// What the keys of the top level set.
struct Globals {
    Config config{};
    FetchOptions network{};  ///< what sources do not say themselves
};

template <class Target>
struct Key {
    std::string_view path;      ///< dots between levels: "guards.max_shrink"
    std::string_view type;      ///< "list…" and "mapping…" may hold more than a text
    std::string_view fallback;  ///< as it would be written; empty: nothing is set
    std::string_view summary;
    void (*set)(Target& target, const Value& value);  ///< throws Error{config}
};

std::span<const Key<Globals>> global_keys() noexcept;
std::span<const Key<SourceConfig>> source_keys() noexcept;

}  // namespace isinfetch
