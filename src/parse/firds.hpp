// FIRDS files: the reference data that ESMA and the FCA publish of all instruments on their venues.
#pragma once

#include "parse/format.hpp"

namespace isinfetch {

/// Which records are read without the XML parser. The answers are the same.
enum class FirdsPath {
    quick,    ///< those in canonical form
    general,  ///< none; for tests
};

/// Reads FULINS (auth.017), DLTINS (auth.036) and FULCAN (auth.102) files of any version. The
/// fields are those of firds_fields(); `options.columns` is of no use. Throws as Format::parse
/// does, data errors with the byte, counted as in Position. Memory: a few blocks and the longest
/// record, which `options.max_record` bounds. Source: ESMA65-8-5014, FIRDS reference data,
/// instructions for download and use.
ParseSummary read_firds(ByteSource& input,
                        const ParseOptions& options,
                        const RecordSink& sink,
                        FirdsPath path);

}  // namespace isinfetch
