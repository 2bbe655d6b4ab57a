#include "parse/read_list.hpp"

#include "parse/foreign.hpp"
#include "parse/open.hpp"
#include "parse/whole_file.hpp"
#include "util/file.hpp"

namespace isinfetch {

namespace {

/// A document that is an archive is not opened as one.
void refuse_document(const std::filesystem::path& path, const Format& format) {
    constexpr std::size_t kLookAt = 4096;
    const std::string beginning = read_piece(path, 0, kLookAt);
    const Foreign document = packed_document(beginning);
    if (!document.what.empty() && document.format != format.name) {
        refuse_foreign(document, format.name, beginning);
    }
}

}  // namespace

ParseSummary read_list(const Format& format,
                       const ListFile& file,
                       const ParseOptions& options,
                       const RecordSink& sink) {
    refuse_document(file.path, format);
    const Member wanted{.pattern = options.member, .format = std::string(format.name)};
    if (format.parse_whole != nullptr) {
        return format.parse_whole(WholeFile(file.path, file.limits, wanted), options, sink);
    }
    return format.parse(*open_file(file.path, file.limits, wanted), options, sink);
}

}  // namespace isinfetch
