#pragma once

#include "projections/verification/judging_verifier.h"
#include "projections/verification/structure_verifier.h"

#include <functional>
#include <span>
#include <string>

namespace verification {

/// Told the position of the last event looked at, now and then.
using Progress = std::function<void(events::Position)>;

/// Both verifiers, fed with encoded blocks in the order of the log.
class BlockVerifier {
 public:
  /// Lifetime: `report` and `progress` outlive the verifier.
  BlockVerifier(Report& report, const Progress& progress);

  /// The fold is compared with it when it comes to its position.
  void expect(const CheckpointDigest& checkpoint) { judging_.expect(checkpoint); }
  /// Takes the next block; false when it cannot be read.
  bool take(events::ByteView encoded, std::span<const events::Digest> leaf_hashes,
            const std::string& place);
  /// A block that is not there or not readable.  Returns false.
  bool lose(std::span<const events::Digest> leaf_hashes, const std::string& place,
            const std::string& why);
  /// The log ends; `position` and `root` are what it says about itself.
  void finish(events::Position position, const events::Digest& root);

  const StructureVerifier& structure() const { return structure_; }

 private:
  /// Names each event of a block that cannot be taken apart, or is not where it belongs.
  void name_unreadable(const events::StoredBlock& block, const std::string& place);

  Report& report_;
  const Progress& progress_;
  StructureVerifier structure_;
  JudgingVerifier judging_;
};

}  // namespace verification
