#include "job/source_run.hpp"

#include "job/event_run.hpp"
#include "job/list_run.hpp"
#include "util/foreign_error.hpp"

#include <memory>

namespace isinfetch {

namespace {

std::unique_ptr<SourceJob> make_job(const SourceConfig& source,
                                    RunContext& context,
                                    SourceReport& report) {
    if (source.discovery->events) {
        return std::make_unique<EventRun>(source, context, report);
    }
    return std::make_unique<ListRun>(source, context, report);
}

}  // namespace

void run_source(const SourceConfig& source, RunContext& context, SourceReport& report) noexcept {
    report.source = source.name;
    const auto job = make_job(source, context, report);
    try {
        job->run();
    } catch (const Error& error) {
        job->fail_with(error);
    } catch (const std::exception& error) {
        job->fail_with(error_of(error, source.name));
    }
    job->judge_list();
    job->end();
}

}  // namespace isinfetch
