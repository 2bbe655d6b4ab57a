#include "util/build_date.hpp"

#include "util/error.hpp"

namespace isinfetch {

Timestamp build_date() noexcept {
    return Timestamp(std::chrono::seconds{ISINFETCH_BUILD_DATE});
}

void refuse_impossible_clock(Timestamp now) {
    if (now < build_date()) {
        fail(ErrorKind::os,
             "clock: it is not {}, before this program was built ({}): set the clock of this host, "
             "or of the store's server, and run it again",
             format_time(now),
             format_time(build_date()).substr(0, 10));
    }
}

}  // namespace isinfetch
