// Opens the store that the configuration names, brought up to this program's schema.
#pragma once

#include "store/connection.hpp"
#include "util/secret.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

enum class StoreMode { read_write, read_only };

struct StoreOptions {
    std::string location{};  ///< "sqlite:PATH", "postgresql://…"; see isinfetch.yaml(5)
    StoreMode mode = StoreMode::read_write;
    mode_t file_mode = 0644;  ///< of a file that is made
    Secret password{};        ///< of the server's user, when it is not in the location
    std::uint64_t cache_bytes = std::uint64_t{64} * 1024 * 1024;
    std::chrono::milliseconds busy_timeout{60'000};        ///< for the locks of others
    std::chrono::milliseconds idle_timeout{60'000};        ///< a server ends a silent transaction
    std::chrono::milliseconds statement_timeout{600'000};  ///< a server ends what takes longer
    std::chrono::milliseconds answer_timeout{900'000};     ///< for a server that says nothing
    std::function<void()> answered{};  ///< told of every answer of a server; may be empty
};

/// Called now and then by long work; may throw to end it.
using Check = std::function<void()>;

/// What a database file alone needs; a server has its own tools for it, and nullptr here.
struct Upkeep {
    /// Copies the store into an empty file that is open to read and write, while others read and
    /// write the store, and looks the copy through; `name` is for messages. Throws Error{io} when a
    /// disk is full or the store damaged.
    void (*copy)(const StoreOptions& options,
                 int target,
                 const std::string& name,
                 const Check& check) = nullptr;

    /// Gives free pages back to the file system, bit by bit. Gives the bytes that are free still
    /// because the file was made by a program that did not provide for that.
    std::uint64_t (*give_back)(Connection& connection, const Check& check) = nullptr;

    /// What is wrong with the file, in its own words; nothing when it is sound.
    std::vector<std::string> (*inspect)(Connection& connection) = nullptr;
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
    Upkeep upkeep{};
    std::string_view copied_with{};  ///< the server's tool; none: Upkeep::copy
};

std::span<const Backend> backends() noexcept;

/// A location fit for messages: without a password. Throws Error{config} when it is none.
std::string shown_store(const std::string& location);

/// nullptr when the location is none of any backend.
const Backend* find_backend(std::string_view location) noexcept;

/// The one that a location names. Throws Error{config} when there is none.
const Backend& backend_of(const std::string& location);

/// Opens and, when writing, migrates. Throws Error{config} for an unknown backend or a schema newer
/// than this program, Error{gone} when reading a store that is not there, Error{io} for a damaged
/// one, Error{temporary} for a server that does not answer, Error{cannot_create} or
/// Error{permission}.
std::unique_ptr<Connection> open_store(const StoreOptions& options);

/// The newest schema number that this program knows.
int schema_version() noexcept;

}  // namespace isinfetch
