#include "parse/firds_schema.hpp"

#include "core/record.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <string>

namespace isinfetch {

namespace {

static_assert(kValidFrom == kFieldCount);

FirdsSlot number(std::size_t slot) noexcept {
    return static_cast<FirdsSlot>(slot);
}

/// The slot of a field that every source has; nullopt for others.
std::optional<std::size_t> common_slot(std::string_view name) noexcept {
    const auto fields = field_table();
    const auto standard = std::ranges::find(fields, name, &FieldInfo::name);
    if (standard != fields.end()) {
        return static_cast<std::size_t>(standard - fields.begin());
    }
    if (name == "valid_from" || name == "valid_to") {
        return name == "valid_from" ? kValidFrom : kValidTo;
    }
    return std::nullopt;
}

}  // namespace

TagText::TagText(std::string_view first, std::string_view second, std::string_view third) {
    const std::string text = std::string(first).append(second).append(third);
    if (text.size() > kLongest) {
        fail(ErrorKind::internal, "'{}': longer than {} bytes", text, kLongest);
    }
    size_ = text.size();
    std::memcpy(&words_, text.data(), size_);
    const std::string ones(size_, '\xFF');
    std::memcpy(&mask_, ones.data(), size_);
}

const FirdsNode* FirdsNode::child(std::string_view element) const noexcept {
    const auto found = std::ranges::find(children, element, &FirdsNode::name);
    return found == children.end() ? any : *found;
}

const FirdsSchema& FirdsSchema::get() {
    static const FirdsSchema schema;
    return schema;
}

FirdsSchema::FirdsSchema() : columns_(kFirstFurther) {
    add_columns();
    nodes_.push_back(std::make_unique<FirdsNode>());
    for (const FirdsField& field : firds_fields()) {
        add(field);
    }
}

void FirdsSchema::add(const FirdsField& field) {
    const std::size_t at = field.path.find('@');
    FirdsNode* node = nodes_.front().get();
    for (const std::string_view name : split(field.path.substr(0, at), '/')) {
        node = &child_of(*node, name);
    }
    if (at == std::string_view::npos) {
        node->slot = slot_of(field.name);
    } else {
        node->currency_slot = slot_of(field.name);
        node->start = TagText(node->name, " Ccy=\"");
    }
}

FirdsNode& FirdsSchema::child_of(FirdsNode& parent, std::string_view name) {
    const FirdsNode* known = parent.child(name);
    if (known != nullptr && (known != parent.any || name == "*")) {
        return **std::ranges::find(nodes_, known, &std::unique_ptr<FirdsNode>::get);
    }
    FirdsNode& node = *nodes_.emplace_back(std::make_unique<FirdsNode>());
    if (name == "*") {
        parent.any = &node;
        return node;
    }
    node.name = name;
    node.start = TagText(name, ">");
    node.end = TagText("/", name, ">");
    parent.children.push_back(&node);
    return node;
}

// Further fields have slots in the order of their names, as they stand in the store.
void FirdsSchema::add_columns() {
    std::map<std::string_view, FirdsValue> further;
    for (const FirdsField& field : firds_fields()) {
        if (const auto slot = common_slot(field.name)) {
            columns_[*slot] = {field.name, field.value};
        } else {
            further.emplace(field.name, field.value);
        }
    }
    for (const auto& [name, value] : further) {
        columns_.push_back({name, value});
    }
}

FirdsSlot FirdsSchema::slot_of(std::string_view name) const {
    return number(static_cast<std::size_t>(std::ranges::find(columns_, name, &FirdsColumn::name) -
                                           columns_.begin()));
}

}  // namespace isinfetch
