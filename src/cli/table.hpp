// Text in columns that line up.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace isinfetch::cli {

/// Rows of as many cells as there are headings; columns of numbers are set to the right.
class Table {
public:
    explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}

    /// What is in the cells is shown as one_line() does.
    void add(const std::vector<std::string>& cells);
    void write(std::ostream& out) const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace isinfetch::cli
