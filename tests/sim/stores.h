#pragma once

#include "clients/core/log/memory_store.h"
#include "events/log/private_store.h"
#include "tests/sim/plants.h"
#include "tests/sim/random.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sim {

/// Where a device dies in its next write.
enum class WriteCrash : std::uint8_t { none, before_write, before_sync, after_write };

/// A device's store on a disk that can lose power.  A write that crashes answers storage_failed,
/// and only the disk knows what is on it.
class DeviceStore final : public clients::ClientStore {
 public:
  DeviceStore(Plant plant, Random& random) : plant_(plant), random_(random) {
    if (plant == Plant::device_early_ack) inner_.set_durable(false);
  }

  void arm(WriteCrash crash) { armed_ = crash; }
  WriteCrash take_crash() { return std::exchange(crashed_, WriteCrash::none); }
  void lose_power() { inner_.lose_unsynced(); }
  /// What an image of the disk holds.
  const clients::MemoryStore& image() const { return inner_; }
  /// The disk becomes a copy of an image.
  void restore(const clients::MemoryStore& image) {
    inner_ = image;
    inner_.sync();
    crashed_ = WriteCrash::none;
  }
  void calm() {
    inner_.sync();
    calm_ = true;
  }

  events::Result<void> commit(const clients::StoreChange& change) override;

  events::Result<std::optional<clients::Identity>> identity() const override {
    return inner_.identity();
  }
  events::Result<std::vector<clients::OwnEvent>> own_events() const override {
    return inner_.own_events();
  }
  events::Result<std::vector<std::uint64_t>> cuts() const override { return inner_.cuts(); }
  events::Result<std::vector<events::BlockReceipt>> receipts() const override {
    return inner_.receipts();
  }
  events::Result<std::vector<clients::ForeignBlock>> foreign_blocks() const override {
    return inner_.foreign_blocks();
  }
  events::Result<clients::PullState> pull_state() const override { return inner_.pull_state(); }
  events::Result<std::optional<clients::SnapshotBase>> base() const override {
    return inner_.base();
  }
  events::Result<std::optional<clients::SnapshotPart>> snapshot_part() const override {
    return inner_.snapshot_part();
  }
  events::Result<std::vector<clients::RecordName>> record_names() const override {
    return inner_.record_names();
  }
  events::Result<std::optional<events::PrivateRecord>> private_record(
      const events::Digest& digest) const override {
    return inner_.private_record(digest);
  }
  events::Result<std::vector<events::protocol::SignedReceipt>> signed_receipts() const override {
    return inner_.signed_receipts();
  }
  events::Result<std::vector<clients::Branch>> branches() const override {
    return inner_.branches();
  }
  events::Result<std::vector<clients::OwnEvent>> branch_events(
      events::ChainNumber chain) const override {
    return inner_.branch_events(chain);
  }
  events::Result<std::optional<clients::DeviceKey>> next_key() const override {
    return inner_.next_key();
  }
  events::Result<std::optional<events::Signature>> block_signature(
      std::uint64_t first_seq, std::uint64_t last_seq) const override {
    return inner_.block_signature(first_seq, last_seq);
  }
  events::Result<std::vector<events::UnitId>> private_homes() const override {
    return inner_.private_homes();
  }
  events::Result<std::vector<events::Digest>> private_digests() const override {
    return inner_.private_digests();
  }
  events::Result<std::optional<std::string>> setting(const std::string& name) const override {
    return inner_.setting(name);
  }

 private:
  Plant plant_;
  Random& random_;
  clients::MemoryStore inner_;
  WriteCrash armed_ = WriteCrash::none;
  WriteCrash crashed_ = WriteCrash::none;
  bool calm_ = false;
};

/// The server's private records, on the same power as its log.
class ServerPrivates final : public events::PrivateStore {
 public:
  void plant(Plant plant);

  void lose_power();
  /// All that is there, for a backup.
  const events::MemoryPrivateStore& copy() const { return inner_; }
  void restore(const events::MemoryPrivateStore& backup);

  events::Result<void> put(std::span<const events::PrivateRecord> records) override;
  events::Result<std::optional<events::PrivateRecord>> get(
      const events::Digest& digest) const override {
    return inner_.get(digest);
  }
  events::Result<bool> contains(const events::Digest& digest) const override {
    return inner_.contains(digest);
  }

 private:
  Plant plant_ = Plant::none;
  events::MemoryPrivateStore inner_;
  events::MemoryPrivateStore synced_;  // Only for the planted loss.
};

}  // namespace sim
