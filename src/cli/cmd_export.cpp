#include "cli/commands.hpp"
#include "cli/export_target.hpp"
#include "cli/known_sources.hpp"
#include "cli/listing_output.hpp"
#include "cli/no_answer.hpp"
#include "cli/selection.hpp"
#include "publish/export_metadata.hpp"
#include "store/state.hpp"
#include "util/digest.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>
#include <utility>

namespace isinfetch::cli {

namespace {

struct ExportCommand {
    Selection selection{};
    ExportFiles files{};
    bool all = false;
    bool spreadsheet_safe = false;
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
    Account(const ExportCommand& command, const std::string& format)
        : metadata_{.file = std::filesystem::path(command.files.data).filename(),
                    .format = format,
                    .created = now(),
                    .selection = options_of(command)} {}

    const std::string& format() const noexcept { return metadata_.format; }
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
            {"all", command.all ? "yes" : ""},
            {"spreadsheet_safe", command.spreadsheet_safe ? "yes" : ""}};
        std::erase_if(options, [](const auto& option) { return option.second.empty(); });
        return options;
    }

    ExportMetadata metadata_;
    Digest digest_{Digest::Algorithm::sha256};
};

void export_to(ByteSink& sink,
               Connection& store,
               const ExportCommand& command,
               CsvCells cells,
               Account& account) {
    constexpr std::size_t kChunk = 65536;
    const auto formats = export_formats();
    const auto format =
        std::find_if(formats.begin(), formats.end(), [&](const ExportFormat& entry) {
            return entry.name == account.format();
        });
    std::uint64_t count = 0;
    std::string text = format->head();
    ListingFilter filter = make_filter(command.selection);
    filter.ended_too = command.all;
    warn_of_pruned(store, filter.sources, filter.as_of);
    require_list_at(store, filter.sources, filter.as_of);
    const auto write_out = [&] {
        sink.write(text);
        account.add_bytes(text);
        text.clear();
    };
    for_each_listing(store, filter, [&](const StoredListing& stored) {
        text += format->line(stored, cells);
        account.add(stored.source);
        ++count;
        if (text.size() >= kChunk) {
            write_out();
        }
    });
    write_out();
    if (count == 0) {
        explain_nothing(store, filter);
    }
}

/// A file is opened before the export, so that what is in its way is known soon. A stream is opened
/// after it: who reads both may want to see the end of the first one before.
class MetadataOutput {
public:
    explicit MetadataOutput(const std::optional<OutputPlace>& place) : place_(place) {
        if (place_ && place_->kind != OutputPlace::Kind::stream) {
            file_.emplace(*place_);
        }
    }

    void write(const std::string& text) {
        if (place_ && !file_) {
            file_.emplace(*place_);
        }
        if (file_) {
            file_->write(text);
            file_->commit();
        }
    }

private:
    const std::optional<OutputPlace>& place_;
    std::optional<OutputFile> file_{};
};

ExitCode export_listings(const ExportCommand& command, Session& session) {
    if (command.all && !command.selection.as_of.empty()) {
        fail(ErrorKind::usage, "--all is not for --as-of");
    }
    Account account(command, export_format(command.files));
    const CsvCells cells = csv_cells(command.spreadsheet_safe, account.format());
    const ExportPlaces places = export_places(command.files);
    const auto store = open_to_read(session, command.selection.sources);
    MetadataOutput metadata(places.metadata);
    if (!places.data) {
        StreamSink sink(session.streams().out);
        export_to(sink, *store, command, cells, account);
        session.streams().out.flush();
        metadata.write(account.finish(*store, session.config()));
        return ExitCode::ok;
    }
    std::optional<OutputFile> file(*places.data);
    export_to(*file, *store, command, cells, account);
    if (places.data->kind == OutputPlace::Kind::stream) {
        file.reset();
    }
    // First what says that an export made it: killed in between, the next one may replace it.
    metadata.write(account.finish(*store, session.config()));
    if (file) {
        file->commit();
    }
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
    export_app
        ->add_option("--format",
                     command->files.format,
                     "csv or jsonl; without it as the name of the file ends, else csv")
        ->type_name("FORMAT")
        ->check(one_of(format_names()));
    export_app
        ->add_option("-o,--output",
                     command->files.data,
                     "Write this file, whole or not at all, or into a device or FIFO; - is"
                     " standard output")
        ->type_name("FILE");
    export_app->add_flag(
        "--force", command->files.replace, "Replace files that no export has made");
    export_app
        ->add_option("--metadata",
                     command->files.metadata,
                     "Where sources, terms and attribution are written: beside FILE as"
                     " FILE.metadata.json unless this says otherwise, or none")
        ->type_name("FILE");
    export_app->add_flag("--all", command->all, "Also what is listed no longer, as it was last");
    add_spreadsheet_safe(*export_app, command->spreadsheet_safe);
    add_selection_options(*export_app, command->selection);
    export_app->callback([command, &action] {
        action = [command](Session& session) { return export_listings(*command, session); };
    });
}

}  // namespace isinfetch::cli
