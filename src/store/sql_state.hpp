// What PostgreSQL's codes of failure mean for whoever is on call. Pure.
#pragma once

#include "util/error.hpp"

#include <string_view>

namespace isinfetch {

/// Of an SQLSTATE (PostgreSQL's Appendix A, "PostgreSQL Error Codes"): temporary for lost
/// connections, locks and timeouts, permission for log-in and rights, io for a full or broken disk,
/// config for a database or schema that is not there, internal for wrong SQL.
ErrorKind kind_of_sql_state(std::string_view state) noexcept;

/// Of what a server says of a statement. A pooler has one code for all that it does not like: there
/// its text tells.
ErrorKind kind_of_complaint(std::string_view state, std::string_view message) noexcept;

/// The server only reads: a standby, or so set. Another one may be the right one.
bool is_read_only(std::string_view state) noexcept;

/// What is to be done about it, as the end of a message: ": …", empty when the message says it all.
/// `state` may be empty.
std::string_view remedy_for(std::string_view state, std::string_view message) noexcept;

/// Of the text with which a connection failed; PostgreSQL's client library gives no code but, when
/// asked to be verbose, one inside the text. Without one: what is wrong with TLS is protocol,
/// with the location config, with the password permission, all else temporary.
ErrorKind kind_of_failed_connection(std::string_view text) noexcept;

/// The first line of such a text, without "FATAL:", code and the like.
std::string_view plain_message(std::string_view text) noexcept;

}  // namespace isinfetch
