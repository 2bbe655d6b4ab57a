// Where a PostgreSQL store is: what the configuration says, and what the client library is told.
#pragma once

#include "util/secret.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Is it a location of PostgreSQL: "postgresql://…", "postgres://…", "postgresql:service=isin", or
/// a connection string of its client library, "host=… dbname=…", "service=…"?
bool is_postgres_location(std::string_view location) noexcept;

/// Such a location as the client library takes it: a URI or a connection string.
std::string connection_text(std::string_view location);

/// For messages: "postgresql://host:5432/database", never a user or password. Throws Error{config}
/// when the client library cannot read it.
std::string shown_location(const std::string& connection_text);

using PgDeadline = std::chrono::steady_clock::time_point;

/// The settings of a connection: what finds out early that the other side is gone, unless the
/// location says something else, the location, and the password if it came by another way.
class PgSettings {
public:
    PgSettings(std::string connection_text, Secret password);
    PgSettings(const PgSettings&) = delete;
    PgSettings& operator=(const PgSettings&) = delete;
    ~PgSettings() = default;

    /// For the library: texts with a null pointer behind the last one.
    const char* const* names() const noexcept { return names_.data(); }
    const char* const* values() const noexcept { return values_.data(); }

    /// Until when a connection must be made, for one that begins now. The library keeps
    /// connect_timeout only where it connects in one go.
    PgDeadline deadline() const;

private:
    void add(const char* name, const char* value);

    std::string location_;
    Secret password_;
    std::vector<const char*> names_{};
    std::vector<const char*> values_{};
    std::chrono::seconds patience_;
};

}  // namespace isinfetch
