// system_facts error-table < LINES
// system_facts firds-columns FILE [general]
#include "system/facts.hpp"

#include <cstdio>
#include <string>
#include <vector>

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    if (words.size() == 1 && words[0] == "error-table") {
        return print_error_table();
    }
    if (words.size() >= 2 && words[0] == "firds-columns") {
        return print_firds_columns(words[1], words.size() > 2 && words[2] == "general");
    }
    std::fputs("usage: system_facts error-table | firds-columns FILE [general]\n", stderr);
    return 64;
}
