#include "parse/firds_document.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::size_t kDeepest = 100;      // the schemas need 14
constexpr std::size_t kHeaderText = 4096;  // bytes; longer texts are none of the header's
constexpr std::size_t kUnknownKinds = 10;

}  // namespace

FirdsDocument::FirdsDocument(FirdsRecord& record, Deliver deliver)
    : record_(record), deliver_(std::move(deliver)) {}

void FirdsDocument::start(std::string_view name,
                          const XmlAttributes& attributes,
                          std::uint64_t begin) {
    if (++depth_ > kDeepest) {
        fail(ErrorKind::data, "byte {}: elements are nested more than {} deep", begin, kDeepest);
    }
    if (kind_ != nullptr) {
        enter_field(name, attributes);
        return;
    }
    if (container_ > 0) {
        enter_record(name, begin);
    } else if (firds_message_in(name) != nullptr) {
        enter_container(name, begin);
    }
    if (kind_ == nullptr) {
        if (depth_ == 1) {
            root_ = name;
        }
        names_.emplace_back(name);
        text_.clear();
    }
}

void FirdsDocument::end(std::string_view name, std::uint64_t end) {
    if (kind_ == nullptr) {
        leave_header(name);
        names_.pop_back();
        container_ = depth_ == container_ ? 0 : container_;
    } else if (depth_ > record_depth_) {
        leave_field();
    } else {
        deliver_(kind_->event, record_begin_, end);
        kind_ = nullptr;
    }
    --depth_;
}

void FirdsDocument::text(std::string_view text) {
    const bool is_wanted = kind_ == nullptr ? text_.size() < kHeaderText
                                            : nodes_.back() != nullptr && nodes_.back()->is_leaf();
    if (is_wanted) {
        text_ += text;
    }
}

void FirdsDocument::enter_container(std::string_view name, std::uint64_t begin) {
    if (message_ == nullptr) {
        fail(ErrorKind::protocol, "byte {}: no MsgDefIdr before {}", begin, name);
    }
    if (name != message_->container) {
        fail(ErrorKind::protocol,
             "byte {}: {} in a message that says that it is {}",
             begin,
             name,
             header_.definition);
    }
    container_ = depth_;
    saw_container_ = true;
}

void FirdsDocument::enter_record(std::string_view name, std::uint64_t begin) {
    kind_ = message_->find_kind(name);
    if (kind_ != nullptr) {
        record_.begin();
        record_begin_ = begin;
        record_depth_ = depth_;
        nodes_.assign(1, &FirdsSchema::get().record());
        return;
    }
    if (is_firds_record(name) && name != message_->wrapper) {
        fail(ErrorKind::protocol, "byte {}: {} in {}", begin, name, header_.definition);
    }
    const bool is_wrapped = !message_->wrapper.empty() && names_.back() == message_->wrapper;
    if (is_wrapped && (unknown_kinds_.size() < kUnknownKinds || unknown_kinds_.contains(name))) {
        ++unknown_kinds_[std::string(name)];
    }
}

void FirdsDocument::enter_field(std::string_view name, const XmlAttributes& attributes) {
    const FirdsNode* node = nodes_.back() == nullptr ? nullptr : nodes_.back()->child(name);
    nodes_.push_back(node);
    if (node == nullptr) {
        return;
    }
    if (node->currency_slot != kNoSlot) {
        record_.keep(node->currency_slot, attributes.find("Ccy"));
    }
    if (node->is_leaf()) {
        text_.clear();
    }
}

void FirdsDocument::leave_field() {
    const FirdsNode* node = nodes_.back();
    nodes_.pop_back();
    if (node != nullptr && node->is_leaf()) {
        record_.keep(node->slot, text_);
    }
}

bool FirdsDocument::is_in(std::string_view name) const noexcept {
    return std::ranges::find(names_, name) != names_.end();
}

void FirdsDocument::leave_header(std::string_view name) {
    const bool is_in_app_header = names_.size() > 1 && names_[names_.size() - 2] == "AppHdr";
    if (is_in_app_header && name == "BizMsgIdr") {
        header_.message = trim(text_);
    } else if (is_in_app_header && name == "MsgDefIdr") {
        take_definition(trim(text_));
    } else if ((name == "Dt" || name == "FrDt" || name == "ToDt") && is_in("RptgPrd")) {
        header_.date = firds_day(trim(text_));
    }
}

void FirdsDocument::take_definition(std::string_view definition) {
    header_.definition = definition;
    message_ = find_firds_message(definition);
    if (message_ == nullptr) {
        fail(ErrorKind::protocol,
             "the message is '{}': none of FIRDS (auth.017, auth.036, auth.102)",
             printable(definition));
    }
}

}  // namespace isinfetch
