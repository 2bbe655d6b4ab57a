#include "cli/session.hpp"

#include "job/insist.hpp"
#include "util/log.hpp"
#include "util/text.hpp"
#include "util/wait.hpp"

#include <algorithm>
#include <filesystem>

namespace isinfetch::cli {

namespace fs = std::filesystem;

ConfigInputs Session::inputs() const {
    ConfigInputs inputs = process_inputs();
    if (!options_.config_file.empty()) {
        inputs.file = options_.config_file;
    }
    if (!options_.state_dir.empty()) {
        inputs.state_dir = options_.state_dir;
    }
    inputs.settings = options_.settings;
    inputs.sources = sources_;
    return inputs;
}

const LoadedConfig& Session::loaded() {
    if (!loaded_) {
        loaded_ = std::make_unique<LoadedConfig>(load_config(inputs()));
        for (const std::string& warning : loaded_->warnings) {
            log(LogLevel::warning, "{}", warning);
        }
    }
    return *loaded_;
}

// The server ends a statement first, if it lives.
std::chrono::milliseconds patience_of(const Config& config) {
    return std::chrono::milliseconds(config.store_timeout) * 3 / 2;
}

namespace {

/// No lock is waited for longer than a statement may take.
std::chrono::milliseconds busy_timeout_of(const Config& config) {
    return std::min(StoreOptions{}.busy_timeout, std::chrono::milliseconds(config.store_timeout));
}

}  // namespace

std::unique_ptr<Connection> open_patiently(const StoreOptions& options) {
    std::unique_ptr<Connection> store;
    insist(backend_of(options.location).is_shared, sleep_for, [&] { store = open_store(options); });
    return store;
}

StoreOptions Session::store_options(StoreMode mode) {
    const Config& settings = config();
    const std::string fallback = "sqlite:" + (settings.state_dir / "isinfetch.db").native();
    return {.location = settings.store.empty() ? fallback : settings.store,
            .mode = mode,
            .file_mode = settings.store_mode->files,
            .password = settings.store_password,
            .cache_bytes = settings.store_cache,
            .busy_timeout = busy_timeout_of(settings),
            .idle_timeout = settings.store_lease,
            .statement_timeout = settings.store_timeout,
            .answer_timeout = patience_of(settings)};
}

StoreOptions Session::options_to_read() {
    StoreOptions options = store_options(StoreMode::read_only);
    const bool chosen =
        !config().store.empty() || loaded().tree.find("state_dir")->origin != "default";
    const fs::path own = config().state_dir / "isinfetch.db";
    const fs::path service = fs::path(kServiceStateDir) / "isinfetch.db";
    std::error_code ignored;
    if (!chosen && !fs::exists(own, ignored) && fs::exists(service, ignored)) {
        log(LogLevel::info, "reading {}, for there is no {}", service.native(), own.native());
        options.location = "sqlite:" + service.native();
    }
    return options;
}

std::unique_ptr<Connection> Session::open_to_read() {
    return open_store(options_to_read());
}

// A look first: opening it to write would make a store where there is none.
std::unique_ptr<Connection> Session::open_to_change(const std::function<void()>& answered) {
    open_patiently(store_options(StoreMode::read_only));
    StoreOptions options = store_options(StoreMode::read_write);
    options.answered = answered;
    return open_patiently(options);
}

Timestamp parse_moment(const std::string& text) {
    const auto time = parse_time(text);
    if (!time) {
        fail(ErrorKind::usage,
             "'{}': not a date (2026-05-17) or a time (2026-05-17T08:00:00Z)",
             printable(text));
    }
    const bool is_date = text.size() == 10;
    return is_date ? *time + std::chrono::hours(24) - std::chrono::seconds(1) : *time;
}

const SourceConfig& find_source(const Config& config, const std::string& name) {
    if (const SourceConfig* source = config.find(name)) {
        return *source;
    }
    std::vector<std::string> names;
    for (const SourceConfig& source : config.sources) {
        names.push_back(source.name);
    }
    const auto near = closest(name, names);
    fail(ErrorKind::usage,
         "{}: no such source{}: 'isinfetch sources' lists them",
         printable(name),
         near ? ", did you mean '" + *near + "'?" : "");
}

std::vector<const SourceConfig*> select_sources(const Config& config,
                                                const std::vector<std::string>& names) {
    std::vector<const SourceConfig*> selected;
    for (const std::string& name : names) {
        const SourceConfig* source = &find_source(config, name);
        if (std::find(selected.begin(), selected.end(), source) == selected.end()) {
            selected.push_back(source);
        }
    }
    for (const SourceConfig& source : config.sources) {
        if (names.empty() && source.enabled) {
            selected.push_back(&source);
        }
    }
    if (selected.empty()) {
        fail(ErrorKind::config,
             "no source is enabled: 'isinfetch sources' lists them, 'isinfetch sources --enable "
             "NAME' enables one");
    }
    return selected;
}

}  // namespace isinfetch::cli
