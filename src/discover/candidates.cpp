#include "discover/candidates.hpp"

#include <algorithm>

namespace isinfetch {

std::vector<DatedUrl> dated_urls(const UrlPattern& pattern,
                                 std::chrono::year_month_day today,
                                 int days_back) {
    std::vector<DatedUrl> urls;
    for (int back = 0; back <= days_back; ++back) {
        const std::chrono::year_month_day day =
            std::chrono::sys_days{today} - std::chrono::days{back};
        const std::string url = pattern.fill({.day = day});
        const bool is_new =
            std::ranges::none_of(urls, [&](const DatedUrl& earlier) { return earlier.url == url; });
        if (is_new) {
            urls.push_back({url, day});
        }
    }
    return urls;
}

std::optional<std::uint64_t> NumberWalk::next() const {
    const bool ended = missing_ > gap_ || tried_ >= limit_;
    return ended ? std::nullopt : std::optional(next_);
}

void NumberWalk::tell(bool there) {
    highest_ = there ? next_ : highest_;
    missing_ = there ? 0 : missing_ + 1;
    ++tried_;
    ++next_;
}

}  // namespace isinfetch
