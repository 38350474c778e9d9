#pragma once

#include "events/protocol/file_messages.h"

#include <cstddef>
#include <mutex>
#include <set>
#include <vector>

namespace server {

/// Files that somebody asked for and that are still on the device that made them.  Kept in memory
/// only: whoever wants a file asks again in each session until it is there.
///
/// Thread: any.
class FileWants {
 public:
  static constexpr std::size_t wants_max = 4'096;

  void note(const events::protocol::FileName& file) {
    const std::scoped_lock lock(mutex_);
    if (files_.size() < wants_max) files_.insert(file);
  }
  void forget(const events::protocol::FileName& file) {
    const std::scoped_lock lock(mutex_);
    files_.erase(file);
  }
  /// Those that the device of `chain` has.
  std::vector<events::protocol::FileName> of(events::ChainNumber chain) const {
    const std::scoped_lock lock(mutex_);
    std::vector<events::protocol::FileName> found;
    for (const events::protocol::FileName& file : files_) {
      if (file.attached.chain() == chain) found.push_back(file);
    }
    return found;
  }

 private:
  mutable std::mutex mutex_;
  std::set<events::protocol::FileName> files_;
};

}  // namespace server
