#include "config/document.hpp"
#include "config/yaml_mistake.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace isinfetch {

namespace {

/// Builds a Value from the events of the parser: unlike YAML::Node, events tell anchors, tags and
/// the place of every key.
class Builder final : public YAML::EventHandler {
public:
    explicit Builder(std::string name) : name_(std::move(name)) {}

    Value take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (seen_document_) {
            complain(
                mark,
                "only one document is allowed in a file: no '---' between two, and no line that "
                "is indented less than the first one");
        }
        seen_document_ = true;
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        OnScalar(mark, "", anchor, "");
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        complain(mark,
                 "aliases (*name) are not understood here: write the value out, or put a text that "
                 "begins with '*' in quotes");
    }

    void OnScalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& text) override {
        check(mark, tag, anchor);
        if (!open_.empty() && open_.back().value->kind == Value::Kind::mapping &&
            !open_.back().key) {
            begin_member(mark, text);
            return;
        }
        place(mark).text = text;
    }

    void OnSequenceStart(const YAML::Mark& mark,
                         const std::string& tag,
                         YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        check(mark, tag, anchor);
        open(mark, Value::Kind::list);
    }
    void OnSequenceEnd() override { open_.pop_back(); }

    void OnMapStart(const YAML::Mark& mark,
                    const std::string& tag,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        check(mark, tag, anchor);
        open(mark, Value::Kind::mapping);
    }
    void OnMapEnd() override { open_.pop_back(); }

private:
    struct Open {
        Value* value = nullptr;
        std::optional<std::string> key{};
        int key_line = 0;
        std::map<std::string, int> lines{};  ///< of the keys so far
    };

    std::string origin(int line) const { return fmt::format("{}:{}", name_, line + 1); }

    [[noreturn]] void complain(const YAML::Mark& mark, const std::string& message) const {
        fail(ErrorKind::config, "{}: {}", origin(mark.line), message);
    }

    void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
        if (anchor != 0) {
            complain(mark,
                     "anchors (&name) are not understood here: write the value out, or put a text "
                     "that begins with '&' in quotes");
        }
        // "?" and "!" are what yaml-cpp calls plain and quoted text.
        if (!tag.empty() && tag != "?" && tag != "!") {
            complain(mark,
                     fmt::format("tags ({}) are not understood here: a text that begins with '!' "
                                 "needs quotes",
                                 printable(tag)));
        }
    }

    void begin_member(const YAML::Mark& mark, const std::string& key) {
        Open& mapping = open_.back();
        const auto [earlier, is_new] = mapping.lines.emplace(key, mark.line);
        if (!is_new) {
            complain(
                mark,
                fmt::format(
                    "key '{}' is there already, in line {}", printable(key), earlier->second + 1));
        }
        mapping.key = key;
        mapping.key_line = mark.line;
    }

    /// Where the next value belongs. The origin of a member is the line of its key.
    Value& place(const YAML::Mark& mark) {
        if (open_.empty()) {
            root_.origin = origin(mark.line);
            return root_;
        }
        Open& parent = open_.back();
        if (parent.value->kind == Value::Kind::list) {
            Value& item = parent.value->items.emplace_back();
            item.origin = origin(mark.line);
            return item;
        }
        if (!parent.key) {
            complain(mark, "a key must be a single text");
        }
        Value& member = (*parent.value)[*parent.key];
        parent.key.reset();
        member.origin = origin(parent.key_line);
        return member;
    }

    void open(const YAML::Mark& mark, Value::Kind kind) {
        Value& value = place(mark);
        value.kind = kind;
        open_.push_back({.value = &value});
    }

    std::string name_;
    Value root_{};
    std::vector<Open> open_{};
    bool seen_document_ = false;
};

/// yaml-cpp takes bytes that are no text for U+FFFD, and would show them as part of the value.
void check_text(const std::string& text, const std::string& name) {
    if (is_utf8(text) && text.find('\0') == std::string::npos) {
        return;
    }
    std::size_t number = 0;
    for (const std::string_view line : split(text, '\n')) {
        ++number;
        if (!is_utf8(line) || line.find('\0') != std::string_view::npos) {
            fail(ErrorKind::config, "{}:{}: no UTF-8 text: '{}'", name, number, printable(line));
        }
    }
}

}  // namespace

Value parse_yaml(const std::string& text, const std::string& name) {
    check_text(text, name);
    Builder builder(name);
    try {
        // yaml-cpp 0.7 notices an open quote at the end of the text only when no line end follows;
        // else the rest of the file would silently become part of one value.
        std::istringstream in(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        const YamlMistake mistake =
            explain_yaml(text,
                         {.line = static_cast<std::size_t>(std::max(error.mark.line, 0)),
                          .column = static_cast<std::size_t>(std::max(error.mark.column, 0)),
                          .message = error.msg});
        fail(ErrorKind::config, "{}:{}: {}", name, mistake.line + 1, mistake.text);
    }
    return builder.take();
}

}  // namespace isinfetch
