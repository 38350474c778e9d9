#pragma once

#include "events/base/result.h"
#include "server/backup/whole_log.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

namespace server {

/// How the operator speaks to a running server: a socket in the data directory that only the
/// server's user may open.  One line of JSON asks, `{"do":"backup", …}`; lines with "progress"
/// follow, and a last one with "done" or "error".  One request at a time, on a thread of its own; a
/// caller that is slower than `patience` is left.
/// Format:  docs/operations.md.
class ControlSocket {
 public:
  /// Does what a request asks and says what came of it.
  /// Thread: the socket's.
  using Serve = std::function<events::Result<boost::json::object>(
      const boost::json::object& request, const OnProgress& on_progress)>;

  /// How long a caller may take for its request, and for each line of the answer.
  static constexpr std::chrono::milliseconds patience_usual{5'000};

  /// Expects: this process has locked the data directory.
  /// Errors:  io_failed.
  static events::Result<std::unique_ptr<ControlSocket>> open(
      const std::filesystem::path& data, Serve serve,
      std::chrono::milliseconds patience = patience_usual);
  /// Takes no more requests and waits for the one at work.
  ~ControlSocket();

 private:
  struct Parts;
  explicit ControlSocket(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Asks the server that runs on a data directory.
/// Errors: not_found: none runs there; io_failed: it ended meanwhile; and what it answers.
events::Result<boost::json::object> ask_running_server(const std::filesystem::path& data,
                                                       const boost::json::object& request,
                                                       const OnProgress& on_progress);

}  // namespace server
