// A module for Celery: one task, and for each source an entry of the beat schedule. Entries are
// crontabs in UTC: an interval starts anew with each restart of beat, and one of a day may never
// end.
#include "publish/scheduler_text.hpp"
#include "util/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

// Arguments: origin, command, deadline, limits in seconds, entries.
constexpr std::string_view kModule =
    R"(# isinfetch_celery.py: isinfetch as a task of Celery, and when beat sends it. On sys.path, then:
#   celery -A isinfetch_celery worker      and, once or on several hosts:
#   celery -A isinfetch_celery beat
# The broker comes from CELERY_BROKER_URL. A task that is sent twice does nothing the second time.
{origin}import json
import os
import subprocess

from celery import Celery
from celery.schedules import crontab

COMMAND = [{command}]
DEADLINE = "{deadline}"  # the program ends itself, with a report
SOFT_LIMIT = {soft_limit}  # seconds; else Celery ends it
HARD_LIMIT = {hard_limit}
TEMPORARY = 75  # EX_TEMPFAIL: network, 5xx, another run of the source

app = Celery("isinfetch")
app.conf.update(
    enable_utc=True,
    timezone="UTC",
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
)
if os.environ.get("CELERY_BROKER_URL", "").startswith("redis"):
    # Redis hands a task to another worker when nobody has finished it for so long.
    app.conf.broker_transport_options = {{"visibility_timeout": 4 * HARD_LIMIT}}


class RunFailed(Exception):
    """A run that ended with another status than 0."""


@app.task(
    bind=True,
    name="isinfetch.run",
    acks_late=True,  # a worker that dies with its host: another one takes over
    max_retries=4,  # then the next moment of the schedule is the repetition
    soft_time_limit=SOFT_LIMIT,
    time_limit=HARD_LIMIT,
)
def run(self, source):
    done = subprocess.run(
        COMMAND + ["run", "-o", "json", "--deadline", DEADLINE, source],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        check=False,
    )
    if done.returncode == 0:
        return json.loads(done.stdout)
    failure = RunFailed("%s: status %d: %s" % (source, done.returncode, done.stderr[-2000:]))
    if done.returncode == TEMPORARY:
        raise self.retry(exc=failure, countdown=min(600, 15 * 2**self.request.retries))
    raise failure


app.conf.beat_schedule = {{
{entries}}}
)";

constexpr std::string_view kEntry = R"(    {key}: {{
        "task": "isinfetch.run",
        "schedule": crontab(minute="{minutes}", hour="{hours}"),
        "args": [{source}],
        "options": {{"expires": {expires}}},
    }},
)";

std::string entries(const ScheduledSource& source, Timestamp now) {
    const Slots slots = shifted_slots(source, now);
    std::string text =
        fmt::format("    # {}: {}: {}\n", source.name, describe(source.cadence), describe(slots));
    const auto times = cron_times(slots);
    for (std::size_t i = 0; i < times.size(); ++i) {
        const std::string key = i == 0 ? "isinfetch-" + source.name
                                       : fmt::format("isinfetch-{}.{}", source.name, i + 1);
        // A task that no worker took is worth nothing once the next one is there.
        text += fmt::format(kEntry,
                            fmt::arg("key", json_quote(key)),
                            fmt::arg("minutes", times[i].minutes),
                            fmt::arg("hours", times[i].hours),
                            fmt::arg("source", json_quote(source.name)),
                            fmt::arg("expires", std::chrono::seconds{smallest_gap(slots)}.count()));
    }
    return text;
}

}  // namespace

std::vector<ScheduleFile> write_celery(const SchedulePlan& plan) {
    std::vector<std::string> command{plan.program};
    command.insert(command.end(), plan.options.begin(), plan.options.end());
    std::string all_entries;
    for (const ScheduledSource& source : plan.sources) {
        all_entries += entries(source, plan.now);
    }
    const auto limit = std::chrono::seconds{kRunLimit}.count();
    return {{.path = "isinfetch_celery.py",
             .text = fmt::format(kModule,
                                 fmt::arg("origin", made_by(plan)),
                                 fmt::arg("command", quoted_list(command)),
                                 fmt::arg("deadline", format_duration(kRunDeadline)),
                                 fmt::arg("soft_limit", limit),
                                 fmt::arg("hard_limit", limit + 60),
                                 fmt::arg("entries", all_entries))}};
}

}  // namespace isinfetch
