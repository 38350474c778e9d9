#pragma once

#include "platform/net/transport.h"
#include "server/base/peer_address.h"
#include "server/base/task.h"
#include "server/session/services.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <chrono>
#include <optional>

namespace server {

/// Answers plain HTTP requests on `stream` until the peer closes or asks for the WebSocket at /s;
/// that request is returned unanswered.
///
///   GET /health/live    200 while the process runs
///   GET /health/ready   200 while pushes are accepted and no table is known to be damaged, else
///   503
///                       with the reason
///   POST /s/x           frames of CS/1 for frames of CS/1, see http_exchange.h
///   POST /bundle        see answer_bundle()
///   GET /v1/…           the interface for other systems, see HttpApi
///   GET /, /…           the files of the page, see answer_page() and send_page()
///
/// HEAD is answered as GET without the body.  A page of another origin is refused at /s and /s/x.
/// A connection that has not proved a greeting lives for `timeout`, counted from the last file of
/// the page where it got one, and for `stranger_requests_max` requests; health is answered once.
///
/// `timeout`: for the head of each request.
Task<std::optional<boost::beast::http::request<boost::beast::http::empty_body>>> answer_http(
    network::Transport& stream, Caller caller, Services& services, std::chrono::seconds timeout);

inline constexpr int stranger_requests_max = 20;

}  // namespace server
