#include "cli/json_output.hpp"

#include "util/json.hpp"

#include <ostream>

namespace isinfetch::cli {

void write_failure_json(std::ostream& out, const Failure& failure) {
    const auto status = static_cast<std::int64_t>(failure.status);
    JsonWriter json(out);
    json.begin_object();
    json.key("error").begin_object();
    json.field("kind", name(failure.kind));
    json.field("exit_status", status);
    json.field("message", failure.message);
    json.end_object();
    json.field("exit_status", status);
    json.end_object();
}

JsonWatch::JsonWatch(std::ostream& out) : out_(out), target_(out.rdbuf(this)) {}

JsonWatch::~JsonWatch() {
    out_.rdbuf(target_);  // which forgives the stream its errors: to be looked at before
}

void JsonWatch::close_array(const Failure& failure) {
    if (!is_array_ || depth_ != 1 || in_string_) {
        return;
    }
    out_ << (has_element_ ? ",\n" : "\n");
    write_failure_json(out_, failure);
    out_ << "]\n";
}

JsonWatch::int_type JsonWatch::overflow(int_type letter) {
    if (traits_type::eq_int_type(letter, traits_type::eof())) {
        return traits_type::not_eof(letter);
    }
    look_at(traits_type::to_char_type(letter));
    return target_->sputc(traits_type::to_char_type(letter));
}

std::streamsize JsonWatch::xsputn(const char* text, std::streamsize count) {
    for (std::streamsize i = 0; i < count; ++i) {
        look_at(text[i]);
    }
    return target_->sputn(text, count);
}

int JsonWatch::sync() {
    return target_->pubsync();
}

void JsonWatch::look_at(char letter) noexcept {
    touched_ = true;
    if (in_string_) {
        in_string_ = escaped_ || letter != '"';
        escaped_ = !escaped_ && letter == '\\';
        return;
    }
    const bool opens = letter == '[' || letter == '{';
    const bool closes = letter == ']' || letter == '}';
    const bool is_blank = letter == ' ' || letter == '\n';
    if (depth_ == 0 && opens) {
        is_array_ = letter == '[';
        has_element_ = false;
    } else if (!is_blank && !closes) {
        has_element_ = true;
    }
    depth_ += opens ? 1 : closes ? -1 : 0;
    in_string_ = letter == '"';
}

}  // namespace isinfetch::cli
