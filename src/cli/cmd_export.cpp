#include "cli/commands.hpp"
#include "cli/listing_output.hpp"
#include "cli/selection.hpp"
#include "util/file.hpp"

#include <algorithm>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct ExportCommand {
    Selection selection{};
    std::string format{"csv"};
    std::string file{};
    bool all = false;
};

/// Standard output as a sink that notices a full disk.
class StreamSink final : public ByteSink {
public:
    explicit StreamSink(std::ostream& out) : out_(out) {}

    void write(std::string_view bytes) override {
        if (!out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
            fail(ErrorKind::io, "standard output: cannot be written");
        }
    }

private:
    std::ostream& out_;
};

void export_to(ByteSink& sink,
               Connection& store,
               const ExportCommand& command,
               const Config& config) {
    constexpr std::size_t kChunk = 65536;
    const auto formats = export_formats();
    const auto format =
        std::find_if(formats.begin(), formats.end(), [&](const ExportFormat& entry) {
            return entry.name == command.format;
        });
    std::string text = format->head();
    ListingFilter filter = make_filter(command.selection, config);
    filter.ended_too = command.all;
    for_each_listing(store, filter, [&](const StoredListing& stored) {
        text += format->line(stored);
        if (text.size() >= kChunk) {
            sink.write(text);
            text.clear();
        }
    });
    sink.write(text);
}

ExitCode export_listings(const ExportCommand& command, Session& session) {
    if (command.all && !command.selection.as_of.empty()) {
        fail(ErrorKind::usage, "--all is not for --as-of");
    }
    const auto store = session.open_to_read();
    if (command.file.empty() || command.file == "-") {
        StreamSink sink(session.streams().out);
        export_to(sink, *store, command, session.config());
        return ExitCode::ok;
    }
    AtomicFile file(command.file);
    export_to(file, *store, command, session.config());
    file.commit();
    return ExitCode::ok;
}

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const ExportFormat& format : export_formats()) {
        names.emplace_back(format.name);
    }
    return names;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
    auto command = std::make_shared<ExportCommand>();
    CLI::App* export_app = app.add_subcommand("export", "Write stored listings to a file");
    export_app
        ->add_option("SOURCE", command->selection.sources, "Only of these sources; else of all")
        ->type_name("");
    export_app->add_option("--format", command->format, "csv or jsonl")
        ->type_name("FORMAT")
        ->check(one_of(format_names()));
    export_app
        ->add_option("-o,--output",
                     command->file,
                     "Write this file, whole or not at all; - is standard output")
        ->type_name("FILE");
    export_app->add_flag("--all", command->all, "Also what is listed no longer, as it was last");
    add_selection_options(*export_app, command->selection);
    export_app->callback([command, &action] {
        action = [command](Session& session) { return export_listings(*command, session); };
    });
}

}  // namespace isinfetch::cli
