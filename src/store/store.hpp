// Opens the store that the configuration names, brought up to this program's schema.
#pragma once

#include "store/connection.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace isinfetch {

enum class StoreMode { read_write, read_only };

struct StoreOptions {
    std::string location{};  ///< "sqlite:PATH"
    StoreMode mode = StoreMode::read_write;
    std::uint64_t cache_bytes = std::uint64_t{64} * 1024 * 1024;
    std::chrono::milliseconds busy_timeout{60'000};
};

struct Backend {
    std::string_view name;     ///< before the colon of the location
    std::string_view summary;  ///< one line
    std::unique_ptr<Connection> (*open)(const StoreOptions& options);
};

std::span<const Backend> backends() noexcept;

/// Opens and, when writing, migrates. Throws Error{config} for an unknown backend or a schema newer
/// than this program, Error{gone} when reading a store that is not there, Error{io} for a damaged
/// one, Error{cannot_create} or Error{permission}.
std::unique_ptr<Connection> open_store(const StoreOptions& options);

/// The newest schema number that this program knows.
int schema_version() noexcept;

}  // namespace isinfetch
