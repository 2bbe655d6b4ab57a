#include "parse/read_list.hpp"

#include "parse/open.hpp"
#include "parse/whole_file.hpp"

namespace isinfetch {

ParseSummary read_list(const Format& format,
                       const ListFile& file,
                       const ParseOptions& options,
                       const RecordSink& sink) {
    if (format.parse_whole != nullptr) {
        return format.parse_whole(WholeFile(file.path, file.limits), options, sink);
    }
    return format.parse(*open_file(file.path, file.limits), options, sink);
}

}  // namespace isinfetch
