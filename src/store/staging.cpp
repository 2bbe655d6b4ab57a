#include "store/staging.hpp"

#include "store/packed_listing.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/interrupt.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::size_t kLeastMemory = 4096;
constexpr std::size_t kLeastBuffer = 1024;
constexpr std::size_t kMostWritten = std::size_t{256} * 1024;  // at once

/// A listing in the arena. ISINs alone decide most comparisons; that of two numbers is quick.
struct Entry {
    std::uint64_t isin = 0;
    std::size_t offset = 0;
};

/// Listings in memory.
struct Chunk {
    std::string arena{};
    std::vector<Entry> entries{};

    /// Address space only: what is never written never takes memory, and nothing is copied to grow.
    void reserve(std::size_t bytes) {
        arena.reserve(bytes);
        entries.reserve(bytes / sizeof(Entry) / 2);
    }

    void add(const Listing& listing, const Columns& others, ColumnNumbers& names) {
        const std::size_t offset = arena.size();
        pack(listing, others, names, arena);
        entries.push_back({packed_isin(std::string_view(arena).substr(offset)), offset});
    }

    std::size_t bytes() const noexcept { return arena.size() + entries.size() * sizeof(Entry); }

    std::string_view at(const Entry& entry) const noexcept {
        return std::string_view(arena).substr(entry.offset);
    }

    void sort() {
        std::sort(entries.begin(), entries.end(), [this](const Entry& left, const Entry& right) {
            if (left.isin != right.isin) {
                return left.isin < right.isin;
            }
            const int order = packed_venue(at(left)).compare(packed_venue(at(right)));
            return order != 0 ? order < 0 : left.offset < right.offset;
        });
    }

    void clear() noexcept {
        entries.clear();
        arena.clear();
    }
};

/// Part of the file: records in key order.
struct Piece {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Reads a piece through a buffer of its own.
class PieceReader {
public:
    PieceReader(int descriptor, Piece piece, std::size_t buffer_bytes, std::string_view where)
        : descriptor_(descriptor), piece_(piece), buffer_(buffer_bytes), where_(where) {}

    /// Goes to the next record; false after the last. Begins before the first.
    bool next() {
        position_ += record_.size();
        record_ = {};
        std::size_t wanted = packed_size(rest());
        while (wanted == 0 || wanted > rest().size()) {
            if (!fill(wanted)) {
                return false;
            }
            wanted = packed_size(rest());
        }
        record_ = rest().substr(0, wanted);
        isin_ = packed_isin(record_);
        return true;
    }

    std::string_view record() const noexcept { return record_; }
    std::uint64_t isin() const noexcept { return isin_; }

private:
    std::string_view rest() const noexcept {
        return std::string_view(buffer_.data(), filled_).substr(position_);
    }

    /// Reads on behind what is left; the buffer grows when a single record is larger.
    bool fill(std::size_t wanted) {
        if (piece_.begin == piece_.end) {
            return false;
        }
        std::copy(buffer_.data() + position_, buffer_.data() + filled_, buffer_.data());
        filled_ -= std::exchange(position_, 0);
        if (wanted > buffer_.size()) {
            buffer_.resize(wanted);
        }
        const std::size_t count =
            std::min<std::uint64_t>(buffer_.size() - filled_, piece_.end - piece_.begin);
        ssize_t got = -1;
        do {
            got = pread(
                descriptor_, buffer_.data() + filled_, count, static_cast<off_t>(piece_.begin));
        } while (got < 0 && errno == EINTR);
        if (got <= 0) {
            fail_errno(got < 0 ? errno : EIO, where_, ErrorKind::io);
        }
        filled_ += static_cast<std::size_t>(got);
        piece_.begin += static_cast<std::uint64_t>(got);
        return true;
    }

    int descriptor_;
    Piece piece_;
    std::vector<char> buffer_;
    std::size_t position_ = 0;
    std::size_t filled_ = 0;
    std::string_view record_{};
    std::uint64_t isin_ = 0;
    std::string_view where_;
};

}  // namespace

struct Staging::State {
    std::filesystem::path directory{};
    std::string where{};  ///< for messages
    std::size_t memory = 0;

    ColumnNumbers names{};
    Chunk filling{};
    std::size_t position = 0;  ///< of the next entry, while everything is in memory

    Chunk leaving{};  ///< what is being written while the other one is filled
    Descriptor file{};
    std::uint64_t file_size = 0;
    std::vector<Piece> pieces{};
    std::vector<PieceReader> readers{};  ///< one for each piece, in their order
    std::vector<std::size_t> heap{};     ///< readers that have a record, the least one in front

