#include "cli/cmd_sources_test.hpp"

#include "cli/run_command.hpp"
#include "cli/table.hpp"
#include "discover/sets.hpp"
#include "fetch/curl_http.hpp"
#include "job/source_test.hpp"
#include "util/json.hpp"
#include "util/log.hpp"
#include "util/wait.hpp"

#include <cstdlib>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct TestCommand {
    std::vector<std::string> names{};
    OutputFormat output = OutputFormat::automatic;
};

struct NamedTest {
    const SourceConfig* source = nullptr;
    SourceTest test{};
};

/// For pages, which must be downloaded to be found; gone at the end.
class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string pattern = std::filesystem::temp_directory_path() / "isinfetch-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) {
            fail(ErrorKind::cannot_create, "{}: cannot be created", pattern);
        }
        path_ = pattern;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_{};
};

std::string shown_size(const ProbedFile& found) {
    if (!found.file.sha256.empty()) {
        return format_size(found.file.bytes);
    }
    return found.probe && found.probe->bytes ? format_size(*found.probe->bytes) : "-";
}

/// When it was published, as far as discovery or the server tell.
std::string published(const ProbedFile& found) {
    if (!found.file.published.empty()) {
        return found.file.published;
    }
    const auto modified = found.probe ? parse_http_date(found.probe->last_modified) : std::nullopt;
    return modified ? format_time(*modified) : "";
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

void write_text(std::ostream& out, const std::vector<NamedTest>& tests) {
    Table table({"SOURCE", "FOUND BY", "PART", "PUBLISHED", "SIZE", "TYPE", "URL"});
    for (const auto& [source, test] : tests) {
        for (const ProbedFile& found : test.files) {
            table.add({source->name,
                       std::string(source->discovery->name),
                       fmt::format("{}/{}", found.file.part, found.file.parts),
                       or_dash(published(found)),
                       shown_size(found),
                       found.probe ? or_dash(found.probe->content_type) : "-",
                       redacted(found.file.url)});
        }
    }
    table.write(out);
}

void write_file(JsonWriter& json, const ProbedFile& found) {
    const RemoteFile& file = found.file;
    json.begin_object();
    json.field("name", file.name);
    json.field("url", redacted(file.url));
    json.field("answered_by", found.probe ? redacted(found.probe->url) : "");
    json.field("published", published(found));
    json.field("role", name(file.role));
    json.field("group", file.group);
    json.field("part", std::int64_t{file.part});
    json.field("parts", std::int64_t{file.parts});
    json.field("checksum", file.checksum);
    const auto bytes =
        file.sha256.empty() ? (found.probe ? found.probe->bytes : std::nullopt) : file.bytes;
    json.key("bytes");
    if (bytes) {
        json.number(static_cast<std::int64_t>(*bytes));
    } else {
        json.null();
    }
    json.field("content_type", found.probe ? found.probe->content_type : "");
    json.field("last_modified", found.probe ? found.probe->last_modified : "");
    json.field("etag", found.probe ? found.probe->etag : "");
    json.end_object();
}

void write_error(JsonWriter& json, const std::optional<Error>& error) {
    json.key("error");
    if (!error) {
        json.null();
        return;
    }
    json.begin_object();
    json.field("kind", name(error->kind()));
    json.field("exit_status", static_cast<std::int64_t>(exit_code(error->kind())));
    json.field("message", error->what());
    json.end_object();
}

void write_json(std::ostream& out, const std::vector<NamedTest>& tests) {
    JsonWriter json(out);
    json.begin_array();
    for (const auto& [source, test] : tests) {
        json.begin_object();
        json.field("source", source->name);
        json.field("discovery", source->discovery->name);
        json.field("http_status", std::int64_t{test.http_status});
        json.field("attempts", std::int64_t{test.attempts});
        json.key("files").begin_array();
        for (const ProbedFile& found : test.files) {
            write_file(json, found);
        }
        json.end_array();
        json.key("waiting").begin_array();
        for (const std::string& why : test.waiting) {
            json.text(why);
        }
        json.end_array();
        write_error(json, test.error);
        json.end_object();
    }
    json.end_array();
    out << '\n';
}

std::vector<NamedTest> test_all(const std::vector<const SourceConfig*>& sources) {
    const TemporaryDirectory directory;
    const Archive archive(directory.path());
    CurlHttp http;
    const FetchEnvironment environment{
        .http = http, .archive = archive, .sleep = sleep_for, .dice = throw_dice, .now = now};
    std::vector<NamedTest> tests;
    tests.reserve(sources.size());
    for (const SourceConfig* source : sources) {
        tests.push_back({source, test_source(*source, environment)});
    }
    return tests;
}

ExitCode test_sources(const TestCommand& command, Session& session) {
    session.expect_only(command.names);
    const auto tests = test_all(select_sources(session.config(), command.names));
    std::ostream& out = session.streams().out;
    if (command.output == OutputFormat::json) {
        write_json(out, tests);
    } else {
        write_text(out, tests);
    }
    out.flush();
    ExitCode code = ExitCode::ok;
    for (const auto& [source, test] : tests) {
        for (const std::string& why : test.waiting) {
            log(LogLevel::info, "{}: {}", source->name, why);
        }
        if (test.error) {
            code = worse(code, exit_code(test.error->kind()));
            log(LogLevel::error, "{}: {}", source->name, test.error->what());
        }
    }
    return code;
}

}  // namespace

void add_sources_test(CLI::App& sources, Action& action) {
    auto command = std::make_shared<TestCommand>();
    CLI::App* test_app =
        sources.add_subcommand("test", "Find the files of sources without downloading them");
    test_app->add_option("SOURCE", command->names, "Sources to test; else all enabled ones")
        ->type_name("");
    add_output_format(*test_app, command->output);
    test_app->callback([command, &action] {
        action = [command](Session& session) { return test_sources(*command, session); };
    });
}

}  // namespace isinfetch::cli
