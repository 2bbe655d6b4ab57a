#include "config/yaml_scan.hpp"

#include "util/text.hpp"

namespace isinfetch {

namespace {

bool is_blank(char letter) noexcept {
    return letter == ' ' || letter == '\t' || letter == '\r';
}

class Scanner {
public:
    YamlScan run(std::string_view text) {
        for (const std::string_view line : split(text, '\n')) {
            scan_line(line);
            ++line_;
        }
        return std::move(scan_);
    }

private:
    void scan_line(std::string_view line) {
        may_begin_ = true;
        for (std::size_t at = 0; at < line.size(); ++at) {
            if (scan_.open_quote) {
                at = scan_quoted(line, at);
            } else if (begins_remark(line, at)) {
                note_remark(line.substr(at));
                return;
            } else {
                scan_plain(line, at);
            }
        }
    }

    static bool begins_remark(std::string_view line, std::size_t at) noexcept {
        return line[at] == '#' && (at == 0 || is_blank(line[at - 1]));
    }

    void note_remark(std::string_view rest) {
        if (!scan_.open_brackets.empty()) {
            scan_.remarks.push_back(
                {line_, std::string(rest.substr(0, rest.find_first_of(" ,]}")))});
        }
    }

    /// Gives the place of the last character that was looked at.
    std::size_t scan_quoted(std::string_view line, std::size_t at) {
        const char quote = scan_.open_quote->sign;
        const bool is_escape = quote == '"' && line[at] == '\\';
        const bool is_doubled =
            quote == '\'' && line[at] == '\'' && line.substr(at + 1).starts_with('\'');
        if (is_escape || is_doubled) {
            return at + 1;
        }
        if (line[at] == quote) {
            scan_.quoted.push_back({scan_.open_quote->line, line_, at + 1});
            scan_.open_quote.reset();
            may_begin_ = false;
        }
        return at;
    }

    /// Outside quotes. Between brackets every bracket counts; elsewhere only one that a value
    /// begins with, for "{n}" may be part of an address.
    void scan_plain(std::string_view line, std::size_t at) {
        const char letter = line[at];
        const bool in_flow = !scan_.open_brackets.empty();
        if (is_blank(letter)) {
            return;
        }
        if ((letter == '"' || letter == '\'') && may_begin_) {
            scan_.open_quote = {letter, line_};
        } else if ((letter == '{' || letter == '[') && (in_flow || may_begin_)) {
            scan_.open_brackets.push_back({letter, line_});
            may_begin_ = true;
        } else if ((letter == '}' || letter == ']') && in_flow) {
            close(letter);
        } else {
            const bool ends_word = at + 1 == line.size() || is_blank(line[at + 1]);
            may_begin_ = (in_flow && letter == ',') || (ends_word && letter == ':') ||
                         (ends_word && letter == '-' && may_begin_);
        }
    }

    void close(char letter) {
        const YamlMark open = scan_.open_brackets.back();
        if ((open.sign == '{') != (letter == '}') && !scan_.wrong_end) {
            scan_.wrong_end = open;
        }
        scan_.open_brackets.pop_back();
        may_begin_ = false;
    }

    YamlScan scan_{};
    std::size_t line_ = 0;
    bool may_begin_ = true;  ///< may a value begin here?
};

}  // namespace

YamlScan scan_yaml(std::string_view text) {
    return Scanner().run(text);
}

}  // namespace isinfetch
