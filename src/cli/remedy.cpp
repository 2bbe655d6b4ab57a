#include "cli/remedy.hpp"

#include "cli/doctor_facts.hpp"

#include <fmt/format.h>

namespace isinfetch::cli {

namespace {

constexpr int kNotFound = 404;
constexpr int kGone = 410;

std::string new_address(const SourceConfig& source) {
    return fmt::format("\n  what to do: look for its new address{} and set 'sources.{}.url'",
                       source.homepage.empty() ? "" : " on " + source.homepage,
                       source.name);
}

std::string look_and_compare(const SourceConfig& source,
                             const std::optional<std::filesystem::path>& aside) {
    return fmt::format("{}\n  compare: isinfetch run -n -o text --accept-shrink {} {}",
                       aside ? "\n  the file: " + aside->native() : "",
                       source.name,
                       source.name);
}

}  // namespace

std::string remedy(const SourceReport& report,
                   const SourceConfig& source,
                   const std::optional<std::filesystem::path>& aside) {
    if (!report.error) {
        return "";
    }
    if (report.status == SourceStatus::refused) {
        return look_and_compare(source, aside);
    }
    if (!report.cooldown_until) {
        if (std::string waiting = advice_on_75(*report.error); !waiting.empty()) {
            return waiting;
        }
    }
    const bool is_gone = report.http_status == kNotFound || report.http_status == kGone;
    return report.error->kind() == ErrorKind::gone && is_gone ? new_address(source) : "";
}

std::string advice_on_75(const Error& error) {
    switch (error.kind()) {
        case ErrorKind::busy:
            return "\n  what to do: nothing: somebody else is doing it";
        case ErrorKind::temporary:
            return "\n  what to do: try again; the next run does";
        default:
            return "";
    }
}

std::string owner_remark(const DirectoryFacts& facts) {
    const bool is_foreign = facts.exists && !facts.owner.empty() && facts.owner != facts.user;
    return is_foreign && !facts.asked_by_root
               ? fmt::format(
                     ": {} belongs to '{}'; you are '{}': run as that user, or give"
                     " --state-dir",
                     facts.path,
                     facts.owner,
                     facts.user)
               : "";
}

Error with_owner(const Error& error, const std::filesystem::path& state_dir) {
    const bool is_refusal =
        error.kind() == ErrorKind::permission || error.kind() == ErrorKind::cannot_create;
    const std::string text = error.what();
    const bool is_about_it = text.find(state_dir.native()) != std::string::npos;
    return is_refusal && is_about_it
               ? Error(error.kind(), text + owner_remark(look_at_owner(state_dir)))
               : error;
}

}  // namespace isinfetch::cli
