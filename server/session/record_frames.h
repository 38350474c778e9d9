#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/log/private_store.h"

#include <list>
#include <optional>

namespace server {

/// Private records that a reader is to get, as many to a PRIVATE frame as fit.
///
/// Thread: one at a time.
class RecordFrames {
 public:
  /// Lifetime: `store` outlives the object.
  explicit RecordFrames(const events::PrivateStore& store) : store_(store) {}

  void add(const events::Digest& digest) { waiting_.push_back(digest); }
  /// The next whole frame; nothing when none are left but those that were erased.
  /// Errors:  storage_failed, storage_corrupt.
  events::Result<std::optional<events::Bytes>> next();

 private:
  const events::PrivateStore& store_;
  std::list<events::Digest> waiting_;
};

}  // namespace server
