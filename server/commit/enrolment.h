#pragma once

#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/protocol/messages.h"
#include "server/commit/pipeline.h"

#include <optional>
#include <string_view>

namespace server {

/// Gives devices their chains: the first one founds the log, the others spend an offer.
///
/// Asking again with the same key is answered the same, so that a lost answer costs nothing
/// (docs/decisions/0007-enrolment-proof-in-the-log.md).
///
/// Thread: that of the pipeline.
class Enrolment {
 public:
  /// `founding_code`: SHA-256 of the code that may found an empty log.
  /// Lifetime: `pipeline` outlives this object.
  Enrolment(Pipeline& pipeline, std::optional<events::Digest> founding_code)
      : pipeline_(pipeline), founding_code_(founding_code) {}

  /// Expects: the session checked the proof and that the key is sound.
  /// Errors:  enrolment_refused: the code is unknown, spent by another key, or expired, or whoever
  ///          gave it may not invite these people any more.
  ///          storage_failed.
  events::Result<events::protocol::Enrolled> enrol(const events::protocol::Enrol& request,
                                                   events::Timestamp now);
  /// A new chain for a device that left its old one to a copy of itself
  /// (docs/decisions/0014-restored-servers.md).
  ///
  /// Expects: the session checked the new key's proof and that the key is sound.
  /// Errors:  not_enrolled, revoked, bad_signature; log_diverged: the log does not hold what the
  ///          device has a receipt for; enrolment_refused: the key is taken, the log knows no
  ///          other branch of the chain, or the device was continued too often; storage_failed.
  events::Result<events::protocol::Enrolled> continue_chain(
      const events::protocol::NewChain& request, events::Timestamp now);

 private:
  events::Result<events::protocol::Enrolled> found(const events::protocol::Enrol& request,
                                                   events::Timestamp now);
  events::protocol::Enrolled answer(const projections::Device& device, events::Timestamp now) const;

  Pipeline& pipeline_;
  std::optional<events::Digest> founding_code_;
};

/// SHA-256 of a code's letters and digits.
events::Digest code_digest_of(std::string_view code);

}  // namespace server
