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
    std::string location{};  ///< "sqlite:PATH", "postgresql://…"; see isinfetch.yaml(5)
    StoreMode mode = StoreMode::read_write;
    std::string password{};  ///< of the server's user, when it is not in the location
    std::uint64_t cache_bytes = std::uint64_t{64} * 1024 * 1024;
    std::chrono::milliseconds busy_timeout{60'000};  ///< for the locks of others
    std::chrono::milliseconds idle_timeout{60'000};  ///< a server ends a silent transaction
};

struct Backend {
    std::string_view name;
    std::string_view summary;  ///< one line; its last word is how a location looks
    bool (*knows)(std::string_view location) noexcept;
    std::unique_ptr<Connection> (*open)(const StoreOptions& options);
    std::string_view size{};  ///< query: bytes that the store takes
    std::string_view
        columns{};  ///< query: columns of table $1 by name, and whether they are numbers
    std::string_view renumber{};  ///< query, with {table}: new keys come after those that are there
    bool is_shared = false;       ///< by hosts: who runs a source needs a lease
    std::string_view health{};    ///< query: reads all of it, says "ok"; none: the server's job
};

std::span<const Backend> backends() noexcept;

/// A location fit for messages: without a password. Throws Error{config} when it is none.
std::string shown_store(const std::string& location);

/// nullptr when the location is none of any backend.
const Backend* find_backend(std::string_view location) noexcept;

/// Opens and, when writing, migrates. Throws Error{config} for an unknown backend or a schema newer
/// than this program, Error{gone} when reading a store that is not there, Error{io} for a damaged
/// one, Error{temporary} for a server that does not answer, Error{cannot_create} or
/// Error{permission}.
std::unique_ptr<Connection> open_store(const StoreOptions& options);

/// The newest schema number that this program knows.
int schema_version() noexcept;

}  // namespace isinfetch
