// Periodic batch jobs of Nomad, which asks itself for schedules in UTC. It cannot tell exit
// statuses apart: nothing is repeated at once, and the next moment is the repetition.
#include "publish/scheduler_text.hpp"
#include "util/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::string_view kJob = R"(job "{name}" {{
  type = "batch"

  periodic {{
    # {slots}
    crons            = [{crons}]
    prohibit_overlap = true
    time_zone        = "UTC"
  }}

  group "isinfetch" {{
    # 75 heals by waiting, whatever else ends a run needs a human: both wait for the next moment.
    restart {{
      attempts = 0
      mode     = "fail"
    }}

    reschedule {{
      attempts  = 0
      unlimited = false
    }}

    volume "state" {{
      type   = "host"
      source = "isinfetch-state"
    }}
{volume}
    task "run" {{
      {driver}
      kill_signal  = "SIGTERM"
      kill_timeout = "60s"

      config {{
        {command}
        args    = [{arguments}]
      }}

      volume_mount {{
        volume      = "state"
        destination = "/var/lib/isinfetch"
      }}
{mount}
      resources {{
        memory = 1024
      }}
    }}
  }}
}}
)";

constexpr std::string_view kConfigurationVolume = R"(
    volume "configuration" {
      type      = "host"
      source    = "isinfetch-configuration"
      read_only = true
    }
)";

constexpr std::string_view kConfigurationMount = R"(
      volume_mount {
        volume      = "configuration"
        destination = "/etc/isinfetch"
        read_only   = true
      }
)";

/// A text in HCL, where ${ and %{ begin an expression.
std::string hcl_quote(const std::string& text) {
    std::string quoted;
    const std::string json = json_quote(text);
    for (std::size_t i = 0; i < json.size(); ++i) {
        const bool is_mark = (json[i] == '$' || json[i] == '%') && json[i + 1] == '{';
        quoted += is_mark ? std::string(2, json[i]) : std::string(1, json[i]);
    }
    return quoted;
}

std::string hcl_list(const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& text : texts) {
        list += (list.empty() ? "" : ", ") + hcl_quote(text);
    }
    return list;
}

std::vector<std::string> crons(const Slots& slots) {
    std::vector<std::string> lines;
    for (const CronTime& time : cron_times(slots)) {
        lines.push_back(time.text());
    }
    return lines;
}

std::string job(const SchedulePlan& plan, const ScheduledSource& source, const std::string& name) {
    const Slots slots = shifted_slots(source, plan.now);
    const bool in_container = !plan.image.empty();
    std::vector<std::string> arguments;
    if (!in_container) {
        arguments = plan.options;
    }
    for (const std::string& word : {std::string("--state-dir"),
                                    std::string("/var/lib/isinfetch"),
                                    std::string("run"),
                                    std::string("--deadline"),
                                    format_duration(kRunDeadline),
                                    source.name}) {
        arguments.push_back(word);
    }
    const std::string command =
        in_container
            ? fmt::format("image   = {}\n        command = \"isinfetch\"", hcl_quote(plan.image))
            : "command = " + hcl_quote(plan.program);
    return fmt::format(
        kJob,
        fmt::arg("name", name),
        fmt::arg("slots", describe(source.cadence) + ": " + describe(slots)),
        fmt::arg("crons", hcl_list(crons(slots))),
        fmt::arg("volume", in_container ? kConfigurationVolume : std::string_view{}),
        fmt::arg("driver",
                 in_container ? "driver       = \"docker\""
                              : "driver       = \"exec\"\n      user         = \"isinfetch\""),
        fmt::arg("command", command),
        fmt::arg("arguments", hcl_list(arguments)),
        fmt::arg("mount", in_container ? kConfigurationMount : std::string_view{}));
}

}  // namespace

std::vector<ScheduleFile> write_nomad(const SchedulePlan& plan) {
    std::vector<ScheduleFile> files;
    for (const ScheduledSource& source : plan.sources) {
        const std::string name = "isinfetch-" + source.name;
        files.push_back(
            {.path = name + ".nomad.hcl",
             .text =
                 fmt::format("# {0}.nomad.hcl: runs isinfetch for {1}. A file holds one job:\n"
                             "# 'isinfetch schedule nomad --output-dir DIR' writes one for each.\n"
                             "{2}# nomad job run {0}.nomad.hcl (Nomad 1.6.2 or later). The client "
                             "offers the host volume{3}\n",
                             name,
                             source.name,
                             made_by(plan),
                             plan.image.empty()
                                 ? "\n# isinfetch-state; the exec driver shows /usr and /etc."
                                 : "s\n# isinfetch-state and isinfetch-configuration.") +
                 job(plan, source, name)});
    }
    return files;
}

}  // namespace isinfetch
