// Opens a downloaded file whatever it is packed in. Home of libarchive and zlib.
#pragma once

#include "parse/meter.hpp"
#include "parse/zip_member.hpp"
#include "util/bytes.hpp"

#include <filesystem>
#include <memory>

namespace isinfetch {

/// A plain file as it is, gzip unpacked, zip: the file that is wanted of it. What was packed twice
/// is unpacked once. Large files are unpacked ahead, by a thread of their own. Throws Error{gone},
/// and what choose_member() does; reading throws Error{data} for damaged packing, for what follows
/// the end of a gzip file and for a broken limit.
std::unique_ptr<ByteSource> open_file(const std::filesystem::path& path,
                                      const OpenLimits& limits,
                                      const Member& wanted = {});

}  // namespace isinfetch
