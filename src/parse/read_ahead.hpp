// Unpacking in a thread of its own, while what was unpacked before is parsed.
#pragma once

#include "util/bytes.hpp"
#include "util/handover.hpp"

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace isinfetch {

/// Reads another source ahead of whoever reads this one, by a few blocks and no more. What the
/// other source throws comes out where its bytes would. Its reads are in the other thread, the rest
/// of its life is not; destruction waits for a read that is under way.
class ReadAhead final : public ByteSource {
public:
    struct Amount {
        std::size_t block = std::size_t{256} * 1024;  ///< bytes
        std::size_t blocks = 4;
    };

    /// Throws Error{os} when no thread is to be had.
    explicit ReadAhead(std::unique_ptr<ByteSource> source)
        : ReadAhead(std::move(source), Amount{}) {}
    ReadAhead(std::unique_ptr<ByteSource> source, const Amount& amount);
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;
    ~ReadAhead() override;

    std::size_t read(std::span<char> buffer) override;

private:
    struct Block {
        std::vector<char> bytes{};
        std::size_t size = 0;
    };

    void work();
    bool fill(Block& block);

    std::unique_ptr<ByteSource> source_;
    Handover<Block> blocks_;
    std::size_t block_bytes_;
    Block* block_ = nullptr;  ///< that is being read
    std::size_t taken_ = 0;   ///< of it
    std::jthread worker_{};
};

}  // namespace isinfetch
