#include "job/lease_keeper.hpp"

#include "job/source_lease.hpp"
#include "store/lease.hpp"
#include "util/error.hpp"
#include "util/log.hpp"

#include <system_error>
#include <utility>

namespace isinfetch {

LeaseKeeper::LeaseKeeper(Lease lease, Connect connect, std::function<bool()> goes_on)
    : lease_(std::move(lease)), connect_(std::move(connect)), goes_on_(std::move(goes_on)) {
    try {
        worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    } catch (const std::system_error& error) {
        fail(ErrorKind::os, "cannot start a thread: {}", error.what());
    }
}

LeaseKeeper::~LeaseKeeper() {
    worker_.request_stop();
    stop_.ring();
    worker_.join();
}

void LeaseKeeper::check() const {
    if (is_lost_) {
        fail_overtaken(lease_.source, {});
    }
}

// A third of the lease: two renewals may fail before it is over.
void LeaseKeeper::work(const std::stop_token& stop) {
    const StoppedBy stopped(stop_);
    const auto interval = std::chrono::milliseconds(lease_.duration) / 3;
    std::unique_lock lock(mutex_);
    while (!is_lost_) {
        wake_.wait_for(lock, stop, interval, [] { return false; });
        if (stop.stop_requested()) {
            return;
        }
        is_lost_ = !renew();
    }
}

bool LeaseKeeper::renew() {
    try {
        if (!goes_on_()) {
            log(LogLevel::debug, "{}: lease not renewed: nothing goes on", lease_.source);
            return true;
        }
        if (connection_ == nullptr) {
            connection_ = connect_();
        }
        return renew_lease(*connection_, lease_.source, lease_.token, lease_.duration);
    } catch (const std::exception& error) {
        log(LogLevel::debug, "{}: lease not renewed: {}", lease_.source, error.what());
        return true;
    }
}

}  // namespace isinfetch
