#include "core/suggest.hpp"

#include "core/isin_verdict.hpp"
#include "core/look_alikes.hpp"
#include "core/national_lint.hpp"
#include "core/prefix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kTextRead = 200;
constexpr std::size_t kLength = Isin::kLength;
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

// How unlikely each slip is, beside the others. A wrong check digit or two neighbours swapped are
// more probable than one given character for another, because there are few of the former.
namespace cost {
constexpr unsigned kForm = 1;
constexpr unsigned kAround = 2;
constexpr unsigned kShape = 3;
constexpr unsigned kLookAlike = 4;  ///< a letter for a digit, such as O for 0
constexpr unsigned kOtherLookAlike = 8;
constexpr unsigned kDigitForLetter = 11;
constexpr unsigned kCheckDigit = 5;
constexpr unsigned kSwapped = 6;
constexpr unsigned kDoubled = 6;
constexpr unsigned kUndoubled = 7;
constexpr unsigned kKey = 9;
constexpr unsigned kExtra = 10;
constexpr unsigned kWeak = 14;     ///< from here on: explains nearly anything
constexpr unsigned kBorneOut = 4;  ///< less, when the national number holds
constexpr unsigned kSpokenAgainst = 20;
constexpr unsigned kOdd = 5;  ///< warnings: an unofficial prefix, the form of a FIGI
}  // namespace cost

