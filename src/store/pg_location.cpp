#include "store/pg_location.hpp"

#include "util/error.hpp"
#include "util/handle.hpp"
#include "util/text.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::string_view kName = "postgresql:";
constexpr std::chrono::seconds kPatience{10};

// A dead peer is noticed within half a minute, whether there is something to be sent or not.
constexpr std::array<std::pair<const char*, const char*>, 6> kDefaults{{
    {"application_name", "isinfetch"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "30000"},  // ms
    {"client_encoding", "UTF8"},
}};

using Options = Handle<PQconninfoOption, PQconninfoFree>;

Options parse(const std::string& text) {
    char* trouble = nullptr;
    Options options(PQconninfoParse(text.c_str(), &trouble));
    const Handle<char, PQfreemem> owner(trouble);
    if (options == nullptr) {
        // The library's own words may repeat what it could not read, a password among it.
        fail(ErrorKind::config, "store: not a location of PostgreSQL: see isinfetch.yaml(5)");
    }
    return options;
}

std::string value_of(const Options& options, std::string_view name) {
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->keyword == name && option->val != nullptr) {
            return option->val;
        }
    }
    return {};
}

/// "host=…": a word, then an equals sign.
bool is_connection_string(std::string_view text) noexcept {
    const std::size_t equals = text.find('=');
    const std::string_view word = trim(text.substr(0, equals));
    return equals != std::string_view::npos && !word.empty() &&
           std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

bool is_postgres_location(std::string_view location) noexcept {
    return location.starts_with(kName) || location.starts_with("postgres:") ||
           is_connection_string(location);
}

std::string connection_text(std::string_view location) {
    const bool is_uri = location.find("://") == location.find(':');
    if (!is_connection_string(location) && !is_uri) {
        location.remove_prefix(location.find(':') + 1);
    }
    return std::string(location);
}

std::string shown_location(const std::string& connection_text) {
    const Options options = parse(connection_text);
    if (const std::string service = value_of(options, "service"); !service.empty()) {
        return fmt::format("postgresql:service={}", printable(service));
    }
    const auto part = [&](std::string_view before, std::string_view name) {
        const std::string value = value_of(options, name);
        return value.empty() ? value : fmt::format("{}{}", before, printable(value));
    };
    const std::string address = value_of(options, "host").empty() ? "hostaddr" : "host";
    return fmt::format(
        "postgresql://{}{}{}", part("", address), part(":", "port"), part("/", "dbname"));
}

PgSettings::PgSettings(std::string connection_text, Secret password)
    : location_(std::move(connection_text)), password_(std::move(password)), patience_(kPatience) {
    for (const auto& [name, value] : kDefaults) {
        add(name, value);
    }
    add("dbname", location_.c_str());
    if (!password_.empty()) {
        add("password", password_.reveal().c_str());
    }
    add(nullptr, nullptr);
    const std::string wanted = value_of(parse(location_), "connect_timeout");
    if (const int seconds = std::atoi(wanted.c_str()); seconds > 0) {
        patience_ = std::chrono::seconds(seconds);
    }
}

void PgSettings::add(const char* name, const char* value) {
    names_.push_back(name);
    values_.push_back(value);
}

PgDeadline PgSettings::deadline() const {
    return std::chrono::steady_clock::now() + patience_;
}

}  // namespace isinfetch
