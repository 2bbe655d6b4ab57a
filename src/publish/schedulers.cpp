#include "publish/scheduler.hpp"

#include <array>

namespace isinfetch {

// One per file scheduler_*.cpp.
std::vector<ScheduleFile> write_systemd(const SchedulePlan& plan);
std::vector<ScheduleFile> write_cron(const SchedulePlan& plan);
std::vector<ScheduleFile> write_anacron(const SchedulePlan& plan);
std::vector<ScheduleFile> write_kubernetes(const SchedulePlan& plan);
std::vector<ScheduleFile> write_nomad(const SchedulePlan& plan);
std::vector<ScheduleFile> write_celery(const SchedulePlan& plan);

namespace {

constexpr std::array kSchedulers{
    Scheduler{"systemd", "Print drop-ins for the timers isinfetch@SOURCE.timer", write_systemd},
    Scheduler{.name = "cron",
              .summary = "Print a file for /etc/cron.d, or lines for crontab(1)",
              .write = write_cron,
              .has_user_crontab = true},
    Scheduler{"anacron", "Print lines for /etc/anacrontab", write_anacron},
    Scheduler{.name = "kubernetes",
              .summary = "Print a CronJob per source, with volume and configuration",
              .write = write_kubernetes,
              .has_image = true},
    Scheduler{.name = "nomad",
              .summary = "Print a periodic job per source",
              .write = write_nomad,
              .has_image = true},
    Scheduler{"celery", "Print a Python module with a task and its beat schedule", write_celery},
};

}  // namespace

std::span<const Scheduler> schedulers() noexcept {
    return kSchedulers;
}

}  // namespace isinfetch
