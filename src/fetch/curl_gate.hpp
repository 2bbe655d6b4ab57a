// What libcurl may connect to. Home of its questions about sockets and proxies.
#pragma once

#include "fetch/http.hpp"

#include <memory>
#include <string>

namespace isinfetch {

/// Stands before every connection of one transfer, behind the look-up of the name and whatever a
/// name leads to this time: new ones before they are opened, those that are open already (another
/// source's, with other addresses allowed) before the request is sent. Of a transfer through a
/// proxy it knows only what the URL says: the proxy looks up the name, and the user chose it.
class AddressGate {
public:
    /// `easy` is libcurl's handle; it and `request` must outlive the transfer, and the gate too.
    /// Decides about the proxy, so that libcurl does not. Throws Error{protocol} where a proxy is
    /// to connect to an address that is not allowed.
    AddressGate(void* easy, const HttpRequest& request);
    AddressGate(const AddressGate&) = delete;
    AddressGate& operator=(const AddressGate&) = delete;
    ~AddressGate();

    /// Why no connection was made, when that is the reason; for a sentence that begins with the
    /// URL.
    std::string refusal() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace isinfetch
