#pragma once

#include "server/commit/committer.h"
#include "server/task.h"

#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <optional>

namespace server {

/// Answers plain HTTP requests on `stream` until the peer closes or asks for the WebSocket at /s;
/// that request is returned unanswered.
///
///   GET /health/live    200 while the process runs
///   GET /health/ready   200 while pushes are accepted, else 503 with the reason
Task<std::optional<boost::beast::http::request<boost::beast::http::empty_body>>> answer_http(
    boost::beast::tcp_stream& stream, const Committer& committer);

}  // namespace server