bool is_plain(char character) noexcept {
    return (character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9');
}

/// Has the national number a check digit of its own, and does it hold?
bool is_borne_out(std::string_view isin) noexcept {
    const Prefix* prefix = find_prefix(isin.substr(0, 2));
    if (prefix == nullptr || note_national_number(isin)) {
        return false;
    }
    switch (prefix->nsin) {
        case NsinRule::cusip:
        case NsinRule::sedol:
        case NsinRule::common_code:
        case NsinRule::il:
        case NsinRule::dk:
        case NsinRule::svm:
        case NsinRule::dti:
            return true;
        case NsinRule::sedol_letter:
            return isin[4] >= 'A';
        default:
            return false;
    }
}

/// Does the national number have I or O where its agency gives out neither, lest they be read as 1
/// and 0? None of 180,000 ISINs of these agencies in published lists has one.
bool has_shunned_letter(std::string_view isin) noexcept {
    const Prefix* prefix = find_prefix(isin.substr(0, 2));
    const bool shuns =
        prefix != nullptr && (prefix->nsin == NsinRule::cusip || prefix->nsin == NsinRule::sedol ||
                              prefix->nsin == NsinRule::wkn);
    return shuns && isin.find_first_of("IO", 2) != std::string_view::npos;
}

/// All candidates so far, each with its likeliest slip.
class Candidates {
public:
    explicit Candidates(std::string_view text) : text_(text) {}

    template <class... Args>
    void add(std::string_view isin,
             unsigned cost,
             fmt::format_string<Args...> slip,
             Args&&... args) {
        if (isin == text_ || !judge_isin(isin).good() || is_placeholder(isin)) {
            return;
        }
        const auto found = found_.find(isin);
        if (found == found_.end() || cost < found->second.cost) {
            found_.insert_or_assign(
                std::string(isin),
                Suggestion{
                    std::string(isin), fmt::format(slip, std::forward<Args>(args)...), cost});
        }
    }

    std::vector<Suggestion> ranked(const KnownAmong& known, std::size_t limit) &&;

private:
    std::string_view text_;
    std::map<std::string, Suggestion, std::less<>> found_{};
};

KnownIsins known_among(const std::vector<Suggestion>& suggestions, const KnownAmong& known) {
    if (!known || suggestions.empty()) {
        return {};
    }
    std::vector<std::string> isins;
    isins.reserve(suggestions.size());
    for (const Suggestion& suggestion : suggestions) {
        isins.push_back(suggestion.isin);
    }
    return known(isins);
}

/// Where something fits well, what is spoken against is but noise. REQUIRES: ranked.
void drop_implausible(std::vector<Suggestion>& ranked) {
    const bool any_good = !ranked.empty() && ranked.front().cost < cost::kSpokenAgainst;
    std::erase_if(ranked, [&](const Suggestion& suggestion) {
        return any_good && !suggestion.known && suggestion.cost >= cost::kSpokenAgainst;
    });
}

std::vector<Suggestion> Candidates::ranked(const KnownAmong& known, std::size_t limit) && {
    std::vector<Suggestion> result;
    for (auto& [isin, suggestion] : found_) {
        result.push_back(std::move(suggestion));
    }
    const KnownIsins listed = known_among(result, known);
    std::erase_if(result, [&](Suggestion& suggestion) {
        const auto listing = listed.find(suggestion.isin);
        suggestion.known = listing != listed.end();
        suggestion.name = suggestion.known ? listing->second : "";
        const bool borne_out = is_borne_out(suggestion.isin);
        const bool weak = suggestion.cost >= cost::kWeak;
        if (borne_out) {
            suggestion.cost -= std::min(suggestion.cost, cost::kBorneOut);
        }
        if (note_national_number(suggestion.isin) || has_shunned_letter(suggestion.isin)) {
            suggestion.cost += cost::kSpokenAgainst;
        }
        if (!isin_warnings(suggestion.isin).empty()) {
            suggestion.cost += cost::kOdd;
        }
        return weak && !suggestion.known && !borne_out;
    });
    std::ranges::sort(result, [](const Suggestion& left, const Suggestion& right) {
        return std::tuple(!left.known, left.cost, std::string_view(left.isin)) <
               std::tuple(!right.known, right.cost, std::string_view(right.isin));
    });
    drop_implausible(result);
    result.resize(std::min(limit, result.size()));
    return result;
}

unsigned look_alike_cost(char written, char meant) noexcept {
    if (written >= 'A' && meant < 'A') {
        return cost::kLookAlike;
    }
    return meant >= 'A' && written < 'A' ? cost::kDigitForLetter : cost::kOtherLookAlike;
}

/// Substitutions at one place. `extra` is the cost of what was done to the text before.
void substitute_at(std::size_t place, std::string text, unsigned extra, Candidates& candidates) {
    const char old = text[place];
    const auto try_one = [&](char other, unsigned cost, std::string_view why) {
        text[place] = other;
        candidates.add(text, extra + cost, "{} for {} at {}{}", old, other, place + 1, why);
    };
    for (const char other : look_alikes(old)) {
        try_one(other, look_alike_cost(old, other), ", which look alike");
    }
    for (const char other : keys_beside(old)) {
        try_one(other, cost::kKey, ", keys side by side");
    }
    for (const char other : kAlphabet) {
        try_one(other, cost::kWeak, "");
    }
}

/// A second look-alike behind the one at `first`, which is already in `changed`.
void substitute_second(std::string_view text,
                       std::size_t first,
                       const std::string& changed,
                       unsigned extra,
                       Candidates& candidates) {
    for (std::size_t second = first + 1; second < text.size(); ++second) {
        for (const char other : look_alikes(text[second])) {
            std::string both = changed;
            both[second] = other;
            candidates.add(both,
                           extra + look_alike_cost(text[second], other),
                           "{} for {} at {} and {} for {} at {}, which look alike",
                           text[first],
                           changed[first],
                           first + 1,
                           text[second],
                           other,
                           second + 1);
        }
    }
}

/// Two characters at once that look like others.
void substitute_two(std::string_view text, unsigned extra, Candidates& candidates) {
    for (std::size_t first = 0; first < text.size(); ++first) {
        for (const char one : look_alikes(text[first])) {
            std::string changed(text);
            changed[first] = one;
            substitute_second(
                text, first, changed, extra + look_alike_cost(text[first], one), candidates);
        }
    }
}

/// A character that was read as another wherever it stands: each O for 0.
void substitute_everywhere(std::string_view text, unsigned extra, Candidates& candidates) {
    for (const char old : kAlphabet) {
        for (const char other : look_alikes(old)) {
            std::string changed(text);
            // The prefix is letters: there a digit cannot have been meant.
            std::replace(changed.begin() + (other < 'A' ? 2 : 0), changed.end(), old, other);
            candidates.add(changed,
                           extra + look_alike_cost(old, other) + 1,
                           "{} for {} throughout, which look alike",
                           old,
                           other);
        }
    }
}

void swap_neighbours(std::string_view text, unsigned extra, Candidates& candidates) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        std::string changed(text);
        std::swap(changed[i], changed[i + 1]);
        candidates.add(changed,
                       extra + cost::kSwapped,
                       "{} and {} swapped at {}",
                       text[i],
                       text[i + 1],
                       i + 1);
    }
}

