// What the black-box tests ask the library for, which no command of the program prints.
#pragma once

#include <string>

/// Reads "ISIN WEIGHT" lines on standard input. Gives an exit status.
int print_error_table();

/// Of the FIRDS file `path`; `is_general` leaves the quick path out. Gives an exit status.
int print_firds_columns(const std::string& path, bool is_general);
