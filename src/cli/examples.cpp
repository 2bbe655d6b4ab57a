#include "cli/help.hpp"

#include <array>

namespace isinfetch::cli {

namespace {

// In the order of --help.
constexpr std::array kExamples{
    Example{"", "isinfetch sources --enable nse-equity", "Fetch this list from now on"},
    Example{"", "isinfetch run", "Fetch what is due; cheap when nothing is new"},
    Example{"", "isinfetch lookup US0378331005", "What every list says of an ISIN"},
    Example{"", "isinfetch doctor", "Why does it not work, and what helps?"},

    Example{"run", "isinfetch run", "All enabled sources that are due"},
    Example{"run", "isinfetch run --force nse-equity", "This one, due or not"},
    Example{"run", "isinfetch run --dry-run -o text nse-equity", "What would change"},
    Example{"run", "isinfetch run -o json", "The report for a program"},
    Example{"backfill",
            "isinfetch backfill --from 2026-11-20 --to 2026-11-24 esma-firds",
            "Five past days of FIRDS"},
    Example{"status", "isinfetch status", "All sources that are enabled or have a list"},
    Example{"status", "isinfetch status --max-age 36h", "For monitoring: 65 unless all are fresh"},
    Example{"schedule", "isinfetch schedule cron", "A file for /etc/cron.d"},
    Example{"schedule cron", "isinfetch schedule cron --user | crontab -", "For your own crontab"},
    Example{"schedule systemd",
            "isinfetch schedule systemd --output-dir units nse-equity",
            "Drop-ins for isinfetch@nse-equity.timer"},
    Example{"schedule kubernetes",
            "isinfetch schedule kubernetes --image registry.example/isinfetch:1",
            "A CronJob for each enabled source"},

    Example{"lookup", "isinfetch lookup US0378331005 CH0038863350", "What every list says"},
    Example{"lookup", "isinfetch lookup --as-of 2026-05-17 US0378331005", "What they said then"},
    Example{"list", "isinfetch list --country DE --cfi ES", "German ordinary shares"},
    Example{"list", "isinfetch list --mic XETR -o json", "One venue, as a JSON document"},
    Example{"list", "isinfetch list --source hkex --as-of 2026-05-17", "A past list"},
    Example{"diff", "isinfetch diff nse-equity", "What the newest list changed"},
    Example{"diff", "isinfetch diff nse-equity 2026-05-01 2026-05-31", "What a month changed"},
    Example{"changes", "isinfetch changes --since 7d --kind new", "New in a week, in all lists"},
    Example{"changes", "isinfetch changes --since 2026-05-01 -o csv hkex", "For a spreadsheet"},
    Example{"history", "isinfetch history --limit 10", "The last ten runs"},
    Example{"history", "isinfetch history US0378331005", "All versions of one ISIN"},
    Example{"rollback", "isinfetch rollback --dry-run nse-equity", "What would be undone"},
    Example{"verify", "isinfetch verify", "65 if anything is wrong"},
    Example{"prune", "isinfetch prune --dry-run", "What 'keep' lets go"},
    Example{"backup", "isinfetch backup isinfetch-copy.db", "A copy while runs go on"},
    Example{"export",
            "isinfetch export --output isins.csv",
            "All lists, with their terms beside the file"},
    Example{"export", "isinfetch export --format jsonl hkex | gzip > hkex.jsonl.gz", "One list"},

    Example{"check", "isinfetch check US0378331005 USO378331005", "Right, and wrong: why"},
    Example{"check", "isinfetch check --quiet -f isins.txt", "0: all are right; 65: some are not"},
    Example{"check", "isinfetch check --as lei 5493001KJTIIGC8Y1R12", "Other identifiers"},
    Example{"convert", "isinfetch convert --to cusip US0378331005", "037833100"},
    Example{"convert", "isinfetch convert --from sedol -f sedols.txt", "ISINs of the UK"},

    Example{"sources", "isinfetch sources nse-equity hkex", "Two of them"},
    Example{"sources", "isinfetch sources --enable nse-equity hkex", "Fetch them from now on"},
    Example{"sources test", "isinfetch sources test nse-equity", "Is its file still there?"},
    Example{"formats", "isinfetch formats", "What 'format' and 'discovery' may be"},
    Example{"config", "isinfetch config check", "Names the line of every mistake"},
    Example{"config show", "isinfetch config show --origin", "And where each value was set"},
    Example{"store", "isinfetch store info", "Where it is and how large"},
    Example{"store lease", "isinfetch store lease", "Which host works on what, and since when"},
    Example{"store lease", "isinfetch store lease --break firds", "The one that has it hangs"},
    Example{"store copy",
            "isinfetch store copy sqlite:isinfetch.db postgresql:///isinfetch",
            "From a file to a server"},
    Example{"doctor", "isinfetch doctor --offline", "Without the network"},
    Example{"completion", "source <(isinfetch completion bash)", "For the shell you are in"},
    Example{"help", "isinfetch help config show", "The same as 'isinfetch config show --help'"},
};

}  // namespace

std::span<const Example> examples() noexcept {
    return kExamples;
}

}  // namespace isinfetch::cli
