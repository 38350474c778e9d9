#pragma once

#include "clients/core/sync_engine.h"

#include <ostream>
#include <string>

namespace clients {

/// A line that shows how far a synchronisation is; it is rewritten in place on a terminal.
class ProgressLine {
 public:
  /// Lifetime: `target` outlives the line.
  ProgressLine(std::ostream& target, bool on_terminal)
      : target_(target), on_terminal_(on_terminal) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const SyncProgress& progress);

 private:
  std::ostream& target_;
  bool on_terminal_;
  std::string shown_;
};

/// "Gửi 12/40 · đã có trả lời 12 · nhận tới 812/901".
std::string describe(const SyncProgress& progress);

}  // namespace clients
