#pragma once

#include "events/base/result.h"
#include "events/log/event_log.h"

#include <cstdint>
#include <functional>
#include <string>

namespace server {

/// Told how far a long piece of work has come: `done` of `all` units of `what`.
using OnProgress = std::function<void(const char* what, std::uint64_t done, std::uint64_t all)>;

/// Who a log says it is, read from its founding.
struct LogName {
  std::string origin;
  events::PublicKey server_key;
};
/// Errors: not_found: the log is not founded; storage_corrupt.
events::Result<LogName> name_of_log(const events::EventLog& log);

/// Verifies a log as khuyenhoc-audit does, by the same code: chains, signatures, tree, verdicts and
/// what the server owed.
///
/// Errors: storage_corrupt: the message names the first position and what is wrong there.
/// Cost:   10 to 20 µs an event, and the memory of its state.
events::Result<void> check_whole_log(const events::EventLog& log, const OnProgress& on_progress);

}  // namespace server
