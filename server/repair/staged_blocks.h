#pragma once

#include "events/base/result.h"
#include "events/log/block.h"
#include "events/protocol/receipt_messages.h"
#include "server/commit/repair_batch.h"
#include "server/store/staging_store.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace server {

/// The most bytes of waiting rows of one device.  A row counts for the device that gave it first.
inline constexpr std::size_t staged_device_bytes_max = 32 * 1024 * 1024;
/// The most bytes of waiting rows of all devices.
inline constexpr std::size_t staged_bytes_max = 1024 * 1024 * 1024;
/// After so many false blocks nothing more is taken from a device.
inline constexpr std::uint32_t false_blocks_max = 3;

/// The key of a waiting block.  Two devices that give the same block name the same row.
struct StagedKey {
  events::Position first;
  events::Digest digest;  ///< Of the encoded block.
  bool operator==(const StagedKey&) const = default;
};

/// The digests of the private records that the events of a block name.
std::vector<events::Digest> records_named_by(const events::StoredBlock& block);

/// What devices gave back to a restored log: blocks, which wait until they are proved and inserted
/// or are given up, the receipts that prove the lost log, and how far each device has come.  Only
/// the repair reads them.
///
/// A device gives each position at most once, in ascending order.  So one position has at most as
/// many candidates as there are devices, and a false block hinders no other block.
///
/// State: the rows of the store, and in memory their places and their givers.
/// Thread: one at a time.
class StagedBlocks {
 public:
  /// How far a device has come.
  struct Giver {
    events::Position given_to;  ///< It gave everything that it has up to here.
    bool complete = false;      ///< It has nothing more to give.
    std::uint32_t false_blocks{};
    std::size_t bytes{};  ///< Waiting bytes of rows that it was the first to give.
  };
  struct Place {
    events::ChainNumber giver;
    events::Position last;
    bool is_signed = false;  ///< The block ends with a signature.
    std::size_t bytes{};
  };
  struct Candidate {
    StagedKey key;
    Place place;
  };

  /// Reads the rows of the store into memory, except for the bytes of blocks and records.
  /// Lifetime: the store outlives the object.
  /// Errors:  storage_corrupt, storage_failed.
  static events::Result<StagedBlocks> open(StagingStore& store);

  /// Keeps the blocks of a batch that stand above `head` and did not come before.  Blocks that
  /// exceed the bounds are not taken; `given_to` of the device then ends before them.
  /// Errors:  storage_failed: nothing was kept.
  events::Result<void> take(const RepairBatch& repair_batch, events::Position head);
  /// Keeps a receipt that was checked, when it is the newest of its epoch and chain.
  /// Errors:  storage_failed.
  events::Result<void> prove(const events::protocol::SignedReceipt& receipt);

  /// The blocks that begin at `first`, the likeliest first.  A longer block is likelier than a
  /// shorter one, then a signed block, then a block of a device that never gave a false one.
  std::vector<Candidate> candidates(events::Position first) const;
  /// Errors:  storage_corrupt, storage_failed.
  events::Result<events::StoredBlock> block(const StagedKey& key) const;
  /// Errors:  storage_corrupt, storage_failed.
  events::Result<std::optional<events::PrivateRecord>> record(const events::Digest& digest) const;

  /// Drops a block that turned out to be false, and counts it against the device that gave it.
  /// Errors:  storage_failed.
  events::Result<void> reject(const StagedKey& key);
  /// Drops the blocks that begin at `head` or before, because the log holds everything up to
  /// `head`.
  /// Errors:  storage_failed.
  events::Result<void> forget_to(events::Position head);
  /// Drops everything: the repair is over.
  /// Errors:  storage_corrupt, storage_failed.
  events::Result<void> clear();

  const std::map<events::ChainNumber, Giver>& givers() const { return givers_; }
  const std::vector<events::protocol::SignedReceipt>& proofs() const { return proofs_; }
  /// All waiting blocks, ascending by their first position.
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
