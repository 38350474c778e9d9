#include "server/feed/packed_blocks.h"

#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"

#include <optional>
#include <utility>

namespace server {

std::shared_ptr<const events::Bytes> PackedBlocks::pack(const events::StoredBlock& block) {
  const Key key{block.first};
  if (auto kept = find(key)) return kept;
  // Two readers may compress the same block at once; both get the same bytes.
  auto bytes = std::make_shared<const events::Bytes>(events::pack_block(block));
  keep(key, bytes);
  return bytes;
}

std::shared_ptr<const events::Bytes> PackedBlocks::pack_live(const events::StoredBlock& block) {
  const Key key{block.first, true};
  if (auto kept = find(key)) return kept;
  std::optional<events::Bytes> packed = events::pack_live_block(block);
  if (!packed) return nullptr;
  auto bytes = std::make_shared<const events::Bytes>(std::move(*packed));
  keep(key, bytes);
  return bytes;
}

std::uint64_t PackedBlocks::packed() const {
  const std::lock_guard lock(mutex_);
  return packed_;
}

std::shared_ptr<const events::Bytes> PackedBlocks::find(Key key) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(key);
  if (place == places_.end()) return nullptr;
  order_.splice(order_.begin(), order_, place->second);
  return place->second->bytes;
}

void PackedBlocks::keep(Key key, const std::shared_ptr<const events::Bytes>& bytes) {
  const std::lock_guard lock(mutex_);
  ++packed_;
  if (places_.contains(key)) return;
  order_.push_front({key, bytes});
  places_.emplace(key, order_.begin());
  bytes_ += bytes->size();
  while (bytes_ > bytes_max_ && order_.size() > 1) {
    bytes_ -= order_.back().bytes->size();
    places_.erase(order_.back().key);
    order_.pop_back();
  }
}

}  // namespace server
