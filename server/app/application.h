#pragma once

#include "events/base/result.h"
#include "server/app/config.h"

#include <memory>

namespace server {

/// The whole server: opens the data, starts the threads, serves until it is told to stop.
class Application {
 public:
  /// Opens and recovers everything and listens; serves nobody yet.
  /// Errors: those of the data directory and the stores; invalid_argument: an address that cannot
  ///         be listened on, or plain text beyond this machine without leave.
  static events::Result<std::unique_ptr<Application>> open(const Config& config);
  ~Application();

  /// Serves until SIGTERM or SIGINT, then says goodbye to everybody, finishes the commit in
  /// flight, saves a checkpoint and returns.  A second signal ends the process at once.
  void run();

 private:
  struct Parts;
  explicit Application(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace server
