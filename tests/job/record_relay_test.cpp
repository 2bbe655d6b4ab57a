#include "job/record_relay.hpp"

#include "support/catch.hpp"

#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace isinfetch {
namespace {

/// A record whose texts all tell its number; they are gone when it has been added.
void add(RecordRelay& relay, int number, std::size_t length) {
    const std::string text = std::to_string(number) + std::string(length, '.');
    RawRecord record;
    record.fields[0] = text;
    record.others = {{text, text}};
    record.valid = {text, text};
    record.text = text;
    record.event = Event::modified;
    record.position = {.line = static_cast<std::uint64_t>(number), .byte = 7};
    relay.add(record);
}

bool is_whole(const RawRecord& record, std::size_t length) {
    const std::string text = std::to_string(record.position.line) + std::string(length, '.');
    return record.fields[0] == text && record.fields[1].empty() && record.others.size() == 1 &&
           record.others[0] == std::pair<std::string_view, std::string_view>(text, text) &&
           record.valid.from == text && record.valid.to == text &&
           record.text == text.substr(0, 500) && record.event == Event::modified &&
           record.position.byte == 7;
}

TEST_CASE("records are handed on whole and in their order", "[record_relay]") {
    // Few, many, and such that are larger than the memory of a batch.
    const std::vector<std::pair<int, std::size_t>> cases{
        {0, 0}, {3, 10}, {20'000, 100}, {9, 900'000}};
    for (const auto& [count, length] : cases) {
        INFO(count << " records of " << length);
        int taken = 0;
        int whole = 0;
        RecordRelay relay([&](const RawRecord& record) {
            taken += record.position.line == static_cast<std::uint64_t>(taken) ? 1 : 0;
            whole += is_whole(record, length) ? 1 : 0;
        });
        for (int i = 0; i < count; ++i) {
            add(relay, i, length);
        }
        relay.finish();
        CHECK(taken == count);
        CHECK(whole == count);
    }
}

TEST_CASE("few records need no other thread", "[record_relay]") {
    std::set<std::thread::id> threads;
    RecordRelay relay([&](const RawRecord&) { threads.insert(std::this_thread::get_id()); });
    add(relay, 1, 10);
    relay.finish();
    CHECK(threads == std::set{std::this_thread::get_id()});
}

TEST_CASE("what taking throws comes out of adding or finishing", "[record_relay]") {
    const auto fail_at = [](std::uint64_t line) {
        return [line](const RawRecord& record) {
            if (record.position.line == line) {
                throw std::runtime_error("full");
            }
        };
    };
    const auto run = [&](std::uint64_t line, int count) {
        RecordRelay relay(fail_at(line));
        for (int i = 0; i < count; ++i) {
            add(relay, i, 100);
        }
        relay.finish();
    };
    CHECK_THROWS_AS(run(2, 3), std::runtime_error);
    CHECK_THROWS_AS(run(10, 100'000), std::runtime_error);
    CHECK_THROWS_AS(run(19'999, 20'000), std::runtime_error);
    CHECK_NOTHROW(run(20'001, 20'000));
}

TEST_CASE("who gives up while records are under way ends the thread", "[record_relay]") {
    const auto give_up = [] {
        RecordRelay relay([](const RawRecord&) {});
        for (int i = 0; i < 20'000; ++i) {
            add(relay, i, 100);
        }
        throw std::runtime_error("truncated");
    };
    CHECK_THROWS_AS(give_up(), std::runtime_error);
}

}  // namespace
}  // namespace isinfetch
