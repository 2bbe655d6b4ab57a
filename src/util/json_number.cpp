#include "util/json_number.hpp"

#include "util/text.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <string>
#include <vector>

namespace isinfetch {

namespace {

/// Ends at the first value at the place; the functions' names and types are the library's.
class NumberFinder final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit NumberFinder(std::string_view place) {
        for (const std::string_view key : split(place, '.')) {
            wanted_.emplace_back(key);
        }
    }

    std::optional<std::uint64_t> found() const noexcept { return found_; }

    bool null() override { return !is_here(); }
    bool boolean(bool /*value*/) override { return !is_here(); }
    bool number_integer(number_integer_t value) override {
        return value < 0 ? !is_here() : take(static_cast<std::uint64_t>(value));
    }
    bool number_unsigned(number_unsigned_t value) override { return take(value); }
    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
        return !is_here();
    }
    bool string(string_t& value) override {
        std::uint64_t number = 0;
        const char* const last = value.data() + value.size();
        const auto [end, failure] = std::from_chars(value.data(), last, number);
        return failure == std::errc{} && end == last ? take(number) : !is_here();
    }
    bool binary(binary_t& /*value*/) override { return true; }
    bool start_object(std::size_t /*elements*/) override { return open(); }
    bool key(string_t& value) override {
        keys_.back() = value;
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t /*elements*/) override { return open(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t /*position*/,
                     const std::string& /*token*/,
                     const nlohmann::json::exception& /*error*/) override {
        return false;
    }

private:
    bool is_here() const { return keys_ == wanted_; }

    bool take(std::uint64_t number) {
        if (is_here()) {
            found_ = number;
        }
        return !is_here();
    }

    /// A level of an array has no key, so that nothing in it is at the place.
    bool open() {
        const bool here = is_here();
        keys_.emplace_back();
        return !here;
    }

    bool close() {
        keys_.pop_back();
        return true;
    }

    std::vector<std::string> wanted_{};
    std::vector<std::string> keys_{};  ///< of the levels that are open
    std::optional<std::uint64_t> found_{};
};

}  // namespace

std::optional<std::uint64_t> json_number(std::string_view text, std::string_view place) {
    NumberFinder finder(place);
    nlohmann::json::sax_parse(text.begin(), text.end(), &finder);
    return finder.found();
}

}  // namespace isinfetch
