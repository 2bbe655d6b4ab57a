// What nobody may read over a shoulder: a type that cannot be printed, and what takes secrets out
// of every text that leaves the process or enters the store.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace isinfetch {

/// A password, a token, the body of a request: not to be formatted, streamed or taken for a text by
/// mistake. Whoever needs it says so by reveal().
class Secret {
public:
    Secret() = default;
    // To hide a text is never wrong, hence no explicit.
    Secret(std::string value) : value_(std::move(value)) {}
    Secret(const char* value) : value_(value) {}

    const std::string& reveal() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }

    friend bool operator==(const Secret&, const Secret&) = default;

private:
    std::string value_{};
};

/// From now on hide_secrets() hides `value`, each of its lines, and how a URL or JSON writes them.
/// Less than two letters and the program's own name are no secrets. May be called by any thread.
void remember_secret(std::string_view value);

/// `text` with "***" for each secret that was remembered. What has fewer than 8 letters is hidden
/// only where it is a word of its own: a short password is part of many a word. At the end of the
/// text, and before the "…" of one that was cut, the beginning of a secret is hidden as well.
std::string hide_secrets(std::string text);

/// For tests: nothing is remembered any more.
void forget_secrets();

}  // namespace isinfetch
