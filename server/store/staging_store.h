#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server {

/// Rows by key, on disk or in memory for tests: what devices gave back to a restored log and is not
/// proved yet.
///
/// Thread: one at a time.
class StagingStore {
 public:
  struct Change {
    std::vector<std::pair<std::string, events::Bytes>> puts;
    std::vector<std::string> erased;  ///< An absent row is no error.
  };
  using Visit = std::function<events::Result<void>(std::string_view key, events::ByteView row)>;

  virtual ~StagingStore() = default;
  /// Writes all of `change` or nothing.  On return it survives a power cut.
  /// Errors:  storage_failed.
  [[nodiscard]] virtual events::Result<void> write(const Change& change) = 0;
  virtual events::Result<std::optional<events::Bytes>> get(const std::string& key) const = 0;
  /// In order of the keys.
  /// Errors:  storage_corrupt, storage_failed, those of `visit`.
  virtual events::Result<void> each(const Visit& visit) const = 0;
};

/// For tests and the simulator.
class MemoryStagingStore final : public StagingStore {
 public:
  events::Result<void> write(const Change& change) override {
    for (const auto& [key, row] : change.puts) rows_.insert_or_assign(key, row);
    for (const std::string& key : change.erased) rows_.erase(key);
    return {};
  }
  events::Result<std::optional<events::Bytes>> get(const std::string& key) const override {
    const auto found = rows_.find(key);
    if (found == rows_.end()) return std::optional<events::Bytes>{};
    return std::optional<events::Bytes>{found->second};
  }
  events::Result<void> each(const Visit& visit) const override {
    for (const auto& [key, row] : rows_) {
      if (events::Result<void> done = visit(key, row); !done) return done;
    }
    return {};
  }

 private:
  std::map<std::string, events::Bytes> rows_;
};

}  // namespace server
