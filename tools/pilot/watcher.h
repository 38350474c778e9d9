#pragma once

#include "tools/pilot/batch_recorder.h"

#include <atomic>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace pilot {

/// The city association: a device that stays connected on a thread of its own and says what it sees
/// arrive.
///
/// Thread: constructor, `stop` and destructor from one thread.
class Watcher {
 public:
  using Say = std::function<void(const std::string&)>;

  /// `device` must have the city's scope; `say` is called on the watcher's thread.
  Watcher(std::unique_ptr<clients::Device> device, Say say);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Waits until it has seen the log up to `position`, at most a minute, and ends the connection.
  /// Throws PlayError when the minute is over.
  std::unique_ptr<clients::Device> stop(events::Position position);

 private:
  void run();
  void tell();

  std::unique_ptr<clients::Device> device_;
  Say say_;
  std::atomic<std::uint64_t> seen_{0};
  std::atomic<bool> stopping_{false};
  std::exception_ptr failure_;
  std::string last_line_;
  std::thread thread_;
};

}  // namespace pilot
