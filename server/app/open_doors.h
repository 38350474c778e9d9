#pragma once

#include "events/base/result.h"
#include "server/app/config.h"
#include "server/channels/listener.h"

#include <boost/asio/any_io_executor.hpp>

#include <vector>

namespace server {

/// Listens where the operator chose, --listen first.  Plain text beyond this machine needs the
/// operator's leave; everything that this server speaks, also the interface for other systems,
/// stands behind it.  --listen-plain is for browsers on this machine, which take plain text from
/// there for as safe as TLS.
/// Errors: invalid_argument: not an IP address, or plain text or the folder of --page where others
///         reach it; io_failed.
events::Result<std::vector<Door>> open_doors(const Config& config,
                                             const net::any_io_executor& executor);

}  // namespace server
