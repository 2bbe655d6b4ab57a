// A configuration before anybody knows what its keys mean: a tree of texts that remember where
// they were written, and layers of it laid over each other.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch {

/// A YAML value. Members of a mapping keep their order.
struct Value {
    enum class Kind { scalar, list, mapping };

    Kind kind = Kind::scalar;
    std::string text{};  ///< of a scalar; null is ""
    std::vector<Value> items{};
    std::vector<std::pair<std::string, Value>> members{};
    std::string
        origin{};  ///< "/etc/isinfetch/isinfetch.yaml:12", "--set", "ISINFETCH_JOBS", "default"

    const Value* find(std::string_view key) const noexcept;
    Value& operator[](std::string_view key);  ///< made when missing; *this becomes a mapping
};

/// The tree of one YAML document; each value's origin is "<name>:<line>". Home of yaml-cpp.
/// Throws Error{config} beginning with "<name>:<line>:" for what is not YAML, for a key that
/// occurs twice, and for anchors, tags and several documents.
Value parse_yaml(const std::string& text, const std::string& name);

/// Lays `upper` over `lower`: mappings merge key by key, everything else is replaced.
void overlay(Value& lower, const Value& upper);

}  // namespace isinfetch
