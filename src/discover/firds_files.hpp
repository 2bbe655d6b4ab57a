// What the indexes of FIRDS files have in common, whoever publishes them: pages of documents, and
// names of files.
#pragma once

#include "fetch/download.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// The fields of one document of an index, by name; those that are texts.
using IndexDocument = std::map<std::string, std::string, std::less<>>;

struct IndexPage {
    std::uint64_t total = 0;  ///< documents that the index announces, on all pages
    std::vector<IndexDocument> documents{};
};

/// All documents of an index that is read page by page; `read` gives the page that begins with the
/// n-th document, from 0. Begins anew when the announced total moves meanwhile. Throws
/// Error{temporary} when it does not stop moving, or when the pages end before the total, and
/// Error{protocol} for an index without end: far too many documents or pages, or the same page
/// again.
std::vector<IndexDocument> read_pages(const std::string& url,
                                      const std::function<IndexPage(std::uint64_t from)>& read);

/// The files among the documents: those whose `file_name` is like "FULINS_E_20260815_01of02.zip",
/// or, of FITRS, "FULECR_20260815_E_1of2.zip".
/// Other documents are passed over: indexes hold some that are no files, and types of files that
/// nobody asked for. The name tells the day; `download_link` is made https unless it leads to this
/// machine; `checksum` is an MD5 when it looks like one.
std::vector<RemoteFile> files_among(const std::vector<IndexDocument>& documents);

/// `url` with one more parameter in its query; the value is percent-encoded.
std::string with_parameter(const std::string& url, std::string_view name, std::string_view value);

}  // namespace isinfetch
