// Whatever is taken for a date, a time or a quantity: what is read is written in one way, and read
// again as the same. For libFuzzer.
#include "core/date.hpp"
#include "require.hpp"
#include "util/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace isinfetch;

namespace {

void check_dates(std::string_view text) {
    for (const DateOrder order :
         {DateOrder::day_month, DateOrder::month_day, DateOrder::year_month}) {
        for (const int century : {kCentury, kPastCentury}) {
            const auto date = parse_date(text, order, century);
            if (!date) {
                continue;
            }
            require(date->size() == 10);
            require(parse_date(*date, order, century) == date);
            const auto time = parse_time(*date);
            require(time && format_time(*time).substr(0, 10) == *date);
            const auto before = day_before(*date);
            require(!before || *before < *date);
        }
    }
}

void check_times(std::string_view text) {
    if (const auto time = parse_time(text)) {
        require(parse_time(format_time(*time)) == time);
    }
    if (const auto time = parse_http_date(text)) {
        require(parse_http_date(format_http_date(*time)) == time);
    }
    if (const auto clock = parse_time_of_day(text)) {
        require(clock->count() >= 0 && clock->count() < 24 * 60);
        require(parse_time_of_day(format_time_of_day(*clock)) == clock);
    }
}

void check_quantities(std::string_view text) {
    if (const auto duration = parse_duration(text)) {
        require(duration->count() >= 0);
        require(parse_duration(format_duration(*duration)) == duration);
        rough_duration(*duration);
    }
    if (const auto bytes = parse_size(text)) {
        format_size(*bytes);
    }
    if (const auto share = parse_percentage(text)) {
        require(*share >= 0 && *share <= 1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_dates(text);
    check_times(text);
    check_quantities(text);
    return 0;
}
