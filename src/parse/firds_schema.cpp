#include "parse/firds_schema.hpp"

#include "core/record.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace isinfetch {

namespace {

static_assert(kValidFrom == kFieldCount);

FirdsSlot number(std::size_t slot) noexcept {
    return static_cast<FirdsSlot>(slot);
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
        node->slot = slot_of(field);
    } else {
        node->currency_slot = slot_of(field);
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

FirdsSlot FirdsSchema::slot_of(const FirdsField& field) {
    std::size_t slot = columns_.size();
    const auto fields = field_table();
    const auto standard = std::ranges::find(fields, field.name, &FieldInfo::name);
    const auto known = std::ranges::find(columns_, field.name, &FirdsColumn::name);
    if (standard != fields.end()) {
        slot = static_cast<std::size_t>(standard - fields.begin());
    } else if (field.name == "valid_from" || field.name == "valid_to") {
        slot = field.name == "valid_from" ? kValidFrom : kValidTo;
    } else if (known != columns_.end()) {
        slot = static_cast<std::size_t>(known - columns_.begin());
    } else {
        columns_.emplace_back();
    }
    columns_[slot] = {field.name, field.value};
    return number(slot);
}

}  // namespace isinfetch
