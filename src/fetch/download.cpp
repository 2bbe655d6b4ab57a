#include "fetch/download.hpp"

#include "fetch/checksum.hpp"
#include "fetch/coding.hpp"
#include "fetch/exchange.hpp"
#include "fetch/partial_file.hpp"
#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

namespace isinfetch {

namespace {

/// Puts the body of an answer behind the bytes that are there, or in their place.
class Receiver final : public ByteSink {
public:
    Receiver(PartialFile& partial, std::string url, std::uint64_t max_bytes)
        : partial_(partial), url_(std::move(url)), max_bytes_(max_bytes) {}

    void begin(const HttpResponse& response) {
        check_coding(url_, response, Gzip::is_known);
        if (response.status == 200) {
            partial_.restart(response);
        } else if (response.status == 206) {
            const std::string why_not = partial_.why_not(response);
            misplaced_ = !why_not.empty();
            if (misplaced_) {
                fail(ErrorKind::protocol,
                     "{}: a piece of the file that was not asked for: {}",
                     url_,
                     why_not);
            }
            partial_.resume(response);
        }
    }

    void write(std::string_view bytes) override {
        if (partial_.size() + bytes.size() > max_bytes_) {
            fail(ErrorKind::data,
                 "{}: larger than {}: raise max_bytes if that is right",
                 url_,
                 format_size(max_bytes_));
        }
        partial_.write(bytes);
    }

    bool is_misplaced() const noexcept { return misplaced_; }

private:
    PartialFile& partial_;
    std::string url_;  ///< redacted
    std::uint64_t max_bytes_;
    bool misplaced_ = false;
};

Checksum checked(const RemoteFile& file) {
    if (const auto checksum = Checksum::parse(file.checksum)) {
        return *checksum;
    }
    fail(ErrorKind::config,
         "{}: checksum '{}' is neither md5: with 32 hexadecimal digits nor sha256: with 64",
         redacted(file.url),
         printable(file.checksum));
}

/// Bytes that the next run can go on with are worth their place on the disk.
bool is_worth_keeping(ErrorKind kind) {
    return kind == ErrorKind::temporary || kind == ErrorKind::interrupted ||
           kind == ErrorKind::permission || kind == ErrorKind::busy;
}

/// The way of one file, from the first request into the archive.
class FileDownload {
public:
    FileDownload(const RemoteFile& file,
                 const Validators& validators,
                 const std::filesystem::path& partial,
                 const FetchContext& context)
        : file_(file),
          validators_(validators),
          context_(context),
          announced_(file.checksum.empty() ? std::nullopt : std::optional(checked(file))),
          partial_(partial, file.url, announced_) {}

    Download run();

private:
    Download fetch_verified();
    HttpResponse attempt();
    std::optional<HttpResponse> resume();
    HttpResponse ask(Receiver& receiver);
    void check_complete(const HttpResponse& response);
    Download settle_unchanged();
    void check_content() const;
    bool has_announced_digest(const std::string& sha256);
    Download adopt(const std::string& sha256);
    std::string name() const { return redacted(file_.url); }

