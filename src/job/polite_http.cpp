#include "job/polite_http.hpp"

#include "fetch/url.hpp"
#include "util/text.hpp"
#include "util/wait.hpp"

#include <chrono>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::chrono::milliseconds kPollEvery{50};

}  // namespace

// Polled: a mutex that blocks hears no signal.
std::unique_lock<std::mutex> HostGates::enter(const std::string& host, const std::string& source) {
    std::mutex* gate = nullptr;
    {
        const std::lock_guard lock(guard_);
        auto& slot = gates_[host];
        if (!slot) {
            slot = std::make_unique<std::mutex>();
        }
        gate = slot.get();
    }
    std::unique_lock lock(*gate, std::try_to_lock);
    Wait wait(source + ": waiting for another source to leave " + printable(host));
    while (!lock.owns_lock()) {
        wait.nap(kPollEvery);
        static_cast<void>(lock.try_lock());
    }
    return lock;
}

HttpResponse PoliteHttp::get(const HttpRequest& request,
                             ByteSink& body,
                             const std::function<void(const HttpResponse&)>& answered) {
    if (std::string host = parse_url(request.url).host; host != host_) {
        gate_ = {};
        host_.clear();
        if (!host.empty()) {
            gate_ = gates_.enter(host, source_);
        }
        host_ = std::move(host);
    }
    return http_.get(request, body, answered);
}

}  // namespace isinfetch
