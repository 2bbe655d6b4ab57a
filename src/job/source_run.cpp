#include "job/source_run.hpp"

#include "job/list_run.hpp"

#include <new>

namespace isinfetch {

void run_source(const SourceConfig& source, RunContext& context, SourceReport& report) noexcept {
    report.source = source.name;
    ListRun run(source, context, report);
    try {
        run.run();
    } catch (const Error& error) {
        run.fail_with(error);
    } catch (const std::bad_alloc&) {
        run.fail_with(Error(ErrorKind::os, source.name + ": out of memory"));
    } catch (const std::exception& error) {
        run.fail_with(Error(ErrorKind::internal, source.name + ": " + error.what()));
    }
}

}  // namespace isinfetch
