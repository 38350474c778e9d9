#include "server/session/body_room.h"

namespace server {

bool BodyRoom::Share::grow_to(std::size_t bytes) {
  if (bytes <= bytes_) return true;
  if (!room_.take(address_, bytes - bytes_)) return false;
  bytes_ = bytes;
  return true;
}

bool BodyRoom::take(const PeerAddress& address, std::size_t bytes) {
  const std::scoped_lock lock(mutex_);
  if (all_ + bytes > all_max) return false;
  const auto known = of_address_.find(address);
  const std::size_t before = known == of_address_.end() ? 0 : known->second;
  if (!address.is_proxy() && before + bytes > of_one_max) return false;
  of_address_[address] = before + bytes;
  all_ += bytes;
  return true;
}

void BodyRoom::return_blocks(const PeerAddress& address, std::size_t bytes) {
  if (bytes == 0) return;
  const std::scoped_lock lock(mutex_);
  all_ -= bytes;
  const auto known = of_address_.find(address);
  known->second -= bytes;
  if (known->second == 0) of_address_.erase(known);
}

std::size_t BodyRoom::bytes() const {
  const std::scoped_lock lock(mutex_);
  return all_;
}

}  // namespace server
