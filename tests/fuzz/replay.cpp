// Runs a fuzz target without libFuzzer, as an ordinary test: over its corpus, and over some
// thousand mutations of it that are the same in every run.
//
// fuzz_replay TARGET FOLDER [MUTATIONS]
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// One line for each target of CMakeLists.txt.
#define FUZZ_TARGET(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
#include "fuzz_targets.inc"
#undef FUZZ_TARGET

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Target {
    std::string_view name;
    int (*run)(const std::uint8_t* data, std::size_t size);
};

#define FUZZ_TARGET(name) Target{#name, fuzz_##name},
constexpr std::array kTargets{
#include "fuzz_targets.inc"
};
#undef FUZZ_TARGET

/// nullptr when there is none of that name.
const Target* find_target(std::string_view name) {
    const auto found = std::find_if(kTargets.begin(), kTargets.end(), [&](const Target& target) {
        return target.name == name;
    });
    return found == kTargets.end() ? nullptr : found;
}

std::vector<Bytes> read_corpus(const char* folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Bytes> corpus;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return corpus;
}

/// One small change: a byte set, taken out, doubled, or the tail of another input.
void mutate(Bytes& bytes, const std::vector<Bytes>& corpus, std::mt19937& dice) {
    if (bytes.empty()) {
        bytes.push_back(static_cast<std::uint8_t>(dice()));
    }
    const auto place = static_cast<std::ptrdiff_t>(dice() % bytes.size());
    switch (dice() % 4) {
        case 0:
            bytes[static_cast<std::size_t>(place)] = static_cast<std::uint8_t>(dice());
            break;
        case 1:
            bytes.erase(bytes.begin() + place);
            break;
        case 2:
            bytes.insert(bytes.begin() + place, bytes[static_cast<std::size_t>(place)]);
            break;
        default: {
            const Bytes& other = corpus[dice() % corpus.size()];
            bytes.resize(static_cast<std::size_t>(place));
            bytes.insert(bytes.end(),
                         other.begin() + std::min<std::ptrdiff_t>(place, std::ssize(other)),
                         other.end());
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    const Target* target = argc > 2 ? find_target(argv[1]) : nullptr;
    if (target == nullptr) {
        std::fprintf(stderr, "usage: %s TARGET FOLDER [MUTATIONS]\n", argv[0]);
        return 64;
    }
    const std::vector<Bytes> corpus = read_corpus(argv[2]);
    if (corpus.empty()) {
        std::fprintf(stderr, "%s: no inputs\n", argv[2]);
        return 1;
    }
    for (const Bytes& input : corpus) {
        target->run(input.data(), input.size());
    }
    std::mt19937 dice(6166);
    const long mutations = argc > 3 ? std::atol(argv[3]) : 20'000;
    for (long i = 0; i < mutations; ++i) {
        Bytes input = corpus[dice() % corpus.size()];
        for (auto changes = 1 + dice() % 3; changes > 0; --changes) {
            mutate(input, corpus, dice);
        }
        target->run(input.data(), input.size());
    }
    std::printf("%zu inputs, %ld mutations\n", corpus.size(), mutations);
    return 0;
}
