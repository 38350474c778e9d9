#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/log/block.h"
#include "server/commit/bundle_transit.h"
#include "server/commit/pushed_run.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace server {

/// Runs of one chain that may wait for those before them, in bytes.
inline constexpr std::size_t parked_chain_bytes_max = 4 * 1024 * 1024;
/// Runs of all chains together.
inline constexpr std::size_t parked_bytes_max = 256 * 1024 * 1024;

/// Where a run stands.
struct ParkedKey {
  events::ChainNumber chain;
  std::uint64_t first_seq{};

  auto operator<=>(const ParkedKey&) const = default;
};

/// Keeps parked runs on disk, or in memory for tests.
///
/// Thread: one at a time.
class ParkingStore {
 public:
  using Visit = std::function<events::Result<void>(const ParkedKey&, events::ByteView row)>;

  virtual ~ParkingStore() = default;
  /// On return the row survives a power cut.
  /// Errors:  storage_failed.
  virtual events::Result<void> put(const ParkedKey& key, events::ByteView row) = 0;
  /// An absent row is no error.
  virtual events::Result<void> erase(const ParkedKey& key) = 0;
  virtual events::Result<std::optional<events::Bytes>> get(const ParkedKey& key) const = 0;
  /// Errors:  storage_corrupt, storage_failed, those of `visit`.
  virtual events::Result<void> each(const Visit& visit) const = 0;
};

/// Runs that came by bundle before the runs they follow.  They are authentic and wait, without a
/// verdict and without being acknowledged, until the gap before them closes, whichever way.
///
/// State: the store's rows, and in memory where they stand.  A row is dropped when the log holds
/// its events; one that a crash left behind is dropped the next time.
/// Thread: one at a time.
class ParkedRuns {
 public:
  /// Reads the index.
  /// Lifetime: the store outlives the object.
  /// Errors:  storage_corrupt, storage_failed.
  static events::Result<ParkedRuns> open(ParkingStore& store);

  /// Keeps a run that came by bundle.  Keeping it again changes nothing.
  /// Expects: `run.transit`, and that check_run() made the run.
  /// Errors:  busy: too many bytes wait; storage_failed.
  events::Result<void> park(const PushedRun& run);

  struct Waiting {
    events::DeviceBlock block;
    events::Timestamp device_time;
    BundleTransit transit;
  };
  /// The parked run that holds event `seq`, where a chain goes on.
  /// Errors:  storage_corrupt, storage_failed.
  events::Result<std::optional<Waiting>> holding(events::ChainNumber chain,
                                                 std::uint64_t seq) const;
  /// Forgets what the log holds: runs of the chain that end at `seq` or before.
  void drop_known(events::ChainNumber chain, std::uint64_t seq);
  /// Forgets a run that does not fit the chain.
  void drop(events::ChainNumber chain, std::uint64_t first_seq);

  bool has_any(events::ChainNumber chain) const;
  /// Those that have runs here, each once.
  std::vector<events::ChainNumber> chains() const;
  std::size_t bytes() const { return bytes_; }
  std::size_t size() const { return runs_.size(); }

 private:
  struct Place {
    std::uint64_t last_seq{};
    std::size_t bytes{};
  };
  using Places = std::map<ParkedKey, Place>;

  explicit ParkedRuns(ParkingStore& store) : store_(&store) {}
  void note(const ParkedKey& key, const Place& place);
  Places::iterator forget(Places::iterator run);

  ParkingStore* store_;
  Places runs_;
  std::map<events::ChainNumber, std::size_t> chain_bytes_;
  std::size_t bytes_ = 0;
};

/// For tests and the simulator.
class MemoryParkingStore final : public ParkingStore {
 public:
  events::Result<void> put(const ParkedKey& key, events::ByteView row) override {
    rows_[key].assign(row.begin(), row.end());
    return {};
  }
  events::Result<void> erase(const ParkedKey& key) override {
    rows_.erase(key);
    return {};
  }
  events::Result<std::optional<events::Bytes>> get(const ParkedKey& key) const override {
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
  std::map<ParkedKey, events::Bytes> rows_;
};

}  // namespace server
