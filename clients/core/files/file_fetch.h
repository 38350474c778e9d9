#pragma once

#include "clients/core/files/file_plan.h"
#include "events/protocol/messages.h"

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

/// The files that one connection brings to the device, without I/O: frames in, and one small frame
/// at a time out.  A device that makes no files needs nothing else; FileSync adds what goes up.
///
/// State: what is to be fetched, planned anew when the confirmed log has grown.
/// Thread: one at a time.  It has no clock: milliseconds of a steady one are passed in.
class FileFetch {
 public:
  using Message = events::protocol::Message;

  /// Lifetime: `replica` and `files` outlive it.
  FileFetch(Replica& replica, FileStore& files)
      : replica_(replica), files_(files), records_(replica.store()) {}
  virtual ~FileFetch() = default;

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
  virtual bool is_idle() const;
  virtual FileProgress progress() const;

 protected:
  using FileName = events::protocol::FileName;

  /// A request and its answer, while it lasts.
  struct Turn {
    bool was_answered = false;
    bool has_fetched = false;
  };

  // What the half that sends does at its places; a device without it does nothing.

  /// Plans what goes up; `files`: those that the log names.
  virtual events::Result<void> plan_sending(const std::vector<FileHere>& files);
  /// The next offer of a file, which goes before what is fetched.
  virtual events::Result<std::optional<Message>> next_offer();
  /// The next piece of a file, which goes behind it.
  virtual std::optional<Message> next_piece(std::uint64_t now);
  /// What the server says of a file that is not on its way down.
  virtual events::Result<void> heed(const events::protocol::BlobState& state);
  /// The server took in so many bytes of files.
  virtual void credited(std::uint32_t bytes, std::uint64_t now);
  /// A turn begins: names again what was begun.
  virtual void begin_turn(std::vector<Message>& frames, std::uint64_t now);
  /// Whether the turn takes a further frame.
  virtual bool has_room() const;
  /// Notes a frame of the turn.
  virtual void note_in_turn(const Message& frame);
  /// The turn is over: what was not answered is not answered later.
  virtual void end_sending(std::uint64_t now);
  /// As look_ahead(), for what goes up.
  virtual void look_at_waiting();

  events::Result<void> plan();
  /// Whether the store has the bytes at hand; otherwise it is asked for them.
  bool is_ready(const FileHere& file);

  Replica& replica_;
  FileStore& files_;
  FileRecords records_;
  std::set<FileName> given_up_;   ///< For this connection.
  std::set<FileName> delivered_;  ///< The server says that it has them.
  std::optional<Turn> turn_;
  FileProgress done_;

 private:
  events::Result<void> serve(const events::protocol::BlobState& state);
  events::Result<void> serve(const events::protocol::BlobChunk& chunk);
  events::Result<void> serve(const events::protocol::BlobWant& want);

  events::Result<std::optional<Message>> next_want();
  /// Makes what was fetched a file; false when it does not have its digest.
  events::Result<bool> finish(const FileHere& file);

  events::Position planned_at_;
  bool is_planned_ = false;
  std::deque<FileHere> to_fetch_;
  std::map<FileName, FileHere> fetching_;
  std::size_t credit_owed_ = 0;
};

}  // namespace clients
