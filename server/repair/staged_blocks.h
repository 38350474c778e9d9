#pragma once

#include "events/block.h"
#include "events/protocol/receipt_messages.h"
#include "events/result.h"
#include "server/repair/repair_batch.h"
#include "server/repair/staging_store.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace server {

/// What one device may have waiting, in bytes of rows that it was the first to give.
inline constexpr std::size_t staged_device_bytes_max = 32 * 1024 * 1024;
/// What all of them may.
inline constexpr std::size_t staged_bytes_max = 1024 * 1024 * 1024;
/// Blocks of a device that turned out to be false; then nothing more is taken from it.
inline constexpr std::uint32_t false_blocks_max = 3;

/// A block that waits.  Two devices that give the same block name the same row.
struct StagedKey {
  events::Position first;
  events::Digest digest;  ///< Of the encoded block.
  bool operator==(const StagedKey&) const = default;
};

/// The private records that the events of a block name.
std::vector<events::Digest> records_named_by(const events::StoredBlock& block);

/// Blocks that devices gave back to a restored log, the receipts that prove how it was, and how far
/// each device has come, until they are proved and inserted, or given up.  Nobody else sees them.
///
/// A device gives each position at most once, in ascending order.  So of one position there are at
/// most as many candidates as devices, and a false block stands in the way of nothing but itself.
///
/// State: the store's rows, and in memory where they stand and whose they are.
/// Thread: one at a time.
class StagedBlocks {
 public:
  /// How far a device has come.
  struct Giver {
    events::Position given_to;  ///< It gave everything it has up to here.
    bool complete = false;      ///< It has nothing more.
    std::uint32_t false_blocks{};
    std::size_t bytes{};  ///< That wait, of those it was the first to give.
  };
  struct Place {
    events::ChainNumber giver;
    events::Position last;
    bool is_signed = false;  ///< A signature ends with the block.
    std::size_t bytes{};
  };
  struct Candidate {
    StagedKey key;
    Place place;
  };

  /// Reads the index.
  /// Lifetime: the store outlives the object.
  /// Errors:  storage_corrupt, storage_failed.
  static events::Result<StagedBlocks> open(StagingStore& store);

  /// Keeps what stands above `head` and did not come before; what exceeds the bounds is left, and
  /// `given_to` says so.
  /// Errors:  storage_failed: nothing was kept.
  events::Result<void> take(const RepairBatch& repair_batch, events::Position head);
  /// Keeps a receipt that was checked.
  /// Errors:  storage_failed.
  events::Result<void> prove(const events::protocol::SignedReceipt& receipt);

  /// The blocks that begin at `first`, the likeliest first: the longer one, the signed one, the one
  /// of a device that never gave a false one.
  std::vector<Candidate> candidates(events::Position first) const;
  /// Errors:  storage_corrupt, storage_failed.
  events::Result<events::StoredBlock> block(const StagedKey& key) const;
  /// Errors:  storage_corrupt, storage_failed.
  events::Result<std::optional<events::PrivateRecord>> record(const events::Digest& digest) const;

  /// A block turned out to be false: drops it and remembers whose it was.
  /// Errors:  storage_failed.
  events::Result<void> reject(const StagedKey& key);
  /// The log holds everything up to `head`.
  /// Errors:  storage_failed.
  events::Result<void> forget_to(events::Position head);
  /// Errors:  storage_failed.
  events::Result<void> clear();

  const std::map<events::ChainNumber, Giver>& givers() const { return givers_; }
  const std::vector<events::protocol::SignedReceipt>& proofs() const { return proofs_; }
  /// All that wait, ascending.
  const std::map<events::Position, std::map<events::Digest, Place>>& places() const {
    return places_;
  }
  std::size_t bytes() const { return bytes_; }

 private:
  explicit StagedBlocks(StagingStore& store) : store_(&store) {}
  events::Result<void> read_row(std::string_view key, events::ByteView row);
  void note(const StagedKey& key, const Place& place);
  void forget(const StagedKey& key);
  void note(const events::protocol::SignedReceipt& receipt);

  StagingStore* store_;
  std::map<events::Position, std::map<events::Digest, Place>> places_;
  std::map<events::ChainNumber, Giver> givers_;
  std::vector<events::protocol::SignedReceipt> proofs_;  // The newest of each epoch and chain.
  std::map<std::string, std::pair<events::ChainNumber, std::size_t>> records_;  // By key.
  std::size_t bytes_ = 0;
};

}  // namespace server
