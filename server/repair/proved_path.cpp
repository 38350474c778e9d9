#include "server/repair/proved_path.h"

#include "server/commit/lost_blocks.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace server {

using events::Frontier;
using events::Position;
using events::Result;
using events::protocol::SignedReceipt;

namespace {

/// A block on some path, and the one before it.
struct Step {
  StagedKey block;
  std::optional<std::size_t> before;
};

/// Where a path has come to.
struct Tip {
  Frontier edge;
  std::optional<std::size_t> last;  // None: the log's own end.
  bool is_latest = false;           // It is the history that receipts of the latest epoch prove.
};

std::vector<SignedReceipt> latest(const std::vector<SignedReceipt>& receipts) {
  std::vector<SignedReceipt> found = receipts;
  const auto newest = std::ranges::max_element(found, {}, &SignedReceipt::epoch);
  if (newest == found.end()) return found;
  const events::Epoch epoch = newest->epoch;
  std::erase_if(found, [&](const SignedReceipt& each) { return each.epoch != epoch; });
  return found;
}

}  // namespace

Position proved_head(const StagedBlocks& staged) {
  Position furthest;
  for (const SignedReceipt& receipt : latest(staged.proofs())) {
    furthest = std::max(furthest, receipt.position);
  }
  return furthest;
}

Result<std::vector<StagedKey>> find_proved_path(const StagedBlocks& staged, const Frontier& edge) {
  const std::vector<SignedReceipt> receipts = latest(staged.proofs());
  const auto proves = [](const std::vector<SignedReceipt>& some, Position end,
                         const events::Digest& root) {
    return std::ranges::any_of(some, [&](const SignedReceipt& receipt) {
      return receipt.position == end && receipt.root == root;
    });
  };
  const Position latest_end = proved_head(staged);
  Position furthest;
  for (const SignedReceipt& receipt : staged.proofs()) {
    furthest = std::max(furthest, receipt.position);
  }
  std::vector<Step> steps;
  std::optional<std::size_t> proved;
  // By the number of leaves, then by root: paths that meet go on as one.
  std::map<std::uint64_t, std::map<events::Digest, Tip>> tips;
  tips[edge.size()].emplace(edge.root(), Tip{edge, std::nullopt, latest_end.value <= edge.size()});

  while (!tips.empty()) {
    auto lowest = tips.extract(tips.begin());
    const Position end{lowest.key()};
    for (auto& [root, tip] : lowest.mapped()) {
      tip.is_latest = tip.is_latest || (end == latest_end && proves(receipts, end, root));
      const bool is_proved =
          proves(receipts, end, root) || (tip.is_latest && proves(staged.proofs(), end, root));
      if (is_proved && tip.last) proved = tip.last;
    }
    if (end >= furthest) break;
    for (const StagedBlocks::Candidate& candidate : staged.candidates(Position{end.value + 1})) {
      const Result<events::StoredBlock> block = staged.block(candidate.key);
      if (!block) return block.error();
      for (const auto& [root, tip] : lowest.mapped()) {
        Frontier next = tip.edge;
        if (!extend(next, *block)) continue;
        auto& at = tips[next.size()];
        if (at.contains(block->root_after)) break;
        steps.push_back({candidate.key, tip.last});
        at.emplace(block->root_after, Tip{next, steps.size() - 1, tip.is_latest});
        break;  // A root stands for one history: it fits no other tip.
      }
    }
  }

  std::vector<StagedKey> path;
  while (proved) {
    path.push_back(steps[*proved].block);
    proved = steps[*proved].before;
  }
  std::ranges::reverse(path);
  return path;
}

}  // namespace server
