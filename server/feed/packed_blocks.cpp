#include "server/feed/packed_blocks.h"

#include "events/compression/wire_block.h"

#include <utility>

namespace server {

std::shared_ptr<const events::Bytes> PackedBlocks::pack(const events::StoredBlock& block) {
  if (auto kept = find(block.first)) return kept;
  // Two readers may compress the same block at once; both get the same bytes.
  auto bytes = std::make_shared<const events::Bytes>(events::pack_block(block));
  keep(block.first, bytes);
  return bytes;
}

std::uint64_t PackedBlocks::packed() const {
  const std::lock_guard lock(mutex_);
  return packed_;
}

std::shared_ptr<const events::Bytes> PackedBlocks::find(events::Position first) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(first);
  if (place == places_.end()) return nullptr;
  order_.splice(order_.begin(), order_, place->second);
  return place->second->bytes;
}

void PackedBlocks::keep(events::Position first, const std::shared_ptr<const events::Bytes>& bytes) {
  const std::lock_guard lock(mutex_);
  ++packed_;
  if (places_.contains(first)) return;
  order_.push_front({first, bytes});
  places_.emplace(first, order_.begin());
  bytes_ += bytes->size();
  while (bytes_ > bytes_max_ && order_.size() > 1) {
    bytes_ -= order_.back().bytes->size();
    places_.erase(order_.back().first);
    order_.pop_back();
  }
}

}  // namespace server
