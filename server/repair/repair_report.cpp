#include "server/repair/repair_report.h"

#include "server/repair/proved_path.h"

#include <algorithm>
#include <utility>

namespace server {

using events::Position;

namespace {

/// What lies between the head and the furthest place known, and nobody gave.
std::vector<RepairReport::Range> missing_of(const StagedBlocks& staged, Position head,
                                            Position proved) {
  std::vector<RepairReport::Range> missing;
  Position covered = head;
  const auto leave_out = [&](Position upto) {
    if (upto > covered && missing.size() < missing_ranges_max) {
      missing.push_back({Position{covered.value + 1}, upto});
    }
  };
  for (const auto& [first, candidates] : staged.places()) {
    leave_out(Position{first.value - 1});
    for (const auto& [digest, place] : candidates) covered = std::max(covered, place.last);
  }
  leave_out(proved);
  return missing;
}

}  // namespace

RepairReport report_of(const Pipeline& pipeline, const StagedBlocks& staged,
                       const events::LogHead& restored) {
  RepairReport report;
  report.is_under_way = true;
  report.restored = restored;
  report.head = pipeline.log().head();
  report.proved_head = proved_head(staged);
  report.staged_bytes = staged.bytes();
  for (const auto& [first, candidates] : staged.places()) {
    report.staged_blocks += candidates.size();
  }
  report.missing = missing_of(staged, report.head.position, report.proved_head);
  for (const events::protocol::SignedReceipt& receipt : staged.proofs()) {
    const auto has = pipeline.log().chain_head(receipt.chain);
    const std::uint64_t has_seq = has ? has->seq : 0;
    if (receipt.upto_seq > has_seq) {
      report.missing_chains.push_back({receipt.chain, has_seq, receipt.upto_seq});
    }
  }

  auto givers = staged.givers();
  for (const projections::Device& device : pipeline.state().access().devices()) {
    const StagedBlocks::Giver giver = std::exchange(givers[device.chain], {});
    givers.erase(device.chain);
    if (device.revoked) continue;
    report.devices.push_back(
        {device.chain, device.label, giver.complete, true, giver.false_blocks});
  }
  for (const auto& [chain, giver] : givers) {
    report.devices.push_back({chain, {}, giver.complete, false, giver.false_blocks});
  }
  return report;
}

}  // namespace server
