#pragma once

#include "events/base/result.h"
#include "events/crypto/signature.h"
#include "events/log/event_log.h"
#include "events/protocol/messages.h"

#include <cstdint>

namespace server {

/// Signs for a device what the log holds of its chain.  One signature covers everything before it,
/// so there is one when all that the greeting announced is in, and later one for what was pushed
/// since the last.
///
/// State: up to which own event the device has a signed receipt, as far as it says.
/// Thread: one at a time.
class ReceiptIssuer {
 public:
  /// Lifetime: `log` and `key` outlive the issuer.
  ReceiptIssuer(const events::EventLog& log, const events::SigningKey& key,
                const events::protocol::Hello& hello);

  /// Whether a receipt is to be sent to a device that has the verdicts of its events up to
  /// `verdicts_sent`.
  bool is_due(std::uint64_t verdicts_sent) const {
    return verdicts_sent > receipted_ && verdicts_sent >= announced_;
  }
  /// Expects: the log holds that event, the last of a block.
  /// Errors:  storage_corrupt, storage_failed.
  events::Result<events::protocol::SignedReceipt> issue(std::uint64_t verdicts_sent);

 private:
  const events::EventLog& log_;
  const events::SigningKey& key_;
  events::ChainNumber chain_;
  std::uint64_t announced_;
  std::uint64_t receipted_;
};

}  // namespace server
