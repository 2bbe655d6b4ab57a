#include "parse/meter.hpp"

#include "util/error.hpp"

#include <utility>

namespace isinfetch {

namespace {

/// Small files may be packed very well without being a bomb.
constexpr std::uint64_t kRatioFrom = std::uint64_t{64} * 1024 * 1024;

}  // namespace

Meter::Meter(std::string name, std::uint64_t packed_bytes, const OpenLimits& limits)
    : name_(std::move(name)), limits_(limits), packed_(packed_bytes) {}

std::size_t Meter::count(std::size_t bytes) {
    taken_ += bytes;
    const double ratio = static_cast<double>(taken_) / static_cast<double>(packed_);
    if (taken_ > limits_.max_bytes || (taken_ > kRatioFrom && ratio > limits_.max_ratio)) {
        fail(ErrorKind::data,
             "{}: unpacks to more than {} bytes or {:g} times its size",
             name_,
             limits_.max_bytes,
             limits_.max_ratio);
    }
    return bytes;
}

void Meter::damaged(const char* why) const {
    fail(ErrorKind::data, "{}: damaged: {}", name_, why == nullptr ? "unknown" : why);
}

}  // namespace isinfetch
