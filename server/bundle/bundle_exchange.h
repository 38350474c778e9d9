#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/bundle/bundle_header.h"
#include "events/bundle/bundle_writer.h"
#include "server/session/sync_session.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace server {

/// The answer to a bundle ends above this size; the next bundle asks for what is left.
inline constexpr std::uint64_t answer_bytes_max = 256ULL * 1024 * 1024;

/// The answering of one bundle, without files and threads: its blocks go into a session as messages
/// do, and what the session says goes, sealed to the device, into the answer.
///
/// State: the session, and the answer being written.
/// Thread: one at a time.
class BundleExchange {
 public:
  struct Opening {
    const events::bundle::BundleHeader& bundle;  ///< Of a bundle to the server that was checked.
    events::SealingSecret ephemeral;             ///< Drawn for this answer.
    const events::SigningKey& server_key;
    events::Timestamp now;
    std::uint64_t number;  ///< Of the session.
  };
  /// Errors:  malformed: the bundle wants its answer sealed to an unsound key; those of `sink`.
  static events::Result<BundleExchange> begin(const Opening& opening, const events::EventLog& log,
                                              const events::PrivateStore& private_store,
                                              PackedBlocks& packed, events::bundle::ByteSink sink);

  /// Give it the next block when it wants input; carry its requests to the pipeline as for any
  /// session.
  SyncSession& session() { return *session_; }
  /// Moves what the session has to say into the answer.  False: it had nothing to say.
  events::Result<bool> drain();
  /// The same with one message of it, for whoever writes the answer down in between.
  events::Result<bool> drain_message();
  /// Ends the answer.  Expects: no request is under way, and drain() has nothing left.
  events::Result<void> finish();

  /// Why there is nobody to answer; nothing when the answer is for the device, also one that says
  /// that its log or chain is not the server's.
  const std::optional<events::Error>& refusal() const { return refusal_; }

 private:
  BundleExchange(std::unique_ptr<SyncSession> session, events::bundle::BundleWriter writer)
      : session_(std::move(session)), writer_(std::move(writer)) {}

  void note_refusal(events::ByteView frames);

  std::unique_ptr<SyncSession> session_;
  events::bundle::BundleWriter writer_;
  bool was_open_ = false;
  std::optional<events::Error> refusal_;
};

}  // namespace server
