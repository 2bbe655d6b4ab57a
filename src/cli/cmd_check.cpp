#include "cli/bulk.hpp"
#include "cli/check_output.hpp"
#include "cli/commands.hpp"
#include "core/isin_scan.hpp"
#include "store/query.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct CheckCommand {
    BulkInput input{};
    std::string kind{"isin"};
    std::string output{"text"};
    bool lenient = false;
    bool national = false;
    bool suggest = false;
};

constexpr std::size_t kSuggestions = 5;

/// How many texts there were, and what became of them.
struct CheckCounts {
    std::uint64_t checked = 0;
    std::uint64_t warned = 0;
    std::uint64_t noted = 0;
    std::array<std::uint64_t, kDefectCount> defects{};  ///< by Defect; none: the valid ones

    std::uint64_t valid() const noexcept { return defects[0]; }

    void add(const CheckResult& result) noexcept {
        ++checked;
        ++defects[static_cast<std::size_t>(result.inspection.defect)];
        warned += result.warnings.empty() ? 0U : 1U;
        noted += result.note ? 1U : 0U;
    }

    void add_valid(std::uint64_t count) noexcept {
        checked += count;
        defects[0] += count;
    }
};

/// "5 checked: 3 valid (1 with warnings), 2 invalid: 1 wrong length, 1 wrong check digit".
std::string summary(const CheckCounts& counts) {
    std::string text = fmt::format("{} checked: {} valid", counts.checked, counts.valid());
    std::vector<std::string> remarks;
    if (counts.warned > 0) {
        remarks.push_back(fmt::format("{} with warnings", counts.warned));
    }
    if (counts.noted > 0) {
        remarks.push_back(fmt::format("{} with notes", counts.noted));
    }
    text += remarks.empty() ? "" : " (" + join(remarks, ", ") + ")";
    text += fmt::format(", {} invalid", counts.checked - counts.valid());
    std::vector<std::string> defects;
    for (std::size_t i = 1; i < counts.defects.size(); ++i) {
        if (counts.defects[i] > 0) {
            defects.push_back(
                fmt::format("{} {}", counts.defects[i], describe(static_cast<Defect>(i))));
        }
    }
    return text + (defects.empty() ? "" : ": " + join(defects, ", "));
}

/// The store as a witness for suggestions, if there is one: asked at the first question only.
class Witness {
public:
    explicit Witness(Session& session) : session_(session) {}

    KnownIsins operator()(const std::vector<std::string>& isins) {
        KnownIsins known;
        open();
        if (store_) {
            for_each_listing(*store_, {.isins = isins}, [&](const StoredListing& stored) {
                known.try_emplace(stored.listing.isin(), stored.listing[Field::name]);
            });
        }
        return known;
    }

private:
    void open() {
        if (std::exchange(tried_, true)) {
            return;
        }
        try {
            store_ = session_.open_to_read();
        } catch (const Error& error) {
            // No store yet is no news; another reason is worth a word, and suggestions go on.
            const bool none = error.kind() == ErrorKind::gone;
            log(none ? LogLevel::info : LogLevel::warning,
                "suggestions without a store: {}",
                error.what());
        }
    }

    Session& session_;
    bool tried_ = false;
    std::unique_ptr<Connection> store_{};
};

class Checker {
public:
    Checker(const CheckCommand& command, Session& session)
        : command_(command),
          identifier_(*find_identifier(command.kind)),
          is_isin_(command.kind == "isin"),
          quiet_(session.options().quiet),
          line_(std::ranges::find(check_formats(), command.output, &CheckFormat::name)->line),
          output_(session.streams().out),
          witness_(session) {}

    void check_all() {
        const bool quick = quiet_ && is_isin_ && !command_.national;
        for_each_text(
            command_.input,
            output_,
            [this](const BulkText& text) { check(text); },
            quick ? BulkShortcut([this](LineReader& reader) { pass_good_lines(reader); })
                  : BulkShortcut());
    }

    const CheckCounts& counts() const noexcept { return counts_; }

private:
    void check(const BulkText& text) {
        const std::string lenient = command_.lenient ? lenient_form(text.text) : std::string();
        CheckResult result{.given = text, .form = command_.lenient ? lenient : text.text};
        result.inspection = text.too_long ? Inspection{Defect::length, result.form.size()}
                                          : identifier_.inspect(result.form);
        if (is_isin_ && result.inspection.good()) {
            result.warnings = isin_warnings(result.form);
            result.note = command_.national ? note_national_number(result.form) : std::nullopt;
        }
        counts_.add(result);
        if (quiet_) {
            return;
        }
        if (command_.suggest && !result.inspection.good()) {
            result.suggestions = suggest(text.text, std::ref(witness_), kSuggestions);
        }
        line_(output_.text(), result, identifier_);
        output_.flush_when_large();
    }

    /// Where nothing is printed, runs of lines without a fault need only be counted.
    void pass_good_lines(LineReader& reader) {
        const std::size_t lines = best_isin_scan().good_lines(reader.ahead());
        reader.skip(lines, lines * kIsinLine);
        counts_.add_valid(lines);
    }

    const CheckCommand& command_;
    const Identifier& identifier_;
    bool is_isin_;
    bool quiet_;
    decltype(CheckFormat::line) line_;
    BulkOutput output_;
    Witness witness_;
    CheckCounts counts_{};
};

ExitCode check(const CheckCommand& command, Session& session) {
    require_one_input("check", command.input);
    if (command.kind != "isin" && (command.national || command.suggest)) {
        fail(ErrorKind::usage, "check: --national and --suggest are about ISINs");
    }
    Checker checker(command, session);
    checker.check_all();
    const CheckCounts& counts = checker.counts();
    const bool good = counts.valid() == counts.checked;
    if (!good || !session.options().quiet) {
        session.streams().err << "isinfetch: " << summary(counts) << '\n';
    }
    return good ? ExitCode::ok : ExitCode::data;
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
    auto command = std::make_shared<CheckCommand>();
    CLI::App* check_app =
        app.add_subcommand("check", "Say of texts whether they are ISINs, and if not, why");
    add_input(*check_app, "ISIN", "check", command->input);
    check_app->add_flag("--lenient",
                        command->lenient,
                        "Pass over blanks and hyphens, and take small letters for capitals");
    check_app->add_flag(
        "--national", command->national, "Hold the national number inside against its own rules");
    check_app->add_flag("--suggest", command->suggest, "Say what was probably meant");
    check_app->add_option("--as", command->kind, "What the texts should be, if not ISINs")
        ->type_name("KIND")
        ->default_str(command->kind)
        ->check(one_of(names_of(identifiers())));
    check_app->add_option("-o,--output-format", command->output, "How to print: text, tsv or json")
        ->type_name("FORMAT")
        ->default_str(command->output)
        ->check(one_of(names_of(check_formats())));
    check_app->callback([command, &action] {
        action = [command](Session& session) { return check(*command, session); };
    });
}

}  // namespace isinfetch::cli
