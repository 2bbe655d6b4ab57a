#include "fetch/exchange.hpp"

#include "fetch/redirect.hpp"
#include "util/error.hpp"
#include "util/log.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace isinfetch {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Reason {
    int status;
    std::string_view phrase;
};

// Of the statuses that people meet. Source: RFC 9110 §15, RFC 6585, RFC 7725.
constexpr std::array kReasons{
    Reason{400, " Bad Request"},
    Reason{401, " Unauthorized"},
    Reason{403, " Forbidden"},
    Reason{404, " Not Found"},
    Reason{405, " Method Not Allowed"},
    Reason{406, " Not Acceptable"},
    Reason{407, " Proxy Authentication Required"},
    Reason{408, " Request Timeout"},
    Reason{410, " Gone"},
    Reason{425, " Too Early"},
    Reason{429, " Too Many Requests"},
    Reason{451, " Unavailable For Legal Reasons"},
    Reason{500, " Internal Server Error"},
    Reason{501, " Not Implemented"},
    Reason{502, " Bad Gateway"},
    Reason{503, " Service Unavailable"},
    Reason{504, " Gateway Timeout"},
};

std::string_view phrase(int status) {
    const auto* const found =
        std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& reason) {
            return reason.status == status;
        });
    return found == kReasons.end() ? "" : found->phrase;
}

bool is_redirect(const HttpResponse& response) {
    const int status = response.status;
    const bool redirects = (status >= 301 && status <= 303) || status == 307 || status == 308;
    return redirects && !response.location.empty();
}

/// How long a request may take, and by what.
struct Limit {
    seconds time;
    std::string name;
};

/// The nearest end. At least a second: 0 would mean for ever to an HTTP client, and persist() looks
/// at the clock before each attempt.
Limit time_left(const FetchContext& context) {
    const RetryPolicy& retry = context.options.retry;
    const Timestamp now = context.environment.now();
    Limit limit{context.options.total_timeout,
                "network.total_timeout is " + format_duration(context.options.total_timeout)};
    if (const seconds left = context.end - now; left < limit.time) {
        limit = {left, "network.retry.budget is " + format_duration(retry.budget)};
    }
    const auto& deadline = context.environment.deadline;
    if (deadline && *deadline - now < limit.time) {
        limit = {*deadline - now, "the deadline of the run"};
    }
    limit.time = std::max(limit.time, seconds{1});
    return limit;
}

/// One attempt's lack of success: either an answer or an error.
struct Setback {
    HttpResponse response{};
    std::optional<Error> error{};
};

bool is_hopeless(const Setback& setback) {
    return !setback.error && judge(setback.response.status) == Advice::give_up;
}

/// The limits within which one URL is asked again and again.
class Patience {
public:
    Patience(const std::string& url, const FetchContext& context) : url_(url), context_(context) {}

    /// Throws Error{temporary} once the whole run must end.
    void check_deadline() const {
        const auto& deadline = context_.environment.deadline;
        if (deadline && now() >= *deadline) {
            fail(ErrorKind::temporary, "{}: the deadline of the run has passed", redacted(url_));
        }
    }

    /// Waits before the next attempt, or throws what the last one came to.
    void endure(const Setback& setback) {
        const milliseconds delay = retry_delay(
            policy(), attempts_, setback.response.retry_after, context_.environment.dice());
        if (is_hopeless(setback) || attempts_ >= policy().attempts || !has_time_for(delay)) {
            give_up(setback);
        }
        ++attempts_;
        say(setback, delay);
        context_.environment.sleep(delay);
    }

private:
    const RetryPolicy& policy() const { return context_.options.retry; }
    Timestamp now() const { return context_.environment.now(); }

    bool has_time_for(milliseconds delay) const {
        const auto end =
            std::min(context_.end, context_.environment.deadline.value_or(context_.end));
        return now() + delay < end;
    }

    void say(const Setback& setback, milliseconds delay) const {
        const int status = setback.response.status;
        const std::string what =
            setback.error ? setback.error->what()
                          : fmt::format("{}: HTTP {}{}", redacted(url_), status, phrase(status));
        if (delay >= seconds{1}) {
            log_progress(fmt::format("{}: trying again in {}",
                                     what,
                                     format_duration(std::chrono::ceil<seconds>(delay))));
        }
    }

    [[noreturn]] void give_up(const Setback& setback) const {
        const std::string count = attempts_ > 1 ? fmt::format(", {} attempts", attempts_) : "";
        if (setback.error) {
            fail(setback.error->kind(), "{}{}", setback.error->what(), count);
        }
        const int status = setback.response.status;
        auto& cooldown = context_.trace.cooldown_until;
        cooldown = cooldown_until(policy(), status, setback.response.retry_after, now());
        fail(error_kind(status),
             "{}: HTTP {}{}{}{}",
             redacted(url_),
             status,
             phrase(status),
             count,
             cooldown ? ": not asked again before " + format_time(*cooldown) : "");
    }

    const std::string& url_;
    const FetchContext& context_;
    int attempts_ = 1;
};

Setback try_once(const std::function<HttpResponse()>& attempt) {
    try {
        return {.response = attempt()};
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::temporary) {
            throw;
        }
        return {.error = error};
    }
}

/// Does the source speak to caches itself?
bool says_how_to_cache(const FetchOptions& options) {
    return std::any_of(options.headers.begin(), options.headers.end(), [](const auto& header) {
        const std::string name = lower(header.first);
        return name == "cache-control" || name == "pragma";
    });
}

}  // namespace

HttpRequest make_request(const std::string& url, const FetchContext& context) {
    const FetchOptions& options = context.options;
    return {.url = url,
            .headers = options.headers,
            .user_agent = options.user_agent,
            .revalidate = !says_how_to_cache(options),
            .connect_timeout = options.connect_timeout,
            .stall_timeout = options.stall_timeout,
            .max_header = options.max_header,
            .max_bytes = options.max_bytes,
            .addresses = options.addresses,
            .proxy = options.proxy,
            .ca_file = options.ca_file};
}

HttpResponse send(HttpRequest request,
                  const FetchContext& context,
                  ByteSink& body,
                  const std::function<void(const HttpResponse&)>& answered) {
    const std::string original = request.url;
    for (int redirects = 1;; ++redirects) {
        Limit limit = time_left(context);
        request.timeout = limit.time;
        request.timeout_name = std::move(limit.name);
        ++context.trace.attempts;
        HttpResponse response = context.environment.http.get(request, body, answered);
        context.trace.http_status = response.status;
        if (!is_redirect(response)) {
            response.url = request.url;
            return response;
        }
        check_redirect({original, response.location, redirects}, context.options);
        if (!may_see_headers(original, response.location)) {
            request.headers.clear();
        }
        request.url = std::move(response.location);
    }
}

HttpResponse persist(const std::string& url,
                     const FetchContext& context,
                     const std::function<HttpResponse()>& attempt) {
    Patience patience(url, context);
    while (true) {
        patience.check_deadline();
        const Setback setback = try_once(attempt);
        if (!setback.error && judge(setback.response.status) == Advice::accept) {
            return setback.response;
        }
        patience.endure(setback);
    }
}

}  // namespace isinfetch
