// An HttpClient that gives canned answers and remembers what it was asked.
#pragma once

#include "fetch/http.hpp"
#include "fetch/retry.hpp"
#include "util/error.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace isinfetch::test {

class FakeHttp final : public HttpClient {
public:
    struct Answer {
        HttpResponse response{};
        std::string body{};
        std::optional<Error> error{};  ///< thrown after the body; without a status, at once
    };

    /// Answers to one URL are given in the order they were added; the last one is repeated.
    void add(const std::string& url, Answer answer) { answers_[url].push_back(std::move(answer)); }

    void add(const std::string& url, int status, std::string body = {}) {
        add(url, Answer{.response = {.status = status}, .body = std::move(body)});
    }

    HttpResponse get(const HttpRequest& request,
                     ByteSink& body,
                     const std::function<void(const HttpResponse&)>& answered) override {
        requests.push_back(request);
        const auto found = answers_.find(request.url);
        if (found == answers_.end()) {
            fail(ErrorKind::temporary, "{}: no such host", request.url);
        }
        const Answer answer = found->second.front();
        if (found->second.size() > 1) {
            found->second.pop_front();
        }
        if (answer.response.status != 0) {
            answered(answer.response);
        }
        if (answer.response.status == 200 || answer.response.status == 206) {
            body.write(answer.body);
        }
        if (answer.error) {
            throw Error(*answer.error);
        }
        return answer.response;
    }

    std::vector<HttpRequest> requests{};

private:
    std::map<std::string, std::deque<Answer>> answers_{};
};

}  // namespace isinfetch::test
