#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "cli/lei_claims.hpp"
#include "cli/listing_output.hpp"
#include "cli/no_answer.hpp"
#include "cli/selection.hpp"
#include "core/isin.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <map>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct LookupCommand {
    std::vector<std::string> isins{};
    bool history = false;
    std::string as_of{};
    OutputFormat output = OutputFormat::automatic;
};

void print_version(std::ostream& out, const StoredListing& stored) {
    out << "  " << stored.source << ", since " << stored.published;
    if (!stored.superseded.empty()) {
        out << " until " << stored.superseded << " (" << stored.closed_as << ')';
    }
    out << '\n';
    for (std::size_t i = 1; i < kFieldCount; ++i) {
        const std::string& value = stored.listing.fields[i];
        if (!value.empty()) {
            out << fmt::format("    {:14} {}\n", field_table()[i].name, one_line(value));
        }
    }
    for (const auto& [name, value] : json_pairs(stored.listing.other)) {
        out << fmt::format("    {:14} {}\n", one_line(name), one_line(value));
    }
}

/// Only what can be an ISIN is looked for; the rest is named and ends in status 65.
std::vector<std::string> valid_isins(const std::vector<std::string>& texts, ExitCode& code) {
    std::vector<std::string> isins;
    for (const std::string& text : texts) {
        const std::string isin = upper(trim(text));
        const Inspection inspection = Isin::inspect(isin);
        if (inspection.good()) {
            isins.push_back(isin);
        } else {
            log(LogLevel::error, "{}: no ISIN: {}", printable(text), describe(inspection.defect));
            code = ExitCode::data;
        }
    }
    return isins;
}

using Found = std::map<std::string, std::vector<StoredListing>>;

Found find_all(const ListingFilter& filter, Session& session) {
    Found found;
    if (!filter.isins.empty()) {
        const auto store = session.open_to_read();
        warn_of_pruned(*store, {}, filter.as_of);
        require_list_at(*store, {}, filter.as_of);
        for_each_listing(*store, filter, [&](const StoredListing& stored) {
            found[stored.listing.isin()].push_back(stored);
        });
        if (found.size() < filter.isins.size()) {
            warn_of_unread(session.config(), *store);
        }
    }
    return found;
}

void write_json(std::ostream& out, const std::vector<std::string>& isins, Found& found) {
    JsonWriter json(out);
    json.begin_array();
    for (const std::string& isin : isins) {
        const LeiClaims claims = lei_claims(found[isin]);
        for (const StoredListing& stored : found[isin]) {
            json.begin_object();
            write_listing_members(json, stored);
            write_json(json, claims);
            json.end_object();
        }
    }
    json.end_array();
    out << '\n';
}

void write_text(std::ostream& out, const std::vector<std::string>& isins, Found& found) {
    for (const std::string& isin : isins) {
        const auto& versions = found[isin];
        if (!versions.empty()) {
            out << isin << "  " << one_line(versions.front().listing[Field::name]) << '\n';
        }
        for (const StoredListing& stored : versions) {
            print_version(out, stored);
        }
        write_text(out, lei_claims(versions));
    }
}

ExitCode lookup(const LookupCommand& command, Session& session) {
    ExitCode code = ExitCode::ok;
    ListingFilter filter{.isins = valid_isins(command.isins, code),
                         .all_versions = command.history};
    if (!command.as_of.empty()) {
        filter.as_of = parse_moment(command.as_of);
    }
    Found found = find_all(filter, session);
    if (command.output == OutputFormat::json) {
        write_json(session.streams().out, filter.isins, found);
    } else {
        write_text(session.streams().out, filter.isins, found);
    }
    for (const std::string& isin : filter.isins) {
        if (found[isin].empty()) {
            log(LogLevel::error, "{}: in none of the stored lists", isin);
            code = worse(code, ExitCode::no_input);
        }
    }
    return code;
}

}  // namespace

void add_lookup(CLI::App& app, Action& action) {
    auto command = std::make_shared<LookupCommand>();
    CLI::App* lookup_app = app.add_subcommand("lookup", "Show what the stored lists say of ISINs");
    lookup_app->add_option("ISIN", command->isins, "ISINs to look up")->required()->type_name("");
    lookup_app->add_flag("--history", command->history, "Show superseded versions too");
    lookup_app
        ->add_option("--as-of", command->as_of, "As it was published on that day or at that time")
        ->type_name("DATE");
    add_output_format(*lookup_app, command->output);
    lookup_app->callback([command, &action] {
        action = [command](Session& session) { return lookup(*command, session); };
    });
}

}  // namespace isinfetch::cli