    std::future<Piece> writing{};  ///< the last member: what it uses must live until it is done

    void spill();
    Piece write_leaving();
    void wait();
    void open_pieces();
    bool comes_after(std::size_t left, std::size_t right) const;
    bool next_of_pieces(Listing& listing);
};

/// Lets what is in memory become a sorted piece of the file, beside what goes on.
void Staging::State::spill() {
    stop_if_interrupted();
    wait();
    if (file.get() < 0) {
        file = make_unnamed_file(directory);
    }
    std::swap(filling, leaving);
    if (filling.arena.capacity() < leaving.arena.capacity()) {
        filling.reserve(memory / 2);
    }
    try {
        writing = std::async(std::launch::async, [this] { return write_leaving(); });
    } catch (const std::system_error& error) {
        fail(ErrorKind::os, "cannot start a thread: {}", error.what());
    }
}

Piece Staging::State::write_leaving() {
    leaving.sort();
    const std::uint64_t begin = file_size;
    const std::size_t most = std::min(kMostWritten, memory / 4);
    std::string buffer;
    const auto flush = [&] {
        write_all(file.get(), buffer, where);
        file_size += buffer.size();
        buffer.clear();
    };
    for (const Entry& entry : leaving.entries) {
        const std::string_view rest = leaving.at(entry);
        buffer += rest.substr(0, packed_size(rest));
        if (buffer.size() >= most) {
            flush();
        }
    }
    flush();
    leaving.clear();
    return {begin, file_size};
}

void Staging::State::wait() {
    if (writing.valid()) {
        pieces.push_back(writing.get());
    }
}

bool Staging::State::comes_after(std::size_t left, std::size_t right) const {
    const PieceReader& a = readers[left];
    const PieceReader& b = readers[right];
    if (a.isin() != b.isin()) {
        return a.isin() > b.isin();
    }
    const int order = packed_venue(a.record()).compare(packed_venue(b.record()));
    return order != 0 ? order > 0 : left > right;
}

void Staging::State::open_pieces() {
    readers.clear();
    heap.clear();
    readers.reserve(pieces.size());
    const std::size_t share = std::max(memory / pieces.size(), kLeastBuffer);
    for (const Piece& piece : pieces) {
        readers.emplace_back(file.get(), piece, share, where);
        if (readers.back().next()) {
            heap.push_back(readers.size() - 1);
        }
    }
    std::make_heap(heap.begin(), heap.end(), [this](auto l, auto r) { return comes_after(l, r); });
}

bool Staging::State::next_of_pieces(Listing& listing) {
    if (heap.empty()) {
        return false;
    }
    const auto order = [this](std::size_t left, std::size_t right) {
        return comes_after(left, right);
    };
    std::pop_heap(heap.begin(), heap.end(), order);
    PieceReader& reader = readers[heap.back()];
    unpack(reader.record(), names, listing);
    if (reader.next()) {
        std::push_heap(heap.begin(), heap.end(), order);
    } else {
        heap.pop_back();
    }
    return true;
}

Staging::Staging(std::filesystem::path directory, std::uint64_t memory_bytes)
    : state_(std::make_unique<State>()) {
    state_->where = fmt::format("{}: temporary file of the sort", directory.string());
    state_->directory = std::move(directory);
    state_->memory = std::max<std::size_t>(memory_bytes, kLeastMemory);
    state_->filling.reserve(state_->memory / 2);
}

Staging::~Staging() = default;

void Staging::add(const Listing& listing, const Columns& others) {
    State& state = *state_;
    const std::size_t before = state.filling.bytes();
    state.filling.add(listing, others, state.names);
    // One listing more than the memory holds: the piece is full before it overflows.
    const std::size_t bytes = state.filling.bytes();
    if (bytes + 2 * (bytes - before) > state.memory / 2) {
        state.spill();
    }
}

void Staging::sort() {
    State& state = *state_;
    if (state.pieces.empty() && !state.writing.valid()) {
        state.filling.sort();
        state.position = 0;
        return;
    }
    if (!state.filling.entries.empty()) {
        state.spill();
    }
    state.wait();
    state.filling = {};
    state.leaving = {};
    state.open_pieces();
}

bool Staging::next(Listing& listing) {
    State& state = *state_;
    if (!state.pieces.empty()) {
        return state.next_of_pieces(listing);
    }
    if (state.position == state.filling.entries.size()) {
        return false;
    }
    unpack(state.filling.at(state.filling.entries[state.position++]), state.names, listing);
    return true;
}

}  // namespace isinfetch
