#include "parse/office_file.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::size_t kHeader = 512;
constexpr std::size_t kTableInHeader = 76;
constexpr std::size_t kEntry = 128;
constexpr std::uint32_t kLastSector = 0xFFFFFFFA;  // what is larger is no sector
constexpr std::uint8_t kStream = 2;
constexpr std::uint8_t kRoot = 5;
constexpr std::uint64_t kMaxDirectory = std::uint64_t{4} * 1024 * 1024;

std::uint32_t byte_at(std::string_view bytes, std::size_t at) noexcept {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

std::uint32_t two(std::string_view bytes, std::size_t at) noexcept {
    return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U;
}

std::uint32_t four(std::string_view bytes, std::size_t at) noexcept {
    return two(bytes, at) | two(bytes, at + 2) << 16U;
}

[[noreturn]] void damaged(std::string_view why) {
    fail(ErrorKind::data, "the old Office file is damaged: {}", why);
}

}  // namespace

/// A chain of sectors, of the file or of the storage of small streams.
class OfficeFile::Chain final : public ByteSource {
public:
    Chain(OfficeFile& file, std::uint32_t first, std::uint64_t size, bool is_small)
        : file_(file),
          table_(is_small ? file.small_next_ : file.next_),
          shift_(is_small ? file.small_shift_ : file.shift_),
          sector_(first),
          left_(size),
          steps_left_(table_.size()),
          is_small_(is_small) {}

    std::size_t read(std::span<char> buffer) override {
        std::size_t count = 0;
        while (count < buffer.size() && left_ > 0) {
            count += read_sector(buffer.subspan(count));
        }
        return count;
    }

private:
    std::size_t read_sector(std::span<char> buffer) {
        const std::uint64_t sector_size = std::uint64_t{1} << shift_;
        if (sector_ >= kLastSector || sector_ >= table_.size()) {
            damaged("a stream ends too early");
        }
        const auto size = static_cast<std::size_t>(
            std::min<std::uint64_t>({buffer.size(), left_, sector_size - offset_}));
        const std::size_t got =
            is_small_ ? copy_small(buffer.first(size))
                      : file_.read_at(file_.place_of(sector_) + offset_, buffer.data(), size);
        if (got < size) {
            damaged("it ends too early");
        }
        left_ -= size;
        offset_ += size;
        if (offset_ == sector_size) {
            go_on();
        }
        return size;
    }

    std::size_t copy_small(std::span<char> buffer) const {
        const std::uint64_t place = (std::uint64_t{sector_} << shift_) + offset_;
        if (place >= file_.small_.size()) {
            return 0;
        }
        return file_.small_.copy(buffer.data(), buffer.size(), static_cast<std::size_t>(place));
    }

    void go_on() {
        if (steps_left_-- == 0) {
            damaged("a stream has no end");
        }
        sector_ = table_[sector_];
        offset_ = 0;
    }

    OfficeFile& file_;
    const std::vector<std::uint32_t>& table_;
    std::uint32_t shift_;
    std::uint32_t sector_;
    std::uint64_t offset_ = 0;  ///< in the sector
    std::uint64_t left_;
    std::uint64_t steps_left_;
    bool is_small_;
};

OfficeFile::OfficeFile(const std::filesystem::path& path)
    : file_(path), size_(std::filesystem::file_size(path)) {
    read_header();
}

/// Source: MS-CFB §2.2.
void OfficeFile::read_header() {
    std::string header(kHeader, '\0');
    header.resize(read_at(0, header.data(), header.size()));
    if (header.size() < kHeader || !header.starts_with(kMagic)) {
        damaged("it has no header");
    }
    shift_ = two(header, 30);
    small_shift_ = two(header, 32);
    if ((shift_ != 9 && shift_ != 12) || small_shift_ != 6 || four(header, 56) != 4096) {
        damaged("its header says impossible things");
    }
    small_below_ = four(header, 56);
    read_sector_table(header);
    read_directory(four(header, 48));
    read_small_table(four(header, 60));
}

