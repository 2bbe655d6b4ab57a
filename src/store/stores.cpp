#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_upkeep.hpp"
#include "store/store.hpp"
#include "util/error.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::array kBackends{
    Backend{"sqlite",
            "one SQLite file: sqlite:PATH",
            open_sqlite,
            {copy_sqlite, give_back_sqlite, inspect_sqlite}},
};

}  // namespace

std::span<const Backend> backends() noexcept {
    return kBackends;
}

const Backend& backend_of(const std::string& location) {
    const std::string name = location.substr(0, location.find(':'));
    const auto* const found = std::ranges::find(kBackends, name, &Backend::name);
    if (found == kBackends.end() || name.size() + 1 >= location.size()) {
        fail(ErrorKind::config,
             "{}: not a store: write {}",
             location,
             kBackends.front().summary.substr(kBackends.front().summary.rfind(' ') + 1));
    }
    return *found;
}

std::unique_ptr<Connection> open_store(const StoreOptions& options) {
    return backend_of(options.location).open(options);
}

}  // namespace isinfetch
