#pragma once

#include "events/base/result.h"
#include "events/crypto/signature.h"
#include "events/log/event_log.h"
#include "events/protocol/messages.h"
#include "server/feed/snapshots.h"
#include "server/session/record_frames.h"

#include <cstddef>
#include <optional>

namespace server {

/// The server's side of handing a snapshot to one device: whether to offer one, then its chunks and
/// private records, frame by frame.  While it goes on, nothing is pulled.
///
/// State: over (from the beginning, for most readers) or: asking for a snapshot → offered → sending
///        → over; asking_again, when the device has a part of another one.
/// Thread: one at a time.
class SnapshotExchange {
 public:
  struct Reader {
    SnapshotReader rights;
    events::ChainNumber chain;
    events::Position cursor;
    events::Position head;  ///< Of the log at the greeting.
    const events::SigningKey* server_key = nullptr;
  };

  /// Lifetime: `log` and `private_store` outlive the object; the key the session.
  SnapshotExchange(const events::EventLog& log, const events::PrivateStore& private_store)
      : log_(log), records_(private_store) {}

  void set_bytes_worth_asking(std::size_t bytes) { bytes_worth_asking_ = bytes; }
  /// Before the first frame is pulled, for a device that takes snapshots.
  void begin(Reader reader);
  /// What the surroundings are to be asked, once.
  std::optional<SnapshotQuestion> next_question();
  /// The answer; what to say of it, if anything.
  std::optional<events::protocol::SnapOffer> take(SnapshotPtr snapshot);
  /// Errors:  not_permitted: nothing was offered.
  events::Result<void> serve(const events::protocol::SnapWant& want);

  bool holds_pull() const { return state_ != State::over; }
  /// The next chunk, private records, or the end of it; nothing while it waits or is over.
  /// Errors:  storage_failed, storage_corrupt.
  events::Result<std::optional<events::Bytes>> next_frame();
  /// Once, after everything was sent: the device goes on from here.
  std::optional<events::Position> take_arrival();

 private:
  enum class State { over, asking, offered, asking_again, sending };

  /// Whether enough is missing that asking is worth it.
  bool misses_much() const;
  bool is_worth_it(const MadeSnapshot& snapshot) const;
  events::protocol::SnapOffer offer() const;
  void send(const SnapshotPtr& snapshot);

  /// Stored blocks below this are pulled sooner than a snapshot is asked for.
  std::size_t bytes_worth_asking_ = 24 * 1024;
  const events::EventLog& log_;
  State state_ = State::over;
  bool is_asked_ = false;
  Reader reader_;
  SnapshotPtr offered_;
  SnapshotPtr sent_;
  events::protocol::SnapWant want_;
  std::size_t next_chunk_ = 0;
  RecordFrames records_;
  std::optional<events::Position> arrival_;
};

}  // namespace server
