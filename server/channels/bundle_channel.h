#pragma once

#include "platform/net/transport.h"
#include "server/base/peer_address.h"
#include "server/base/task.h"
#include "server/session/services.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace server {

/// The head of a request whose body has not been read.
using RequestHead = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// Answers `POST /bundle`: the body is a bundle for the server, the answer the bundle for the
/// device that signed it, or a line `<error code>: <why>`.  Whoever hands it over needs no
/// identity. True: the connection may go on with another request.
///
///   200 the answer · 400 not a bundle, or tampered with · 403 the log does not know its signer
///   408 it comes too slowly · 413 too long · 503 too many at once, or the server cannot append
///
/// A place at the desk is taken when the beginning, which comes within ten seconds, is signed by a
/// device of the log; strangers hold none.
///
/// Memory: a block at a time; both bundles lie in files without names.
/// Expects: `head` names that target, and `services.bundles`.
Task<bool> answer_bundle(network::Transport& stream, boost::beast::flat_buffer& buffer,
                         RequestHead& head, Caller caller, Services& services);

}  // namespace server
