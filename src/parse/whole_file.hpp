// A list as a file that can be read at any place, for formats that need that.
#pragma once

#include "parse/meter.hpp"
#include "parse/zip_member.hpp"
#include "util/file.hpp"

#include <filesystem>
#include <string>

namespace isinfetch {

/// The downloaded file; where that is packed, what is packed in it, as a file without a name that
/// is gone with this object. A workbook that is a zip archive itself (Office Open XML) is not
/// packed for that.
class WholeFile {
public:
    /// Makes the file without a name beside the downloaded one. Throws what open_file() and its
    /// source throw, Error{cannot_create} and Error{io}.
    WholeFile(const std::filesystem::path& downloaded,
              const OpenLimits& limits,
              const Member& wanted = {});

    /// To be opened, as often as needed, while this object lives.
    const std::filesystem::path& path() const noexcept { return path_; }

    /// What it is called in messages.
    const std::string& name() const noexcept { return name_; }

    const OpenLimits& limits() const noexcept { return limits_; }

private:
    /// Of a file that must go with this object.
    struct Name {
        std::string path{};

        Name() = default;
        Name(const Name&) = delete;
        Name& operator=(const Name&) = delete;
        ~Name();
    };

    void make_file(const std::filesystem::path& directory);

    std::string name_;
    OpenLimits limits_;
    Descriptor unpacked_{};
    std::filesystem::path path_;
    Name name_beside_{};
};

}  // namespace isinfetch
