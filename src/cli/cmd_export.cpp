#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "cli/listing_output.hpp"
#include "cli/selection.hpp"
#include "publish/export_metadata.hpp"
#include "store/state.hpp"
#include "util/digest.hpp"
#include "util/file.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <utility>

namespace isinfetch::cli {

namespace {

struct ExportCommand {
    Selection selection{};
    std::string format{"csv"};
    std::string file{};
    std::string metadata{};
    bool all = false;

    bool to_stdout() const { return file.empty() || file == "-"; }
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

/// What is told of the file beside it, made on the way.
class Account {
public:
    explicit Account(const ExportCommand& command)
        : metadata_{.file = std::filesystem::path(command.file).filename(),
                    .format = command.format,
                    .created = now(),
                    .selection = options_of(command)} {}

    void add(const std::string& source) { ++metadata_.rows[source]; }
    void add_bytes(std::string_view bytes) { digest_.update(bytes); }

    std::string finish(Connection& store, const Config& config) {
        metadata_.sha256 = digest_.hex();
        for (const SourceState& state : load_states(store)) {
            metadata_.published[state.source] = state.published;
        }
        return export_metadata_json(metadata_, config);
    }

private:
    static std::vector<std::pair<std::string, std::string>> options_of(
        const ExportCommand& command) {
        const Selection& selection = command.selection;
        std::vector<std::pair<std::string, std::string>> options{
            {"sources", join(selection.sources, " ")},
            {"country", selection.country},
            {"mic", selection.mic},
            {"cfi", selection.cfi},
            {"lei", selection.lei},
            {"as_of", selection.as_of},
            {"all", command.all ? "yes" : ""}};
        std::erase_if(options, [](const auto& option) { return option.second.empty(); });
        return options;
    }

    ExportMetadata metadata_;
    Digest digest_{Digest::Algorithm::sha256};
};

void export_to(ByteSink& sink,
               Connection& store,
               const ExportCommand& command,
               Account& account) {
    constexpr std::size_t kChunk = 65536;
    const auto formats = export_formats();
    const auto format =
        std::find_if(formats.begin(), formats.end(), [&](const ExportFormat& entry) {
            return entry.name == command.format;
        });
    std::string text = format->head();
    ListingFilter filter = make_filter(command.selection);
    filter.ended_too = command.all;
    warn_of_pruned(store, filter.sources, filter.as_of);
    const auto write_out = [&] {
        sink.write(text);
        account.add_bytes(text);
        text.clear();
    };
    for_each_listing(store, filter, [&](const StoredListing& stored) {
        text += format->line(stored);
        account.add(stored.source);
        if (text.size() >= kChunk) {
            write_out();
        }
    });
    write_out();
}

/// Where it belongs; empty: nowhere.
std::filesystem::path metadata_path(const ExportCommand& command) {
    if (!command.metadata.empty()) {
        return command.metadata == "none" ? "" : command.metadata;
    }
    return command.to_stdout() ? "" : command.file + ".metadata.json";
}

void write_metadata(const std::filesystem::path& path, const std::string& text) {
    if (!path.empty()) {
        AtomicFile file(path);
        file.write(text);
        file.commit();
    }
}

ExitCode export_listings(const ExportCommand& command, Session& session) {
    if (command.all && !command.selection.as_of.empty()) {
        fail(ErrorKind::usage, "--all is not for --as-of");
    }
    const auto store = open_to_read(session, command.selection.sources);
    Account account(command);
    if (command.to_stdout()) {
        StreamSink sink(session.streams().out);
        export_to(sink, *store, command, account);
    } else {
        AtomicFile file(command.file);
        export_to(file, *store, command, account);
        file.commit();
    }
    write_metadata(metadata_path(command), account.finish(*store, session.config()));
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
    export_app
        ->add_option("--metadata",
                     command->metadata,
                     "Where sources, terms and attribution are written: beside FILE as"
                     " FILE.metadata.json unless this says otherwise, or none")
        ->type_name("FILE");
    export_app->add_flag("--all", command->all, "Also what is listed no longer, as it was last");
    add_selection_options(*export_app, command->selection);
    export_app->callback([command, &action] {
        action = [command](Session& session) { return export_listings(*command, session); };
    });
}

}  // namespace isinfetch::cli
