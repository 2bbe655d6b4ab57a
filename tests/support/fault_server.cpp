#include "support/fault_server.hpp"

#include "util/text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace isinfetch::test {

namespace {

constexpr int kPollTime = 20;  // milliseconds until somebody looks whether the server stops

/// Bound to a free port of the loopback interface.
std::pair<Descriptor, std::uint16_t> bound_socket() {
    Descriptor descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const general = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor.get(), general, length) != 0 ||
        ::getsockname(descriptor.get(), general, &length) != 0) {
        throw std::runtime_error("cannot bind a socket to the loopback interface");
    }
    return {std::move(descriptor), ntohs(address.sin_port)};
}

bool is_readable(const Descriptor& descriptor) {
    pollfd wanted{.fd = descriptor.get(), .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, kPollTime) > 0;
}

/// False when the peer has gone.
bool send_all(const Descriptor& connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(connection.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// Closing then sends RST instead of FIN.
void arm_reset(const Descriptor& connection) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/// Until the peer closes or the server stops.
void hold(const Descriptor& connection, const std::atomic<bool>& stopping) {
    std::array<char, 256> buffer{};
    while (!stopping) {
        if (is_readable(connection) &&
            ::recv(connection.get(), buffer.data(), buffer.size(), 0) <= 0) {
            return;
        }
    }
}

/// None when the peer left before the end of its header.
std::optional<std::string> read_head(const Descriptor& connection,
                                     const std::atomic<bool>& stopping) {
    std::string head;
    std::array<char, 4096> buffer{};
    while (head.find("\r\n\r\n") == std::string::npos) {
        if (stopping) {
            return std::nullopt;
        }
        if (!is_readable(connection)) {
            continue;
        }
        const ssize_t count = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
        if (count <= 0) {
            return std::nullopt;
        }
        head.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return head;
}

SeenRequest parse_head(const std::string& head) {
    SeenRequest request;
    const auto lines = split(head, '\n');
    request.method = split(lines.front(), ' ').at(0);
    request.path = split(lines.front(), ' ').at(1);
    for (const std::string_view line : lines) {
        if (const std::size_t colon = line.find(": "); colon != std::string_view::npos) {
            request.headers[lower(line.substr(0, colon))] = trim(line.substr(colon + 2));
        }
    }
    return request;
}

std::string header(const SeenRequest& request, const std::string& name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? "" : found->second;
}

bool is_unchanged(const Page& page, const SeenRequest& request) {
    const std::string etag = header(request, "if-none-match");
    const std::string date = header(request, "if-modified-since");
    return etag.empty() ? !date.empty() && date == page.last_modified : etag == page.etag;
}

void apply_range(Page& page, const SeenRequest& request) {
    const std::string range = header(request, "range");
    const std::string condition = header(request, "if-range");
    const bool same =
        condition.empty() || condition == page.etag || condition == page.last_modified;
    if (!range.starts_with("bytes=") || !same || !page.ranges) {
        return;
    }
    std::size_t first = 0;
    std::from_chars(range.data() + 6, range.data() + range.size(), first);
    const std::size_t total = page.body.size();
    if (first >= total) {
        page.status = 416;
        page.headers.emplace_back("Content-Range", fmt::format("bytes */{}", total));
        page.body.clear();
        return;
    }
    page.status = 206;
    page.headers.emplace_back("Content-Range",
                              fmt::format("bytes {}-{}/{}", first, total - 1, total));
    page.body.erase(0, first);
}

/// What a server without faults makes of the conditions in a request.
void apply_conditions(Page& page, const SeenRequest& request) {
    if (page.status != 200) {
        return;
    }
    if (is_unchanged(page, request)) {
        page.status = 304;
        page.body.clear();
    } else {
        apply_range(page, request);
    }
}

std::string head_of(const Page& page) {
    std::string head = fmt::format("HTTP/1.1 {} Text\r\nConnection: close\r\n", page.status);
    const auto add = [&](std::string_view name, std::string_view value) {
        head += value.empty() ? "" : fmt::format("{}: {}\r\n", name, value);
    };
    add("ETag", page.etag);
    add("Last-Modified", page.last_modified);
    for (const auto& [name, value] : page.headers) {
        add(name, value);
    }
    if (page.fault == Fault::endless) {
        add("Transfer-Encoding", "chunked");
    } else if (page.status != 304) {
        add("Content-Length", std::to_string(page.body.size()));
    }
    return head + "\r\n";
}

void send_slowly(const Descriptor& connection,
                 const Page& page,
                 const std::atomic<bool>& stopping) {
    for (const char byte : page.body) {
        if (stopping || !send_all(connection, {&byte, 1})) {
            return;
        }
        std::this_thread::sleep_for(page.pause);
    }
}

void send_endlessly(const Descriptor& connection, const std::atomic<bool>& stopping) {
    const std::string chunk = "400\r\n" + std::string(0x400, 'x') + "\r\n";
    while (!stopping && send_all(connection, chunk)) {
    }
}

void send_body(const Descriptor& connection, const Page& page, const std::atomic<bool>& stopping) {
    const std::string_view start = std::string_view(page.body).substr(0, page.fault_after);
    switch (page.fault) {
        case Fault::none:
            send_all(connection, page.body);
            break;
        case Fault::no_answer:
            break;
        case Fault::stall:
            send_all(connection, start);
            hold(connection, stopping);
            break;
        case Fault::slow:
            send_slowly(connection, page, stopping);
            break;
        case Fault::reset:
            send_all(connection, start);
            // A reset overtakes what the peer has not read yet.
            std::this_thread::sleep_for(std::chrono::milliseconds{100});
            arm_reset(connection);
            break;
        case Fault::cut:
            send_all(connection, start);
            break;
        case Fault::endless:
            send_endlessly(connection, stopping);
            break;
    }
}

}  // namespace

FaultServer::FaultServer() {
    std::tie(listener_, port_) = bound_socket();
    if (::listen(listener_.get(), SOMAXCONN) != 0) {
        throw std::runtime_error("cannot listen on the loopback interface");
    }
    acceptor_ = std::thread([this] { accept_all(); });
}

FaultServer::~FaultServer() {
    stopping_ = true;
    acceptor_.join();
}

std::string FaultServer::url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

void FaultServer::add(const std::string& path, Page page) {
    const std::lock_guard lock(mutex_);
    pages_[path].push_back(std::move(page));
}

void FaultServer::clear(const std::string& path) {
    const std::lock_guard lock(mutex_);
    pages_.erase(path);
}

std::vector<SeenRequest> FaultServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void FaultServer::accept_all() {
    while (!stopping_) {
        if (!is_readable(listener_)) {
            continue;
        }
        Descriptor connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        connections_.emplace_back(
            [this, connection = std::move(connection)] { serve(connection); });
    }
    for (std::thread& connection : connections_) {
        connection.join();
    }
}

void FaultServer::serve(const Descriptor& connection) {
    const auto head = read_head(connection, stopping_);
    if (!head) {
        return;
    }
    const SeenRequest request = parse_head(*head);
    Page page = next_page(request);
    if (!page.raw.empty()) {
        send_all(connection, page.raw);
        return;
    }
    if (request.method == "HEAD") {
        page.status = page.head_status != 0 ? page.head_status : page.status;
        send_all(connection, head_of(page));
        return;
    }
    if (page.fault == Fault::none) {
        apply_conditions(page, request);
    }
    if (page.fault != Fault::no_answer && send_all(connection, head_of(page))) {
        send_body(connection, page, stopping_);
    }
}

Page FaultServer::next_page(const SeenRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const auto found = pages_.find(request.path);
    if (found == pages_.end()) {
        return {.status = 404};
    }
    Page page = found->second.front();
    if (found->second.size() > 1) {
        found->second.pop_front();
    }
    return page;
}

// The port was free a moment ago and nobody listens on it now.
std::string refused_url() {
    return fmt::format("http://127.0.0.1:{}/", bound_socket().second);
}

}  // namespace isinfetch::test
