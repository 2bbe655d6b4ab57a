#include "parse/zip_member.hpp"

#include "util/error.hpp"
#include "util/pattern.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

using Places = std::vector<std::size_t>;

std::string_view last_part(std::string_view path) noexcept {
    return path.substr(path.rfind('/') + 1);
}

/// "csv" of "list.csv".
std::string ending_of(std::string_view path) {
    const std::string_view name = last_part(path);
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string() : lower(name.substr(dot + 1));
}

bool is_file(const std::string& path) noexcept {
    return !path.empty() && !path.ends_with('/') && !path.starts_with("__MACOSX/");
}

/// What publishers and their computers put beside a list.
bool goes_with_lists(std::string_view path) {
    constexpr std::array<std::string_view, 13> kBeginnings{"readme",
                                                           "read_me",
                                                           "read me",
                                                           "liesmich",
                                                           "lisezmoi",
                                                           "license",
                                                           "licence",
                                                           "copying",
                                                           "notice",
                                                           "terms",
                                                           "changelog",
                                                           "disclaimer",
                                                           "copyright"};
    constexpr std::array<std::string_view, 19> kEndings{"pdf",
                                                        "md",
                                                        "doc",
                                                        "docx",
                                                        "rtf",
                                                        "url",
                                                        "png",
                                                        "jpg",
                                                        "gif",
                                                        "sig",
                                                        "asc",
                                                        "md5",
                                                        "sha1",
                                                        "sha256",
                                                        "sha512",
                                                        "xsd",
                                                        "dtd",
                                                        "ini",
                                                        "db"};
    const std::string name = lower(last_part(path));
    return name.starts_with('.') ||
           std::ranges::any_of(kBeginnings,
                               [&](std::string_view word) { return name.starts_with(word); }) ||
           std::ranges::find(kEndings, ending_of(path)) != kEndings.end();
}

/// The usual endings of lists of a format, the first one that of most.
std::vector<std::string_view> endings_of(std::string_view format) {
    if (format == "csv") {
        return {"csv", "tsv", "txt", "dat"};
    }
    if (format == "lines" || format == "fixed") {
        return {"txt", "dat", "csv"};
    }
    if (format == "firds") {
        return {"xml"};
    }
    if (format == "html-table") {
        return {"html", "htm"};
    }
    return {format};
}

template <class Wanted>
Places keep(const std::vector<std::string>& names, const Places& places, Wanted is_wanted) {
    Places kept;
    std::ranges::copy_if(places, std::back_inserter(kept), [&](std::size_t place) {
        return is_wanted(names[place]);
    });
    return kept;
}

/// Those of `places` whose names pass, else all of them.
template <class Wanted>
Places prefer(const std::vector<std::string>& names, const Places& places, Wanted is_wanted) {
    Places kept = keep(names, places, is_wanted);
    return kept.empty() ? places : kept;
}

/// Those that may be the list: one if that can be told.
Places find_lists(const std::vector<std::string>& names,
                  const Places& files,
                  std::string_view format) {
    Places lists =
        prefer(names, files, [](const std::string& name) { return !goes_with_lists(name); });
    // Of one place no ending can take more away.
    for (const std::string_view ending : endings_of(format)) {
        const auto is_so_named = [&](const std::string& name) { return ending_of(name) == ending; };
        lists = prefer(names, lists, is_so_named);
    }
    return lists;
}

std::string some_names(const std::vector<std::string>& names, const Places& places) {
    constexpr std::size_t kNamed = 5;
    std::vector<std::string> some;
    for (const std::size_t place : places) {
        if (some.size() == kNamed) {
            some.emplace_back("…");
            break;
        }
        some.push_back("'" + printable(names[place]) + "'");
    }
    return join(some, ", ");
}

}  // namespace

std::size_t choose_member(const std::vector<std::string>& names, const Member& wanted) {
    Places all(names.size());
    for (std::size_t place = 0; place < names.size(); ++place) {
        all[place] = place;
    }
    const Places files = keep(names, all, is_file);
    if (files.empty()) {
        fail(ErrorKind::data, "the zip file is damaged: nothing is packed in it");
    }
    const auto is_like = [&](const std::string& name) {
        return matches_pattern(name, wanted.pattern) ||
               matches_pattern(last_part(name), wanted.pattern);
    };
    const Places found = wanted.pattern.empty() ? find_lists(names, files, wanted.format)
                                                : keep(names, files, is_like);
    if (found.empty()) {
        fail(ErrorKind::protocol,
             "no file in the zip file is like open.member '{}': it holds {}",
             printable(wanted.pattern),
             some_names(names, files));
    }
    if (found.size() > 1) {
        fail(ErrorKind::protocol,
             "the zip file holds {} files that may be the list, {}: say which with open.member",
             found.size(),
             some_names(names, found));
    }
    return found.front();
}

}  // namespace isinfetch
