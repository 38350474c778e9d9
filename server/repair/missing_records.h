#pragma once

#include "events/base/result.h"
#include "events/log/block.h"
#include "events/log/event_log.h"
#include "events/log/private_store.h"

#include <cstddef>
#include <set>
#include <span>
#include <vector>

namespace server {

/// Private records that blocks name which a restored log has again, and that nobody has given:
/// whoever gives a block may not hold the names in it.
///
/// Memory: 32 bytes a record and the tree's nodes.
/// Thread: one at a time.
class MissingRecords {
 public:
  /// Looks through what the log has above `restored`.
  /// Lifetime: `privates` outlives the object.
  /// Errors:  storage_corrupt, storage_failed.
  static events::Result<MissingRecords> find(const events::EventLog& log,
                                             const events::PrivateStore& privates,
                                             events::Position restored);

  /// The log has these blocks again.
  /// Errors:  storage_failed.
  events::Result<void> note(std::span<const events::StoredBlock> blocks);
  /// Those of `given` that are missing.
  std::vector<events::PrivateRecord> wanted(std::span<const events::PrivateRecord> given) const;
  /// They are stored.
  void forget(std::span<const events::PrivateRecord> stored);

  std::size_t size() const { return missing_.size(); }

 private:
  explicit MissingRecords(const events::PrivateStore& privates) : privates_(&privates) {}

  const events::PrivateStore* privates_;
  std::set<events::Digest> missing_;
};

}  // namespace server
