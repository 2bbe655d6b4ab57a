// Output for a path that a user named: a file of its own, or whatever already stands there.
#pragma once

#include "util/atomic_file.hpp"
#include "util/bytes.hpp"

#include <filesystem>
#include <optional>

namespace isinfetch {

/// What a path for output leads to, links followed.
struct OutputPlace {
    enum class Kind {
        absent,  ///< nothing yet: a file is made
        file,    ///< a regular file: it would be replaced
        stream,  ///< a device, FIFO or socket, or a descriptor (/dev/stdout, /dev/fd/3): written
                 ///< into
    };

    Kind kind = Kind::absent;
    std::filesystem::path path{};     ///< where the file is or will be; of a stream as it was named
    std::optional<int> descriptor{};  ///< of this process, that the path means
};

/// Throws Error{cannot_create} for a folder and for links that lead in a circle, Error{permission}
/// when the path cannot be looked at.
OutputPlace find_output(const std::filesystem::path& named);

/// Bytes for such a place. A file is whole or not there (see AtomicFile), and keeps mode and owner
/// when it replaces one. A stream gets bytes as they come: nothing can be taken back.
class OutputFile final : public ByteSink {
public:
    /// Waits for somebody to read a FIFO. Throws Error{cannot_create} or Error{permission}, and
    /// Error{interrupted} after a signal that is watched.
    explicit OutputFile(const OutputPlace& place);

    /// Throws Error{io}.
    void write(std::string_view bytes) override;

    /// Without it no file appears. `mode` is that of a new file.
    void commit(mode_t mode = AtomicFile::kEverybody);

private:
    std::filesystem::path path_;
    bool is_new_;
    std::optional<AtomicFile> file_{};
    Descriptor stream_{};
};

}  // namespace isinfetch
