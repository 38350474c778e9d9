#include "server/commit/parked_runs.h"

#include "events/archive/compact.h"
#include "events/base/check.h"

#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

/// A row: the run as its device signed it, in plain form, and how it came.
struct Row {
  std::uint8_t form = 1;
  events::Timestamp device_time;
  BundleTransit transit;
  events::Bytes block;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(form, device_time, transit, events::bounded<events::encoded_block_bytes_max>(block));
  }
};

Error corrupt(const std::string& why) {
  return {ErrorCode::storage_corrupt, "a parked run cannot be read: " + why};
}

Result<ParkedRuns::Waiting> read_row(events::ByteView bytes) {
  const Result<Row> row = events::decode<Row>(bytes);
  if (!row) return corrupt(row.error().message);
  if (row->form != 1) return corrupt("another form");
  Result<events::DeviceBlock> block = events::decode_device_block(row->block);
  if (!block) return corrupt(block.error().message);
  return ParkedRuns::Waiting{std::move(*block), row->device_time, row->transit};
}

events::DeviceBlock block_of(const PushedRun& run) {
  events::DeviceBlock block{run.log, run.chain, run.first_seq, run.previous, run.signature, {}};
  for (const events::Event& event : run.events) block.events.push_back(event.canonical);
  return block;
}

}  // namespace

Result<ParkedRuns> ParkedRuns::open(ParkingStore& store) {
  ParkedRuns runs(store);
  const Result<void> read =
      store.each([&](const ParkedKey& key, events::ByteView bytes) -> Result<void> {
        const Result<Waiting> row = read_row(bytes);
        if (!row) return row.error();
        if (row->block.chain != key.chain || row->block.first_seq != key.first_seq) {
          return corrupt("it stands in another's place");
        }
        runs.note(key, Place{row->block.last_seq(), bytes.size()});
        return {};
      });
  if (!read) return read.error();
  return runs;
}

Result<void> ParkedRuns::park(const PushedRun& run) {
  CHECK(run.transit.has_value(), "only what came by bundle is parked");
  const ParkedKey key{run.chain, run.first_seq};
  const auto known = runs_.find(key);
  if (known != runs_.end() && known->second.last_seq >= run.last_seq()) return {};

  const events::Bytes row = events::encode(
      Row{1, run.device_time, *run.transit, events::encode_device_block(block_of(run))});
  const auto of_chain = chain_bytes_.find(run.chain);
  const std::size_t waiting = of_chain == chain_bytes_.end() ? 0 : of_chain->second;
  if (waiting + row.size() > parked_chain_bytes_max || bytes_ + row.size() > parked_bytes_max) {
    return Error{ErrorCode::busy, "too many runs wait for those before them; send those first"};
  }
  if (Result<void> put = store_->put(key, row); !put) return put;
  if (known != runs_.end()) {
    chain_bytes_[key.chain] -= known->second.bytes;
    bytes_ -= known->second.bytes;
  }
  note(key, Place{run.last_seq(), row.size()});
  return {};
}

Result<std::optional<ParkedRuns::Waiting>> ParkedRuns::holding(events::ChainNumber chain,
                                                               std::uint64_t seq) const {
  for (auto run = runs_.lower_bound({chain, 0}); run != runs_.end(); ++run) {
    if (run->first.chain != chain || run->first.first_seq > seq) break;
    if (run->second.last_seq < seq) continue;
    const Result<std::optional<events::Bytes>> row = store_->get(run->first);
    if (!row) return row.error();
    if (!*row) return corrupt("it is gone");
    Result<Waiting> waiting = read_row(**row);
    if (!waiting) return waiting.error();
    return std::optional<Waiting>{std::move(*waiting)};
  }
  return std::optional<Waiting>{};
}

void ParkedRuns::drop_known(events::ChainNumber chain, std::uint64_t seq) {
  auto run = runs_.lower_bound({chain, 0});
  while (run != runs_.end() && run->first.chain == chain && run->first.first_seq <= seq) {
    run = run->second.last_seq <= seq ? forget(run) : std::next(run);
  }
}

void ParkedRuns::drop(events::ChainNumber chain, std::uint64_t first_seq) {
  const auto run = runs_.find({chain, first_seq});
  if (run != runs_.end()) forget(run);
}

bool ParkedRuns::has_any(events::ChainNumber chain) const {
  const auto run = runs_.lower_bound({chain, 0});
  return run != runs_.end() && run->first.chain == chain;
}

std::vector<events::ChainNumber> ParkedRuns::chains() const {
  std::vector<events::ChainNumber> chains;
  for (const auto& [key, place] : runs_) {
    if (chains.empty() || chains.back() != key.chain) chains.push_back(key.chain);
  }
  return chains;
}

void ParkedRuns::note(const ParkedKey& key, const Place& place) {
  runs_.insert_or_assign(key, place);
  chain_bytes_[key.chain] += place.bytes;
  bytes_ += place.bytes;
}

ParkedRuns::Places::iterator ParkedRuns::forget(Places::iterator run) {
  // A row that stays on disk is found again at the next start, and is known then.
  static_cast<void>(store_->erase(run->first));
  bytes_ -= run->second.bytes;
  const auto of_chain = chain_bytes_.find(run->first.chain);
  of_chain->second -= run->second.bytes;
  if (of_chain->second == 0) chain_bytes_.erase(of_chain);
  return runs_.erase(run);
}

}  // namespace server
