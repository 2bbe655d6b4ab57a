#include "discover/firds_files.hpp"

#include "core/date.hpp"
#include "fetch/checksum.hpp"
#include "fetch/url.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace isinfetch {

namespace {

constexpr int kAttempts = 5;

// ESMA's index of all files since 2017 has some 20,000, on 40 pages.
constexpr int kMostPages = 500;
constexpr std::uint64_t kMostDocuments = 250'000;

std::string_view field(const IndexDocument& document, std::string_view name) {
    const auto found = document.find(name);
    return found == document.end() ? std::string_view() : std::string_view(found->second);
}

struct Kind {
    std::string_view begin;
    Role role;
    enum class Group { none, before_day, after_day } group;  ///< where there is a CFI letter
    std::size_t least_digits;                                ///< of the number of a part
};

constexpr std::array<Kind, 4> kKinds{{
    {"FULINS_", Role::snapshot, Kind::Group::before_day, 2},
    {"DLTINS_", Role::delta, Kind::Group::none, 2},
    {"FULCAN_", Role::cancellations, Kind::Group::none, 2},
    {"FULECR_", Role::snapshot, Kind::Group::after_day, 1},
}};

/// Takes the digits off the front of `text`, up to four; none when they are not there.
std::optional<unsigned> take_number(std::string_view& text, std::size_t least) {
    constexpr std::size_t kMost = 4;
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    unsigned number = 0;
    if (count < least || count > kMost) {
        return std::nullopt;
    }
    std::from_chars(text.data(), text.data() + count, number);
    text.remove_prefix(count);
    return number;
}

bool take(std::string_view& text, std::string_view word) {
    const bool there = text.starts_with(word);
    text.remove_prefix(there ? word.size() : 0);
    return there;
}

/// "E_", of which the letter is kept.
bool take_group(std::string_view& text, RemoteFile& file) {
    file.group = text.substr(0, 1);
    text.remove_prefix(file.group.size());
    return file.group >= "A" && file.group <= "Z" && take(text, "_");
}

/// "20260815_01of02.zip", "20260815_E_1of2.zip"
bool read_place(std::string_view text, const Kind& kind, RemoteFile& file) {
    constexpr std::size_t kDay = 8;
    const auto day = parse_date(text.substr(0, kDay), DateOrder::day_month);
    if (!day || text.size() < kDay) {
        return false;
    }
    text.remove_prefix(kDay);
    file.published = *day + "T00:00:00Z";
    const std::size_t least = kind.least_digits;
    const bool first =
        take(text, "_") && (kind.group != Kind::Group::after_day || take_group(text, file));
    const auto part = first ? take_number(text, least) : std::nullopt;
    const auto parts = part && take(text, "of") ? take_number(text, least) : std::nullopt;
    if (!parts || text != ".zip" || *part == 0 || *part > *parts) {
        return false;
    }
    file.part = *part;
    file.parts = *parts;
    return true;
}

/// What a name says of its file; none when it is no FIRDS file.
std::optional<RemoteFile> file_of(std::string_view name) {
    RemoteFile file{.name = std::string(name)};
    const auto* kind = std::ranges::find_if(
        kKinds, [&](const Kind& each) { return name.starts_with(each.begin); });
    if (kind == kKinds.end()) {
        return std::nullopt;
    }
    file.role = kind->role;
    name.remove_prefix(kind->begin.size());
    if (kind->group == Kind::Group::before_day && !take_group(name, file)) {
        return std::nullopt;
    }
    return read_place(name, *kind, file) ? std::optional(file) : std::nullopt;
}

/// None when the link is no URL, which check_links() tells.
std::optional<std::string> host_of(std::string_view link) {
    try {
        return parse_url(std::string(link)).host;
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// The publisher's own links have been http at times; what they lead to is there on https.
std::string upgraded(std::string_view link) {
    constexpr std::string_view kPlain = "http://";
    const auto host = link.starts_with(kPlain) ? host_of(link) : std::nullopt;
    return host && !is_loopback(*host) ? fmt::format("https://{}", link.substr(kPlain.size()))
                                       : std::string(link);
}

/// Throws Error{protocol} where reading on would not come to an end.
void check_end(const std::string& url, int pages, const IndexPage& page, const IndexPage& before) {
    if (pages > kMostPages || page.total > kMostDocuments) {
        fail(ErrorKind::protocol,
             "{}: an index without end: {} documents announced, {} pages read; more than {} or {} "
             "are"
             " not read",
             redacted(url),
             page.total,
             pages,
             kMostDocuments,
             kMostPages);
    }
    if (!page.documents.empty() && page.documents == before.documents) {
        fail(
            ErrorKind::protocol,
            "{}: page {} of the index is the same as the one before: the server does not heed where"
            " a page begins",
            redacted(url),
            pages);
    }
}

/// One attempt; none when the total moved.
std::optional<std::vector<IndexDocument>> read_all(
    const std::string& url, const std::function<IndexPage(std::uint64_t from)>& read) {
    std::vector<IndexDocument> documents;
    std::optional<std::uint64_t> total;
    IndexPage before;
    for (int pages = 1; !total || documents.size() < *total; ++pages) {
        IndexPage page = read(documents.size());
        if (total && page.total != *total) {
            return std::nullopt;
        }
        check_end(url, pages, page, before);
        total = page.total;
        if (page.documents.empty() && documents.size() < *total) {
            fail(ErrorKind::temporary,
                 "{}: announces {} documents and gives {}",
                 redacted(url),
                 *total,
                 documents.size());
        }
        std::ranges::copy(page.documents, std::back_inserter(documents));
        before = std::move(page);
    }
    return documents;
}

}  // namespace

std::vector<IndexDocument> read_pages(const std::string& url,
                                      const std::function<IndexPage(std::uint64_t from)>& read) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (auto documents = read_all(url, read)) {
            return *std::move(documents);
        }
    }
    fail(ErrorKind::temporary,
         "{}: the number of its documents changed {} times while it was read",
         redacted(url),
         kAttempts);
}

std::vector<RemoteFile> files_among(const std::vector<IndexDocument>& documents) {
    std::vector<RemoteFile> files;
    for (const IndexDocument& document : documents) {
        auto file = file_of(field(document, "file_name"));
        const std::string_view link = field(document, "download_link");
        if (!file || link.empty()) {
            continue;
        }
        file->url = upgraded(link);
        const auto checksum = Checksum::parse(fmt::format("md5:{}", field(document, "checksum")));
        file->checksum = checksum ? checksum->text() : "";
        files.push_back(*std::move(file));
    }
    return files;
}

std::string with_parameter(const std::string& url, std::string_view name, std::string_view value) {
    constexpr std::string_view kUnreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string text =
        fmt::format("{}{}{}=", url, url.find('?') == std::string::npos ? '?' : '&', name);
    for (const char c : value) {
        const bool plain = kUnreserved.find(c) != std::string_view::npos;
        text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return text;
}

}  // namespace isinfetch
