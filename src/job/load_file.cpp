#include "job/load_file.hpp"

#include "core/validate.hpp"
#include "job/record_relay.hpp"
#include "parse/read_list.hpp"
#include "store/merge.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::size_t kRejectionsKept = 20;
constexpr std::size_t kTailLength = 32;
constexpr std::uint64_t kCheckEvery = 4096;  // records

/// Keeps the keys of the last records that went by.
class Tail {
public:
    void add(const Listing& listing) {
        std::string& key = keys_[count_++ % kTailLength];
        key = listing.isin();
        key += ' ';
        key += listing.venue();
    }

    std::vector<std::string> in_order() const {
        std::vector<std::string> result;
        const std::size_t first = count_ > kTailLength ? count_ - kTailLength : 0;
        for (std::size_t i = first; i < count_; ++i) {
            result.push_back(keys_[i % kTailLength]);
        }
        return result;
    }

private:
    std::array<std::string, kTailLength> keys_{};
    std::size_t count_ = 0;
};

/// Takes the records of one file, judges them and stages what is accepted.
class RecordDesk {
public:
    RecordDesk(const std::string& file,
               const SourceConfig& source,
               LoadedFile& loaded,
               SourceReport& report)
        : file_(file), source_(source), loaded_(loaded), report_(report) {}

    void take(const RawRecord& record) {
        switch (validate(record, source_.validate, judgement_, report_.remarks)) {
            case Verdict::accepted:
                select(record);
                break;
            case Verdict::no_isin:
                report_.counts.no_isin += record.is_further ? 0U : 1U;
                break;
            case Verdict::rejected:
                ++report_.counts.rejected;
                if (report_.rejections.size() < kRejectionsKept) {
                    report_.rejections.push_back(judgement_.rejection);
                    report_.rejections.back().file = file_;
                }
                break;
        }
    }

    std::vector<std::string> tail() const { return tail_.in_order(); }

private:
    // What happens to a key that fits must not be missed because this event does not say all, or
    // because the listing does not fit any longer.
    void select(const RawRecord& record) {
        Listing& listing = judgement_.listing;
        const Fit found = fit(source_.select, listing, authority_of(record));
        ++(found == Fit::all ? report_.counts.accepted : report_.counts.unselected);
        listing.known_only = found != Fit::all;
        if (found == Fit::all || (found == Fit::key && record.event != Event::listed)) {
            tail_.add(listing);
            loaded_.staging.add(listing, judgement_.others);
        }
    }

    std::string_view authority_of(const RawRecord& record) const {
        if (source_.select.authority.empty()) {
            return {};
        }
        const auto column = std::ranges::find(
            record.others, kAuthorityColumn, [](const auto& other) { return other.first; });
        return column == record.others.end() ? std::string_view() : trim(column->second);
    }

    const std::string& file_;
    const SourceConfig& source_;
    LoadedFile& loaded_;
    SourceReport& report_;
    Judgement judgement_{};
    Tail tail_{};
};

ParseSummary read(const ArchivedFile& file, const SourceConfig& source, const RecordSink& sink) {
    const ListFile list{.path = file.path, .limits = {.max_bytes = source.fetch.max_bytes}};
    try {
        return read_list(*source.format, list, source.parse, sink);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::protocol && error.kind() != ErrorKind::data) {
            throw;
        }
        fail(error.kind(), "{}: {}: {}", source.name, file.url, error.what());
    }
}

}  // namespace

void load_file(const ArchivedFile& file,
               const SourceConfig& source,
               const std::function<void()>& check,
               LoadedFile& loaded,
               SourceReport& report) {
    RecordDesk desk(file.name, source, loaded, report);
    RecordRelay relay([&desk](const RawRecord& record) { desk.take(record); });
    std::uint64_t taken = 0;
    loaded.summary = read(file, source, [&](const RawRecord& record) {
        if (taken++ % kCheckEvery == 0) {
            check();
        }
        relay.add(record);
    });
    relay.finish();
    report.counts.seen += loaded.summary.rows;
    report.counts.footnotes += loaded.summary.footnotes;
    report.encoding = loaded.summary.encoding;
    for (const std::string& warning : loaded.summary.warnings) {
        ++report.remarks.warnings[warning];
    }
    loaded.tail = desk.tail();
}

}  // namespace isinfetch
