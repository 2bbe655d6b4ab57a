// From a tree of texts to settings, by a table of keys.
#pragma once

#include "config/document.hpp"
#include "config/keys.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Collects what is wrong, so that all of it can be mended at once.
class Mistakes {
public:
    void add(const std::string& origin, const std::string& message) {
        lines_.push_back(origin + ": " + message);
    }
    void add(const Error& error) { lines_.emplace_back(error.what()); }

    /// Throws Error{config} with one line per mistake, if there is one.
    void throw_if_any() const;

private:
    std::vector<std::string> lines_{};
};

/// The value at a dotted path, or nullptr.
const Value* find_path(const Value& tree, std::string_view path) noexcept;

/// The value at a dotted path. Levels that are missing are made and get `origin`.
Value& at_path(Value& tree, std::string_view path, const std::string& origin);

/// The text of a default as a Value; for lists and mappings it is YAML.
Value default_value(std::string_view type, std::string_view fallback);

/// A value from a command line or an environment variable: YAML only where a list or a mapping is
/// wanted, else the text itself.
Value outside_value(std::string_view type, const std::string& text, const std::string& origin);

/// Lays such a value over what is at `path`: mappings merge, as they do between files.
void lay_outside_value(Value& tree,
                       std::string_view path,
                       std::string_view type,
                       const std::string& text,
                       const std::string& origin);

/// "a list", or the text in quotes, for complaints about what should have been a mapping.
std::string shown_value(const Value& value);

/// What a setter complained of, with the key named behind the origin: "file:3: jobs: '0' is …".
std::string name_key(const Value& value, const std::string& path, const std::string& complaint);

/// Complains about keys of `tree` that are not among `paths`; `prefix` is for the message.
void refuse_unknown_keys(const Value& tree,
                         const std::vector<std::string>& paths,
                         const std::string& prefix,
                         Mistakes& mistakes);

template <class Target>
std::vector<std::string> paths_of(std::span<const Key<Target>> keys) {
    std::vector<std::string> paths;
    for (const Key<Target>& key : keys) {
        paths.emplace_back(key.path);
    }
    return paths;
}

/// All keys with their defaults.
template <class Target>
Value default_tree(std::span<const Key<Target>> keys) {
    Value tree;
    tree.origin = "default";
    for (const Key<Target>& key : keys) {
        at_path(tree, key.path, tree.origin) = default_value(key.type, key.fallback);
    }
    return tree;
}

/// Sets what `tree` says; complaints name a key by `prefix` and its path. An empty text sets
/// nothing: what was there before stays. Not named bind(): with a tree that is not const,
/// argument-dependent lookup would prefer std::bind, which does nothing.
template <class Target>
void bind_keys(std::span<const Key<Target>> keys,
               const Value& tree,
               const std::string& prefix,
               Target& target,
               Mistakes& mistakes) {
    for (const Key<Target>& key : keys) {
        const Value* value = find_path(tree, key.path);
        const bool is_empty =
            value != nullptr && value->kind == Value::Kind::scalar && value->text.empty();
        if (value == nullptr || is_empty) {
            continue;
        }
        try {
            key.set(target, *value);
        } catch (const Error& error) {
            const std::string path = prefix + std::string(key.path);
            mistakes.add(Error(error.kind(), name_key(*value, path, error.what())));
        }
    }
}

}  // namespace isinfetch