/// The table of sectors lies in sectors itself: the first 109 are listed in the header, more in a
/// chain. Source: MS-CFB §2.3 and §2.5.
void OfficeFile::read_sector_table(std::string_view header) {
    // As many tables as tell of all sectors of the file, and as many lists as of those tables, with
    // some to spare: a file that says otherwise would fill memory.
    constexpr std::uint64_t kSpare = 16;
    const std::uint64_t in_one = (std::uint64_t{1} << shift_) / 4;
    const std::uint64_t most = (size_ >> shift_) / in_one + kSpare;
    const std::uint64_t most_lists = most / (in_one - 1) + kSpare;
    std::vector<std::uint32_t> sectors;
    for (std::size_t at = kTableInHeader; at < kHeader; at += 4) {
        sectors.push_back(four(header, at));
    }
    std::uint32_t more = four(header, 68);
    for (std::uint64_t steps = 0; more < kLastSector; ++steps) {
        std::vector<std::uint32_t> listed;
        add_to_table(more, listed);
        if (steps >= most_lists || listed.empty()) {
            damaged("the list of its tables has no end");
        }
        more = listed.back();
        listed.pop_back();
        sectors.insert(sectors.end(), listed.begin(), listed.end());
    }
    const std::uint32_t count = four(header, 44);
    if (count > most || count > sectors.size()) {
        damaged("its header promises more tables than it has");
    }
    sectors.resize(count);
    for (const std::uint32_t sector : sectors) {
        add_to_table(sector, next_);
    }
}

void OfficeFile::add_to_table(std::uint32_t sector, std::vector<std::uint32_t>& table) {
    std::string bytes(std::size_t{1} << shift_, '\0');
    if (read_at(place_of(sector), bytes.data(), bytes.size()) < bytes.size()) {
        damaged("it ends too early");
    }
    for (std::size_t at = 0; at < bytes.size(); at += 4) {
        table.push_back(four(bytes, at));
    }
}

/// As much as there is of a chain, and no more than `size`.
std::string OfficeFile::read_all(std::uint32_t first, std::uint64_t size) {
    std::uint64_t sectors = 0;
    for (std::uint32_t sector = first; sector < next_.size() && sectors << shift_ < size;
         sector = next_[sector]) {
        ++sectors;
    }
    std::string bytes(static_cast<std::size_t>(std::min(size, sectors << shift_)), '\0');
    Chain chain(*this, first, bytes.size(), false);
    chain.read(bytes);
    return bytes;
}

/// Source: MS-CFB §2.6.
void OfficeFile::read_directory(std::uint32_t first) {
    const std::string bytes = read_all(first, std::min(kMaxDirectory, size_));
    for (std::size_t at = 0; at + kEntry <= bytes.size(); at += kEntry) {
        const std::string_view entry = std::string_view(bytes).substr(at, kEntry);
        const std::uint32_t name_size = std::min<std::uint32_t>(two(entry, 64), 64);
        Entry found{.kind = static_cast<std::uint8_t>(byte_at(entry, 66)),
                    .first = four(entry, 116),
                    .size = four(entry, 120)};
        for (std::uint32_t i = 0; i + 2 < name_size; i += 2) {
            const std::uint32_t letter = two(entry, i);
            found.name += letter < 0x80 ? static_cast<char>(letter) : '?';
        }
        entries_.push_back(std::move(found));
    }
}

/// Source: MS-CFB §2.4.
void OfficeFile::read_small_table(std::uint32_t first) {
    const auto root =
        std::ranges::find_if(entries_, [](const Entry& entry) { return entry.kind == kRoot; });
    if (root == entries_.end()) {
        damaged("its directory is missing");
    }
    const std::string table = read_all(first, size_ >> 4U);
    for (std::size_t at = 0; at + 4 <= table.size(); at += 4) {
        small_next_.push_back(four(table, at));
    }
    // All that small streams can need: what is behind that is of no use.
    small_ = read_all(root->first,
                      std::min<std::uint64_t>(root->size, small_next_.size() << small_shift_));
}

std::size_t OfficeFile::read_at(std::uint64_t place, char* buffer, std::size_t size) {
    file_.go_to(place);
    return file_.read({buffer, size});
}

const OfficeFile::Entry* OfficeFile::find(std::string_view stream) const noexcept {
    const auto found = std::ranges::find_if(entries_, [stream](const Entry& entry) {
        return entry.kind == kStream && same_but_for_looks(entry.name, stream);
    });
    return found == entries_.end() ? nullptr : &*found;
}

std::unique_ptr<ByteSource> OfficeFile::open(std::string_view stream) {
    const Entry* entry = find(stream);
    if (entry == nullptr) {
        damaged("a stream is missing");
    }
    return std::make_unique<Chain>(*this, entry->first, entry->size, entry->size < small_below_);
}

}  // namespace isinfetch
