#include "job/record_relay.hpp"

#include "util/error.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kBatches = 4;
constexpr std::size_t kBatchBytes = std::size_t{256} * 1024;
constexpr std::size_t kTextKept = 500;  // of a record, for people: as much as a rejection shows

std::size_t size_of(const RawRecord& record) noexcept {
    std::size_t size =
        std::min(record.text.size(), kTextKept) + record.valid.from.size() + record.valid.to.size();
    for (const std::string_view field : record.fields) {
        size += field.size();
    }
    for (const auto& [name, value] : record.others) {
        size += name.size() + value.size();
    }
    return size;
}

}  // namespace

void RecordBatch::keep(std::string_view& text) {
    const std::size_t begin = texts_.size();
    texts_ += text;
    text = std::string_view(texts_).substr(begin);
}

bool RecordBatch::add(const RawRecord& record) {
    const std::size_t size = size_of(record);
    if (count_ == 0) {
        texts_.reserve(std::max(size, kBatchBytes));
    } else if (texts_.size() + size > texts_.capacity()) {
        return false;
    }
    if (count_ == records_.size()) {
        records_.emplace_back();
    }
    RawRecord& copy = records_[count_++];
    copy = record;
    copy.text = copy.text.substr(0, kTextKept);
    for (std::string_view& field : copy.fields) {
        keep(field);
    }
    for (auto& [name, value] : copy.others) {
        keep(name);
        keep(value);
    }
    for (std::string_view* text : {&copy.valid.from, &copy.valid.to, &copy.text}) {
        keep(*text);
    }
    return true;
}

void RecordBatch::clear() noexcept {
    texts_.clear();
    count_ = 0;
}

RecordRelay::RecordRelay(Take take) : take_(std::move(take)), batches_(kBatches) {}

RecordRelay::~RecordRelay() {
    batches_.stop();
    join();
}

void RecordRelay::add(const RawRecord& record) {
    while (batch_ == nullptr || !batch_->add(record)) {
        if (batch_ != nullptr) {
            hand_on();
        }
        batch_ = batches_.to_fill();
        if (batch_ == nullptr) {
            join();
            std::rethrow_exception(failure_);
        }
    }
}

void RecordRelay::finish() {
    if (!worker_.joinable() && batch_ != nullptr) {
        take_all(*batch_);
        return;
    }
    if (batch_ != nullptr) {
        hand_on();
    }
    batches_.end();
    join();
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

void RecordRelay::hand_on() {
    batch_ = nullptr;
    batches_.give();
    if (worker_.joinable()) {
        return;
    }
    try {
        worker_ = std::jthread([this] { work(); });
    } catch (const std::system_error& error) {
        fail(ErrorKind::os, "cannot start a thread: {}", error.what());
    }
}

void RecordRelay::work() {
    try {
        while (RecordBatch* batch = batches_.to_empty()) {
            take_all(*batch);
            batches_.give_back();
        }
    } catch (...) {  // whatever it is, it belongs into the other thread
        failure_ = std::current_exception();
        batches_.stop();
    }
}

void RecordRelay::take_all(RecordBatch& batch) {
    for (const RawRecord& record : batch.records()) {
        take_(record);
    }
    batch.clear();
}

void RecordRelay::join() {
    if (worker_.joinable()) {
        worker_.join();
    }
}

}  // namespace isinfetch
