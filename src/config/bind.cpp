#include "config/bind.hpp"

#include "config/values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

bool is_structured(std::string_view type) noexcept {
    return type.starts_with("list") || type.starts_with("mapping");
}

/// Is `path` a key, or the beginning of one?
enum class Match { none, beginning, key };

Match match(const std::string& path, const std::vector<std::string>& paths) {
    const std::string below = path + ".";
    Match best = Match::none;
    for (const std::string& known : paths) {
        if (known == path) {
            return Match::key;
        }
        if (known.starts_with(below)) {
            best = Match::beginning;
        }
    }
    return best;
}

/// The keys that could stand where `path` stands: same level, last part only.
std::vector<std::string> siblings(const std::string& path, const std::vector<std::string>& paths) {
    const std::size_t level = path.rfind('.') == std::string::npos ? 0 : path.rfind('.') + 1;
    std::vector<std::string> names;
    for (const std::string& known : paths) {
        if (known.compare(0, level, path, 0, level) == 0) {
            names.push_back(known.substr(level, known.find('.', level) - level));
        }
    }
    return names;
}

/// What was probably meant: a neighbour of a similar name, or the same name on another level.
std::string advice(const std::string& key,
                   const std::string& path,
                   const std::vector<std::string>& paths) {
    if (const std::size_t dot = key.find('.'); dot != std::string::npos) {
        return fmt::format(
            ", write '{}:' and '{}' below it", printable(key.substr(0, dot)), key.substr(dot + 1));
    }
    if (const auto near = closest(key, siblings(path, paths))) {
        return fmt::format(", did you mean '{}'?", *near);
    }
    const auto elsewhere = std::find_if(paths.begin(), paths.end(), [&](const std::string& known) {
        return known.ends_with("." + key);
    });
    return elsewhere == paths.end() ? "" : fmt::format(", did you mean '{}'?", *elsewhere);
}

void walk(const Value& tree,
          const std::string& path,
          const std::vector<std::string>& paths,
          const std::string& prefix,
          Mistakes& mistakes) {
    const std::string above = path.empty() ? "" : path + ".";
    for (const auto& [key, member] : tree.members) {
        const std::string here = fmt::format("{}{}", above, key);
        const bool is_dotted = key.find('.') != std::string::npos;
        const Match found = is_dotted ? Match::none : match(here, paths);
        if (found == Match::none) {
            mistakes.add(
                member.origin,
                fmt::format(
                    "unknown key '{}{}'{}", prefix, printable(here), advice(key, here, paths)));
        } else if (found == Match::beginning && !is_mapping(member)) {
            mistakes.add(member.origin,
                         fmt::format("'{}{}' takes keys below it, not {}: write '{}: {{{}: …}}'",
                                     prefix,
                                     here,
                                     shown_value(member),
                                     key,
                                     siblings(here + ".", paths).front()));
        } else if (found == Match::beginning) {
            walk(member, here, paths, prefix, mistakes);
        }
    }
}

/// The longest origin in `value` that `complaint` begins with: members of a mapping may come from
/// other places than the mapping.
std::size_t origin_length(const Value& value, const std::string& complaint) {
    std::size_t length = complaint.starts_with(value.origin + ": ") ? value.origin.size() : 0;
    for (const Value& item : value.items) {
        length = std::max(length, origin_length(item, complaint));
    }
    for (const auto& [key, member] : value.members) {
        length = std::max(length, origin_length(member, complaint));
    }
    return length;
}

void set_origin(Value& value, const std::string& origin) {
    value.origin = origin;
    for (Value& item : value.items) {
        set_origin(item, origin);
    }
    for (auto& [key, member] : value.members) {
        set_origin(member, origin);
    }
}

}  // namespace

void Mistakes::throw_if_any() const {
    if (!lines_.empty()) {
        throw Error(ErrorKind::config, join(lines_, "\n"));
    }
}

const Value* find_path(const Value& tree, std::string_view path) noexcept {
    const Value* value = &tree;
    while (value != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        value = value->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    }
    return value;
}

Value& at_path(Value& tree, std::string_view path, const std::string& origin) {
    Value* value = &tree;
    for (const std::string_view part : split(path, '.')) {
        value = &(*value)[part];
        if (value->origin.empty()) {
            value->origin = origin;
        }
    }
    return *value;
}

void lay_outside_value(Value& tree,
                       std::string_view path,
                       std::string_view type,
                       const std::string& text,
                       const std::string& origin) {
    overlay(at_path(tree, path, origin), outside_value(type, text, origin));
}

Value default_value(std::string_view type, std::string_view fallback) {
    return outside_value(type, std::string(fallback), "default");
}

Value outside_value(std::string_view type, const std::string& text, const std::string& origin) {
    Value value;
    if (is_structured(type)) {
        value = parse_yaml(text, origin);
    } else {
        value.text = text;
    }
    set_origin(value, origin);
    return value;
}

std::string shown_value(const Value& value) {
    return value.kind == Value::Kind::list      ? "a list"
           : value.kind == Value::Kind::mapping ? "keys"
                                                : "'" + printable(value.text) + "'";
}

std::string name_key(const Value& value, const std::string& path, const std::string& complaint) {
    const std::size_t length = origin_length(value, complaint);
    const std::string origin = complaint.substr(0, length);
    // "--set jobs: " and "environment ISINFETCH_JOBS: " name it already.
    if (length == 0 || origin.ends_with(" " + path) || origin.starts_with("environment ")) {
        return complaint;
    }
    return fmt::format("{}: {}{}", origin, path, complaint.substr(length));
}

void refuse_unknown_keys(const Value& tree,
                         const std::vector<std::string>& paths,
                         const std::string& prefix,
                         Mistakes& mistakes) {
    walk(tree, "", paths, prefix, mistakes);
}

}  // namespace isinfetch
