#include "job/publication.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <string_view>

namespace isinfetch {

namespace {

/// What the messages of a role are, whatever their version.
std::string_view definition_of(Role role) noexcept {
    switch (role) {
        case Role::snapshot:
            return "auth.017.";
        case Role::delta:
            return "auth.036.";
        case Role::cancellations:
            return "auth.102.";
    }
    return "";
}

}  // namespace

void check_header(const FileHeader& header,
                  const Publication& publication,
                  const FileRecord& file) {
    if (header.definition.empty() && header.date.empty()) {
        return;
    }
    if (header.definition.find(definition_of(publication.role)) == std::string::npos) {
        fail(ErrorKind::protocol,
             "{}: its message is {}, which is no {}",
             redacted(file.url),
             printable(header.definition),
             name(publication.role));
    }
    if (header.date != publication.date) {
        fail(ErrorKind::data,
             "{}: dated {}, not {} as its name says",
             redacted(file.url),
             printable(header.date),
             publication.date);
    }
}

Guards guards_for(const Publication& publication, Guards guards) {
    if (publication.role != Role::snapshot) {
        guards.min_records = 0;
        guards.allow_empty = true;
    }
    return guards;
}

}  // namespace isinfetch
