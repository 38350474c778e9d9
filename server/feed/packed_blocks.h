#pragma once

#include "events/base/bytes.h"
#include "events/log/block.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>

namespace server {

/// Stored blocks in the form that travels: each is compressed when its first reader gets it, and
/// every other reader is sent the same bytes.
///
/// State: the blocks asked for last, up to `bytes_max` of them.
/// Thread: any.
class PackedBlocks {
 public:
  static constexpr std::size_t bytes_max_by_default = 16 << 20;

  explicit PackedBlocks(std::size_t bytes_max = bytes_max_by_default) : bytes_max_(bytes_max) {}

  /// Expects: `block` is of the one log this object is for, as it is stored.
  std::shared_ptr<const events::Bytes> pack(const events::StoredBlock& block);
  /// The same block for a reader at the head; null when it has to travel as a whole.
  std::shared_ptr<const events::Bytes> pack_live(const events::StoredBlock& block);

  /// Blocks compressed so far.
  std::uint64_t packed() const;

 private:
  struct Key {
    events::Position first;
    bool live = false;
    auto operator<=>(const Key&) const = default;
  };
  struct Kept {
    Key key;
    std::shared_ptr<const events::Bytes> bytes;
  };
  using Order = std::list<Kept>;

  std::shared_ptr<const events::Bytes> find(Key key);
  void keep(Key key, const std::shared_ptr<const events::Bytes>& bytes);

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  Order order_;  // The one asked for last comes first.
  std::map<Key, Order::iterator> places_;
  std::size_t bytes_ = 0;
  std::uint64_t packed_ = 0;
};

}  // namespace server
