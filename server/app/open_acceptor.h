#pragma once

#include "events/base/result.h"
#include "server/app/config.h"
#include "server/base/executors.h"

#include <boost/asio/ip/tcp.hpp>

namespace server {

/// Listens where the operator chose.  Plain text beyond this machine needs the operator's leave;
/// everything that this server speaks, also the interface for other systems, stands behind it.
/// Errors: invalid_argument: not an IP address, or plain text without leave; io_failed.
events::Result<net::ip::tcp::acceptor> open_acceptor(const Config& config,
                                                     const net::any_io_executor& executor);

}  // namespace server
