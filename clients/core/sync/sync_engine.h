#pragma once

#include "clients/core/sync/pull_engine.h"
#include "clients/core/sync/repair_sender.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace clients {

/// The device's half of the protocol, without any I/O: what PullEngine takes in, and the own events
/// that go to the server; to a restored one also what it lost.
///
/// State: see SyncState; one engine for one connection.
/// Thread: one at a time.
class SyncEngine final : public PullEngine {
 public:
  /// The most own blocks that may be under way without an acknowledgement.
  static constexpr std::size_t default_window = 8;

  /// Lifetime: `replica` outlives the engine.
  SyncEngine(Replica& replica, bool live, std::size_t window = default_window)
      : PullEngine(replica, live), window_(window) {}

  /// As PullEngine::start(), with the pushes, behind the greeting or when WELCOME has come.  Own
  /// events before `push_from` are not pushed, because they travel by other means.
  /// Errors:  locked; device_storage, storage_corrupt.
  events::Result<Frames> start(
      events::Timestamp now, const std::array<std::uint8_t, 16>& nonce, std::uint64_t push_from = 0,
      const std::optional<events::protocol::ChannelBinding>& binding = std::nullopt) {
    next_push_ = push_from;
    return PullEngine::start(now, nonce, binding);
  }
  bool owes() const override { return PullEngine::owes() || owes_batch_ || owes_pushes_; }
  /// Says what is owed, and pushes the events that were recorded since the last push, on a live
  /// connection.
  events::Result<Frames> push_new(events::Timestamp now) override;
  SyncProgress progress() const override;
  /// The own event at which pushing ended because its private record is damaged; 0: none.
  std::uint64_t unreadable() const { return unreadable_; }
  /// Own events behind this one are not pushed on this connection.
  std::uint64_t push_upto() const { return push_upto_; }
  /// Own runs that reached the server by bundle and wait there, because earlier runs are missing.
  const std::vector<events::protocol::Parked>& parked() const { return parked_; }

 private:
  events::Result<Frames> serve_other(const events::protocol::Message& message,
                                     events::Timestamp now) override;
  events::Result<Frames> serve(const events::protocol::PushAck& ack, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::PushNak& nak, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::SignedReceipt& receipt,
                               events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Reconcile& answer, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Parked& parked, events::Timestamp now);

  events::Result<Frames> begin_repair(const events::protocol::Welcome& welcome) override;
  /// The next batch of a repair.
  events::Result<Frames> give_batch(events::Position after);
  events::Result<Frames> push_window(events::Timestamp now) override;
  events::Result<Frames> owed_pushes(events::Timestamp now) override;
  /// Pushes when the blocks are signed; fails when something else than a signature lacks.
  events::Result<Frames> put_off_pushing(const events::Error& error);
  /// Ends a connection on which pushing has stopped, because the device is over its quota or cannot
  /// read a private record of its own.  The connection goes on while acknowledgements are expected
  /// or the pull has not caught up, and while it is live.
  events::Result<Frames> stop_pushing(events::Result<Frames> frames) override;
  /// The own event whose private record cannot be read, and why.
  struct Unreadable {
    std::uint64_t seq{};
    events::Error error;
  };
  /// Pushes nothing from own event `seq` on, on this connection.
  void set_push_aside(std::uint64_t seq, const events::Error& why);
  /// Fails because a receipt is not what it claims or contradicts a kept one.  Where kept receipts
  /// are not covered by a signed one, the pull starts again at the next greeting.
  events::Error refuse_receipt(const events::Error& error);
  /// Appends each run, behind its private records, to `frames`.
  std::optional<Unreadable> append_runs(const std::vector<events::DeviceBlock>& blocks,
                                        events::Timestamp now, Frames& frames);
  /// Appends the private records that the block names and the device still has to `frames`, and
  /// their digests to `added`.
  std::optional<Unreadable> append_privates(const events::DeviceBlock& block,
                                            std::vector<events::Digest>& added, Frames& frames);
  /// Appends a signed receipt that covers own event `seq`, whose private record was erased here.
  /// It proves that the server had the record before it was restored, so that the server takes the
  /// event without it.
  void append_proof_of_erasure(std::uint64_t seq, Frames& frames);
  bool is_over_quota() const;

  std::size_t window_;
  bool owes_pushes_ = false;
  std::optional<events::Position> owes_batch_;  ///< The place from which it is to be given.
  std::uint64_t next_push_ = 1;                 ///< First own event that is not under way.
  std::vector<std::uint64_t> under_way_;        ///< Last seqs of blocks without acknowledgement.
  std::uint64_t receipt_shown_upto_ = 0;        ///< Own events that a sent receipt covers.
  std::uint64_t resent_from_ = 0;  ///< A NAK made us push again from here; 0: none open.
  int resends_ = 0;                ///< Number of resends without progress.
  std::uint64_t push_upto_ = ~std::uint64_t{0};  ///< Own events behind it are not pushed.
  std::optional<events::Error> push_stop_;       ///< Why they are not pushed.
  std::uint64_t unreadable_ = 0;               ///< Own event whose record cannot be read; 0: none.
  std::optional<RepairSender> repair_sender_;  ///< Set while the server is repaired.
  std::uint64_t blocks_returned_ = 0;
  std::vector<events::protocol::Parked> parked_;
};

}  // namespace clients
