#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"
#include "util/error.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::array kBackends{
    Backend{"sqlite", "one SQLite file: sqlite:PATH", open_sqlite},
};

}  // namespace

std::span<const Backend> backends() noexcept {
    return kBackends;
}

std::unique_ptr<Connection> open_store(const StoreOptions& options) {
    const std::string name = options.location.substr(0, options.location.find(':'));
    const auto* const found = std::ranges::find(kBackends, name, &Backend::name);
    if (found == kBackends.end() || name.size() + 1 >= options.location.size()) {
        fail(ErrorKind::config,
             "{}: not a store: write {}",
             options.location,
             kBackends.front().summary.substr(kBackends.front().summary.rfind(' ') + 1));
    }
    return found->open(options);
}

}  // namespace isinfetch