void mend_check_digit(std::string_view text, unsigned extra, Candidates& candidates) {
    const std::string_view eleven = text.substr(0, kLength - 1);
    if (const auto digit = isin_check_digit(eleven)) {
        candidates.add(std::string(eleven) + *digit,
                       extra + cost::kCheckDigit,
                       "check digit {}",
                       text.size() < kLength ? "missing" : "wrong");
    }
}

void drop_one(std::string_view text, unsigned extra, Candidates& candidates) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string changed(text);
        changed.erase(i, 1);
        const bool doubled = i > 0 && text[i] == text[i - 1];
        candidates.add(changed,
                       extra + (doubled ? cost::kDoubled : cost::kExtra),
                       "{} {} at {}",
                       text[i],
                       doubled ? "doubled" : "too many",
                       i + 1);
    }
}

void insert_one(std::string_view text, unsigned extra, Candidates& candidates) {
    for (std::size_t i = 0; i <= text.size(); ++i) {
        for (const char character : kAlphabet) {
            const bool repeats = i > 0 && text[i - 1] == character;
            std::string changed(text);
            changed.insert(i, 1, character);
            candidates.add(changed,
                           extra + (repeats ? cost::kUndoubled : cost::kWeak),
                           "{} missing at {}",
                           character,
                           i + 1);
        }
    }
}

/// Every slip of one text of [A-Z0-9].
void add_slips(std::string_view text, unsigned extra, Candidates& candidates) {
    if (text.size() == kLength) {
        mend_check_digit(text, extra, candidates);
        swap_neighbours(text, extra, candidates);
        substitute_everywhere(text, extra, candidates);
        substitute_two(text, extra, candidates);
        for (std::size_t place = 0; place < text.size(); ++place) {
            substitute_at(place, std::string(text), extra, candidates);
        }
    } else if (text.size() == kLength - 1) {
        mend_check_digit(text, extra, candidates);
        insert_one(text, extra, candidates);
    } else if (text.size() == kLength + 1) {
        drop_one(text, extra, candidates);
    }
}

/// ISINs inside a longer text: behind "ISIN:", in brackets, two in one cell.
void add_parts(std::string_view text, unsigned extra, Candidates& candidates) {
    for (std::size_t i = 0; i + kLength <= text.size(); ++i) {
        const bool starts = i == 0 || !is_plain(text[i - 1]);
        const bool ends = i + kLength == text.size() || !is_plain(text[i + kLength]);
        const unsigned torn = (starts ? 0U : 4U) + (ends ? 0U : 4U);
        candidates.add(text.substr(i, kLength), extra + cost::kAround + torn, "more around it");
    }
}

/// Without what is neither letter nor digit, at both ends and inside.
std::string only_plain(std::string_view text) {
    std::string result;
    std::ranges::copy_if(text, std::back_inserter(result), is_plain);
    return result;
}

}  // namespace

std::vector<Suggestion> suggest(std::string_view text, const KnownAmong& known, std::size_t limit) {
    text = text.substr(0, kTextRead);
    if (judge_isin(text).good()) {
        return {};
    }
    Candidates candidates(text);
    const std::string form = lenient_form(text);
    candidates.add(form, cost::kForm, "blanks, hyphens or small letters");
    const std::string shape = lenient_form(ascii_shape(text));
    candidates.add(shape, cost::kShape, "characters that look like ASCII");
    const unsigned shaped = shape == form ? 0U : cost::kShape;
    if (shape.size() > kLength) {
        add_parts(shape, shaped, candidates);
    }
    const std::string plain = only_plain(shape);
    const unsigned extra = shaped + (plain == shape ? 0U : cost::kAround);
    candidates.add(plain, extra + cost::kAround, "more around it");
    add_slips(plain, extra, candidates);
    return std::move(candidates).ranked(known, limit);
}

}  // namespace isinfetch