    const RemoteFile& file_;
    const Validators& validators_;
    const FetchContext& context_;
    std::optional<Checksum> announced_;
    PartialFile partial_;
    std::string digest_found_{};
};

Download FileDownload::run() {
    try {
        return fetch_verified();
    } catch (const Error& error) {
        if (!is_worth_keeping(error.kind()) || partial_.resume_if().empty()) {
            partial_.remove();
        }
        throw;
    }
}

/// A wrong digest gets one more chance, from the start: a file may change between two pieces.
Download FileDownload::fetch_verified() {
    for (int chances = 2; chances > 0; --chances) {
        const HttpResponse response = persist(file_.url, context_, [this] { return attempt(); });
        const bool is_confirmed = response.status == 304 && partial_.is_complete();
        if (response.status == 304 && !is_confirmed) {
            return settle_unchanged();
        }
        check_content();
        const std::string sha256 = partial_.sha256();
        if (has_announced_digest(sha256)) {
            return adopt(sha256);
        }
        partial_.remove();
    }
    fail(ErrorKind::data,
         "{}: checksum is {}, not {} as announced",
         name(),
         digest_found_,
         announced_->text());
}

/// Resumed where possible. When the server does not go along, the whole file at once: that is
/// nobody's failure and needs no wait.
HttpResponse FileDownload::attempt() {
    if (auto response = resume()) {
        return *response;
    }
    partial_.remove();
    Receiver receiver(partial_, name(), context_.options.max_bytes);
    return ask(receiver);
}

std::optional<HttpResponse> FileDownload::resume() {
    if (partial_.size() == 0 || partial_.resume_if().empty() || !context_.options.post.empty()) {
        return std::nullopt;
    }
    Receiver receiver(partial_, name(), context_.options.max_bytes);
    try {
        HttpResponse response = ask(receiver);
        return response.status == 416 ? std::nullopt : std::optional(std::move(response));
    } catch (const Error&) {
        if (receiver.is_misplaced()) {
            return std::nullopt;
        }
        throw;
    }
}

HttpResponse FileDownload::ask(Receiver& receiver) {
    HttpRequest request = make_request(file_.url, context_);
    request.question = context_.options.post.reveal();
    // Only GET can be conditional, and resumed. Source: RFC 9110 §13.1.2, §14.2.
    const bool is_get = request.question.empty();
    if (is_get) {
        request.etag = validators_.etag;
        request.last_modified = validators_.last_modified;
    }
    if (is_get && partial_.is_complete()) {
        // A run was ended between the last byte and the archive: it may still be the newest.
        request.etag = partial_.etag();
        request.last_modified = partial_.last_modified();
    } else if (is_get && partial_.size() > 0) {
        request.resume_from = partial_.size();
        request.resume_if = partial_.resume_if();
    }
    HttpResponse response =
        send(std::move(request), context_, receiver, [&](const HttpResponse& answer) {
            receiver.begin(answer);
        });
    check_complete(response);
    return response;
}

/// A server may send less than the rest that was asked for; the next attempt asks for more. What is
/// too long is of no use to it.
void FileDownload::check_complete(const HttpResponse& response) {
    const std::uint64_t size = partial_.size();
    const std::uint64_t length = partial_.length().value_or(size);
    if (response.status != 206 || size == length) {
        return;
    }
    if (size > length) {
        partial_.remove();
    }
    fail(ErrorKind::temporary, "{}: got {} of {} bytes", name(), size, length);
}

Download FileDownload::settle_unchanged() {
    partial_.remove();
    if (validators_.etag.empty() && validators_.last_modified.empty()) {
        fail(ErrorKind::protocol, "{}: HTTP 304 Not Modified without having been asked", name());
    }
    return {.unchanged = true};
}

void FileDownload::check_content() const {
    if (partial_.size() == 0) {
        fail(ErrorKind::data, "{}: empty", name());
    }
    const auto title = html_title(partial_.beginning());
    if (title && !context_.options.accept_html) {
        fail(
            ErrorKind::protocol, "{}: HTML where a list was expected (title '{}')", name(), *title);
    }
}

bool FileDownload::has_announced_digest(const std::string& sha256) {
    if (!announced_) {
        return true;
    }
    const bool md5 = announced_->algorithm == Digest::Algorithm::md5;
    const Checksum found{announced_->algorithm, md5 ? partial_.md5() : sha256};
    digest_found_ = found.text();
    return found.hex == announced_->hex;
}

Download FileDownload::adopt(const std::string& sha256) {
    const FetchEnvironment& environment = context_.environment;
    Download result{.sha256 = sha256,
                    .path = environment.archive.path(sha256),
                    .bytes = partial_.size(),
                    .etag = partial_.etag(),
                    .last_modified = partial_.last_modified()};
    if (environment.on_verified) {
        environment.on_verified(result);
    }
    environment.archive.adopt(partial_.path(), sha256);
    partial_.remove();
    return result;
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): six different things, each known to another caller.
Download download(const RemoteFile& file,
                  const std::string& source,
                  const FetchOptions& options,
                  const Validators& validators,
                  const FetchEnvironment& environment,
                  FetchTrace& trace) {
    check_url(file.url, options);
    const FetchContext context{options, environment, trace};
    const auto partial = environment.archive.partial(source, file.url);
    return FileDownload(file, validators, partial, context).run();
}

}  // namespace isinfetch
