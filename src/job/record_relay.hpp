// Judging and staging records in a thread of its own, while further ones are parsed.
#pragma once

#include "core/record.hpp"
#include "util/handover.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace isinfetch {

/// Copies of records, in two pieces of memory that are used again and again.
class RecordBatch {
public:
    /// Takes as much as fits into the room that is left; the first one always fits.
    bool add(const RawRecord& record);

    void clear() noexcept;
    std::span<const RawRecord> records() const noexcept {
        return std::span(records_).first(count_);
    }

private:
    void keep(std::string_view& text);

    std::string texts_{};  // never grows while there are records that view it
    std::vector<RawRecord> records_{};
    std::size_t count_ = 0;
};

/// Hands records on to `take`, in their order. Files of few records need no other thread.
class RecordRelay {
public:
    using Take = std::function<void(const RawRecord&)>;

    explicit RecordRelay(Take take);
    RecordRelay(const RecordRelay&) = delete;
    RecordRelay& operator=(const RecordRelay&) = delete;
    ~RecordRelay();

    /// Both throw what `take` throws, add() for one of the records before.
    void add(const RawRecord& record);

    /// All have been taken.
    void finish();

private:
    void hand_on();
    void work();
    void take_all(RecordBatch& batch);
    void join();

    Take take_;
    Handover<RecordBatch> batches_;
    RecordBatch* batch_ = nullptr;  ///< that is being filled
    std::exception_ptr failure_{};  ///< of the worker; read after it has ended
    std::jthread worker_{};
};

}  // namespace isinfetch
