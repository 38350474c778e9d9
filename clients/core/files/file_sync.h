#pragma once

#include "clients/core/files/file_plan.h"
#include "events/protocol/frame_scheduler.h"
#include "events/protocol/messages.h"
#include "events/protocol/send_window.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace clients {

/// Numbers of the files of one synchronisation.
struct FileProgress {
  std::size_t files_to_send = 0;    ///< With those under way.
  std::uint64_t bytes_to_send = 0;  ///< As far as is known.
  std::size_t files_held_back = 0;  ///< Originals that the policy keeps for a better line.
  std::size_t files_to_fetch = 0;
  std::size_t files_sent = 0;
  std::size_t files_fetched = 0;
  std::uint64_t bytes_sent = 0;  ///< Of files, repeated ones included.
};

/// The files of one connection on the device's side, without I/O: frames in, and one small frame at
/// a time out, so that an event recorded meanwhile goes before the rest of a photo.
///
/// State: what is to be sent and fetched, planned anew when the confirmed log has grown; at most
/// one
///        thumbnail and one original on their way up, with their bytes.
/// Thread: one at a time.  It has no clock: milliseconds of a steady one are passed in.
class FileSync {
 public:
  using Message = events::protocol::Message;

  /// Lifetime: `replica` and `files` outlive it.
  FileSync(Replica& replica, FileStore& files)
      : replica_(replica), files_(files), records_(replica.store()) {}

  /// Whether the frame is for this object and not for the sync engine.
  static bool takes(const Message& frame);
  /// Errors: malformed: the connection is to be closed; storage_failed, io_failed.
  events::Result<void> on_message(const Message& frame, std::uint64_t now);
  /// A frame of so many bytes was taken in; they go back to the server as credit.
  void received(std::size_t bytes) { credit_owed_ += bytes; }

  /// The next frame; nothing when there is none, or the line should rest.  To be called again after
  /// each frame and after each input.
  /// Expects: the greeting was answered.
  events::Result<std::optional<Message>> next(std::uint64_t now);

  // ---- in turns: a request, its answer, and nothing between them ----

  /// Whether there is something to send or to fetch.
  /// Errors:  storage_failed.
  events::Result<bool> has_work();
  /// What goes behind the greeting of the next request: what was begun is named again, and whole
  /// chunks follow, fewer of them on a slow line.  No credit comes back, so only this paces.
  events::Result<std::vector<Message>> next_turn(std::uint64_t now);
  /// The answer was taken in as a whole.  False: it brought nothing on, and to go on is no use.
  bool end_turn(std::uint64_t now);
  /// Asks the store for what the next turn would begin with, where it is not at hand.
  /// Errors:  storage_failed.
  events::Result<void> look_ahead();

  /// A file is wanted or asked for since: what there is to do is planned anew.
  void plan_again() { is_planned_ = false; }
  /// Nothing is on its way and nothing can be sent or fetched now.
  bool is_idle() const;
  FileProgress progress() const;
  const events::protocol::SendWindow& pace() const { return pace_; }

 private:
  using FileName = events::protocol::FileName;
  enum class Step : std::uint8_t { idle, offered, sending };

  /// One file on its way up.
  struct Lane {
    Step step = Step::idle;
    FileHere file;
    events::Bytes bytes;
    events::Digest proof;
    std::deque<std::uint32_t> missing;  ///< Chunks, ascending.
    std::uint32_t offset{};             ///< Of the next piece, in the first of them.
    std::deque<FileHere> waiting;
  };

  /// Bytes of files in one request, until the last chunk is whole: two seconds of a 64 kbit/s line.
  static constexpr std::size_t slow_turn_bytes = events::protocol::file_chunk_bytes;
  static constexpr std::size_t good_turn_bytes = 4 * events::protocol::file_chunk_bytes;
  /// A request and its answer, while it lasts.
  struct Turn {
    std::size_t bytes_max = slow_turn_bytes;
    std::size_t bytes = 0;  ///< Of files, up.
    bool was_answered = false;
    bool has_fetched = false;

    bool is_full() const { return bytes >= bytes_max; }
  };

  events::Result<void> serve(const events::protocol::BlobState& state);
  events::Result<void> serve(const events::protocol::BlobChunk& chunk);
  events::Result<void> serve(const events::protocol::BlobWant& want);

  events::Result<void> plan();
  events::Result<std::optional<Message>> next_offer(Lane& lane);
  Message offer_of(const Lane& lane) const;
  bool may_offer() const;
  bool is_within_chunk() const;
  events::Result<std::optional<Message>> next_want();
  /// Makes what was fetched a file; false when it does not have its digest.
  events::Result<bool> finish(const FileHere& file);
  Message next_piece(Lane& lane, std::uint64_t now);
  events::Result<void> settle(const events::protocol::BlobState& state);
  void open(Lane& lane, const events::protocol::BlobState& state);
  Lane& lane_of(events::FilePart part) {
    return lanes_[part == events::FilePart::original ? 1 : 0];
  }
  bool is_held_back(const FileHere& file) const;
  /// Whether the store has the bytes at hand; otherwise it is asked for them.
  bool is_ready(const FileHere& file);
  bool may_send_piece(const Lane& lane) const;

  Replica& replica_;
  FileStore& files_;
  FileRecords records_;
  events::protocol::SendWindow pace_;
  events::protocol::FrameScheduler scheduler_;

  events::Position planned_at_;
  bool is_planned_ = false;
  OriginalsPolicy policy_ = OriginalsPolicy::good_link;
  FileRecords::Names asked_;
  std::set<FileName> given_up_;   ///< For this connection.
  std::set<FileName> finishing_;  ///< All sent; the server has not said yet that it is whole.
  std::set<FileName> delivered_;  ///< The server says that it has them.
  std::set<FileName> recorded_;   ///< The server has them; EvidenceStored is still to be pulled.
  std::array<Lane, 2> lanes_;     ///< Thumbnails, originals.

  std::deque<FileHere> to_fetch_;
  std::map<FileName, FileHere> fetching_;
  std::size_t credit_owed_ = 0;
  std::uint64_t original_bytes_sent_ = 0;
  std::optional<Turn> turn_;
  FileProgress done_;
};

}  // namespace clients
