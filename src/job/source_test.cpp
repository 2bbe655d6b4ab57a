#include "job/source_test.hpp"

#include "discover/sets.hpp"
#include "fetch/redirect.hpp"

#include <algorithm>
#include <chrono>

namespace isinfetch {

namespace {

constexpr std::size_t kDate = 10;         // YYYY-MM-DD
constexpr std::chrono::days kWindow{14};  // holds a weekly full list whenever it is asked
constexpr int kAttempts = 2;              // somebody is waiting

std::vector<RemoteFile> newest_of(const std::vector<RemoteFile>& files, SourceTest& test) {
    const Sets sets = sort_into_sets(files);
    for (const Incomplete& incomplete : sets.incomplete) {
        test.waiting.push_back(incomplete.why);
    }
    std::vector<RemoteFile> newest;
    for (const Role role : {Role::snapshot, Role::delta, Role::cancellations}) {
        const auto last = std::find_if(
            sets.complete.rbegin(), sets.complete.rend(), [&](const Publication& publication) {
                return publication.role == role;
            });
        if (last != sets.complete.rend()) {
            newest.insert(newest.end(), last->files.begin(), last->files.end());
        }
    }
    return newest;
}

std::vector<RemoteFile> find_files(const SourceConfig& source,
                                   const FetchEnvironment& environment,
                                   SourceTest& test,
                                   FetchTrace& trace) {
    DiscoverRequest request = discover_request(source);
    request.first_day = format_time(environment.now() - kWindow).substr(0, kDate);
    request.last_day = format_time(environment.now()).substr(0, kDate);
    const auto files = source.discovery->discover(request, environment, trace);
    return source.discovery->events ? newest_of(files, test) : files;
}

/// One question for each role: a full list may have dozens of parts.
bool is_asked_about(const std::vector<ProbedFile>& before, const RemoteFile& file) {
    return file.sha256.empty() && std::ranges::none_of(before, [&](const ProbedFile& each) {
               return each.file.role == file.role;
           });
}

void test_or_throw(const SourceConfig& source,
                   const FetchEnvironment& environment,
                   SourceTest& test,
                   FetchTrace& trace) {
    for (const RemoteFile& file : find_files(source, environment, test, trace)) {
        ProbedFile found{.file = file};
        if (is_asked_about(test.files, file)) {
            const FetchOptions options = options_for(source.url, file.url, source.fetch);
            found.probe = probe(file.url, options, environment, trace);
        }
        test.files.push_back(std::move(found));
    }
    if (test.files.empty()) {
        fail(ErrorKind::temporary,
             "{}: {}: nothing complete in the last {} days",
             source.name,
             redacted(source.url),
             kWindow.count());
    }
}

}  // namespace

SourceTest test_source(const SourceConfig& source, const FetchEnvironment& environment) {
    SourceConfig patient = source;
    patient.fetch.retry.attempts = std::min(source.fetch.retry.attempts, kAttempts);
    SourceTest test;
    FetchTrace trace;
    try {
        test_or_throw(patient, environment, test, trace);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) {
            throw;
        }
        test.error = error;
    }
    test.http_status = trace.http_status;
    test.attempts = trace.attempts;
    return test;
}

}  // namespace isinfetch
