#pragma once

#include "events/base/result.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace server {

/// Reads the tables of open databases once and compares their checksums, so that a damaged one is
/// known before a reader meets it.  Tables that come later were written, and checked, by this
/// process.  The first damage ends the check: a restore brings everything back.
///
/// State: begun by `start`; over when all tables were read, at the first damage, or when stopped.
/// Thread: `start` and `stop` one; the rest any.  Reading has a thread of its own, which yields to
///         all others and rests as long as it has read.
class TableCheck {
 public:
  /// `databases`: their directories; health names them by their last part.
  explicit TableCheck(std::vector<std::filesystem::path> databases);
  /// Stops.
  ~TableCheck();
  TableCheck(const TableCheck&) = delete;
  TableCheck& operator=(const TableCheck&) = delete;

  /// Expects: that it was not called before.
  void start();
  /// Returns when the table that is being read is done.
  void stop();

  /// What is damaged and what to do, without paths: strangers hear it.  Nothing as long as none was
  /// found.
  std::optional<events::Error> trouble() const;
  /// Whether nothing more will be found.
  bool is_over() const;

 private:
  void run(const std::stop_token& stop);
  /// False: a table is damaged, or it was told to stop.
  bool check_database(const std::filesystem::path& database, const std::stop_token& stop);
  bool rest(std::chrono::steady_clock::duration time, const std::stop_token& stop);
  void note(const std::filesystem::path& database, const events::Error& why);

  const std::vector<std::filesystem::path> databases_;
  mutable std::mutex mutex_;
  std::condition_variable_any stopping_;
  std::optional<events::Error> trouble_;
  bool is_over_ = false;
  std::size_t checked_ = 0;  // Of the thread only.
  std::jthread thread_;      // Ends before what it uses.
};

}  // namespace server
