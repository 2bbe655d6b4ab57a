#include "util/zone.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <date/tz.h>

#include <algorithm>

namespace isinfetch {

namespace {

/// nullptr when this machine has no time zones.
const date::tzdb* find_database() {
    try {
        const date::tzdb& database = date::get_tzdb();
        return database.zones.empty() ? nullptr : &database;
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

[[noreturn]] void fail_unknown(std::string_view name, const date::tzdb& database) {
    std::vector<std::string> names;
    std::transform(database.zones.begin(),
                   database.zones.end(),
                   std::back_inserter(names),
                   [](const date::time_zone& zone) { return zone.name(); });
    const auto near = closest(name, names);
    fail(ErrorKind::config,
         "'{}' is no time zone{}",
         printable(name),
         near ? ", did you mean '" + *near + "'?" : " such as Europe/Berlin");
}

/// The rules of a zone that is not UTC.
const date::time_zone& rules_of(const std::string& name) {
    const date::tzdb* database = find_database();
    if (database == nullptr) {
        fail(ErrorKind::config,
             "time zone {}: this machine knows no time zones: install tzdata, or use UTC",
             name);
    }
    try {
        return *date::locate_zone(name);
    } catch (const std::runtime_error&) {
        fail_unknown(name, *database);
    }
}

date::local_seconds as_date(std::chrono::local_seconds local) {
    return date::local_seconds{local.time_since_epoch()};
}

}  // namespace

Zone Zone::parse(std::string_view name) {
    Zone zone(name);
    if (!zone.is_utc() && find_database() != nullptr) {
        rules_of(zone.name_);
    }
    return zone;
}

std::chrono::local_seconds Zone::to_local(Timestamp time) const {
    const auto offset = is_utc() ? std::chrono::seconds{0} : rules_of(name_).get_info(time).offset;
    return std::chrono::local_seconds{time.time_since_epoch() + offset};
}

Timestamp Zone::to_utc(std::chrono::local_seconds local) const {
    if (is_utc()) {
        return Timestamp{local.time_since_epoch()};
    }
    const date::local_info info = rules_of(name_).get_info(as_date(local));
    return info.result == date::local_info::nonexistent
               ? info.first.end
               : Timestamp{local.time_since_epoch() - info.first.offset};
}

std::vector<std::chrono::seconds> Zone::offsets(Timestamp from, Timestamp until) const {
    if (is_utc()) {
        return {std::chrono::seconds{0}};
    }
    const date::time_zone& rules = rules_of(name_);
    std::vector<std::chrono::seconds> found;
    for (Timestamp time = from; time <= until;) {
        const date::sys_info info = rules.get_info(time);
        found.push_back(info.offset);
        time = info.end;
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace isinfetch
