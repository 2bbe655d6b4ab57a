#include "cli/cli.hpp"

#include "cli/command.hpp"
#include "util/interrupt.hpp"
#include "util/log.hpp"

#include <unistd.h>

#include <iostream>

namespace isinfetch::cli {

namespace {

void add_global_options(CLI::App& app, GlobalOptions& options) {
    app.set_version_flag("-V,--version", "isinfetch " ISINFETCH_VERSION);
    app.add_option("-c,--config", options.config_file, "Read this configuration file")
        ->type_name("FILE");
    app.add_option("--state-dir", options.state_dir, "Keep store, archive and locks here")
        ->type_name("DIR");
    app.add_option("--set", options.settings, "Set one key of the configuration; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_flag("-q,--quiet", options.quiet, "Say nothing but errors");
    app.add_flag("-v,--verbose", options.verbosity, "Say more; twice: everything");
}

void set_up_log(const GlobalOptions& options) {
    LogSettings settings;
    settings.journal = stderr_is_journal();
    settings.progress = !options.quiet && ::isatty(STDERR_FILENO) == 1;
    if (options.quiet) {
        settings.shown = LogLevel::error;
    } else if (options.verbosity > 0) {
        settings.shown = options.verbosity > 1 ? LogLevel::debug : LogLevel::info;
    }
    set_log(settings);
}

/// CLI11 has exit codes of its own (100 and more): only 0 for --help and --version is kept.
ExitCode end_of_parsing(const CLI::App& app, const CLI::ParseError& error, const Streams& streams) {
    const int code = app.exit(error, streams.out, streams.err);
    streams.out.flush();
    return code == 0 ? ExitCode::ok : ExitCode::usage;
}

ExitCode act(const Action& action, const GlobalOptions& options, const Streams& streams) {
    Session session(options, streams);
    const ExitCode code = action(session);
    streams.out.flush();
    if (!streams.out) {
        fail(ErrorKind::io, "standard output: cannot be written");
    }
    return code;
}

ExitCode parse_and_act(int argc, const char* const* argv, const Streams& streams) {
    GlobalOptions options;
    Action action;
    CLI::App app{"Fetches, checks and stores the world's published lists of ISINs", "isinfetch"};
    app.require_subcommand(1);
    app.fallthrough();
    add_global_options(app, options);
    for (const Command& command : commands()) {
        command.add(app, action);
    }
    app.failure_message([](const CLI::App*, const CLI::Error& error) {
        return std::string("isinfetch: ") + error.what() + "\nisinfetch: see 'isinfetch --help'\n";
    });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return end_of_parsing(app, error, streams);
    }
    set_up_log(options);
    return act(action, options, streams);
}

}  // namespace

ExitCode run(int argc, const char* const* argv, const Streams& streams) noexcept try {
    let_signals_kill();
    return parse_and_act(argc, argv, streams);
} catch (const Error& error) {
    log(LogLevel::error, "{}", error.what());
    return exit_code(error.kind());
} catch (const std::bad_alloc&) {
    log(LogLevel::error, "out of memory");
    return ExitCode::os_error;
} catch (const std::exception& error) {
    log(LogLevel::error, "internal error: {}", error.what());
    return ExitCode::software;
}

}  // namespace isinfetch::cli
