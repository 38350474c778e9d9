#include "projections/verification/log_verifier.h"

namespace verification {

using events::Position;

void verify_log(const events::EventLog& log, std::span<const CheckpointDigest> checkpoints,
                Report& report, const Progress& progress) {
  BlockVerifier verifier(report, progress);
  for (const CheckpointDigest& checkpoint : checkpoints) verifier.expect(checkpoint);
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  const events::LogHead head = log.head();
  report.log = head.log;
  report.epoch = head.epoch;
  for (;;) {
    const Position next = verifier.structure().next_position();
    Position scanned_to;
    const auto encoded = log.next_block(everything, Position{next.value - 1}, &scanned_to);
    if (!encoded) {
      verifier.lose({}, "database", encoded.error().message);
      break;
    }
    if (!*encoded) break;
    if (!verifier.take(**encoded, {}, "database")) break;
  }
  verifier.finish(head.position, head.root);
}

}  // namespace verification
