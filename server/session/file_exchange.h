#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/protocol/file_messages.h"
#include "events/protocol/messages.h"
#include "server/commit/admission.h"
#include "server/files/file_transfers.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace server {

/// Files that a device may send at once, and that may wait to be sent to it.
inline constexpr std::size_t uploads_at_once_max = 4;
inline constexpr std::size_t downloads_waiting_max = 64;

// ---- what the exchange asks its surroundings to do ----

/// Answer with `on_file_found`.
struct FindFile {
  events::protocol::FileName name;
};
/// Answer with `on_file_state`.
struct OfferFile {
  events::ChainNumber chain;
  FileFacts facts;
  events::Digest proof;
};
/// Answer with `on_piece_stored`.
struct StorePiece {
  FilePiece piece;
};
/// Answer with `on_file_read`.
struct ReadFile {
  FileFacts facts;
  std::uint32_t offset{};
};
/// Somebody asked for a file that the server lacks; no answer.
struct AwaitFile {
  FileFacts facts;
};
using FileRequest = std::variant<FindFile, OfferFile, StorePiece, ReadFile, AwaitFile>;
using FileRequests = std::vector<FileRequest>;

/// The files of one session, up and down, without I/O: frames and answers go in, requests and
/// frames come out.
///
/// Memory: a chunk for each file under way in either direction, and the chunks that wait for the
///         disk; the session reads nothing more while `has_room()` is false.
/// Thread: one at a time.
class FileExchange {
 public:
  using Messages = std::vector<events::protocol::Message>;

  /// `in_turns`: the device hears nothing before it has said everything, see SyncSession.
  FileExchange(events::ChainNumber chain, ReaderRights rights, bool in_turns = false)
      : chain_(chain), rights_(std::move(rights)), in_turns_(in_turns) {}

  // ---- input; what is to be said at once is put into `answers` ----

  FileRequests serve(const events::protocol::BlobOffer& offer, Messages& answers);
  FileRequests serve(events::protocol::BlobChunk chunk, Messages& answers);
  FileRequests serve(const events::protocol::BlobWant& want, Messages& answers);

  FileRequests on_file_found(const events::protocol::FileName& name,
                             const std::optional<FileFacts>& facts, Messages& answers);
  void on_file_state(const events::protocol::BlobState& state, Messages& answers);
  /// `bytes`: how many the piece had.
  void on_piece_stored(std::size_t bytes, const events::protocol::BlobState& state,
                       Messages& answers);
  FileRequests on_file_read(const events::protocol::FileName& name, std::uint32_t offset,
                            events::Result<events::Bytes> bytes, Messages& answers);
  /// The connection is over: what came of unfinished chunks is kept.
  FileRequests leave();

  // ---- output ----

  bool has_room() const { return chunk_bytes_in_flight_ < 4 * events::protocol::file_chunk_bytes; }
  /// An offer is being looked at: in turns, what comes behind it waits for that.
  bool is_settling() const;
  /// One more offer would be refused as one too many, although files are about to be complete.
  bool is_crowded() const {
    return receiving_.size() >= uploads_at_once_max && chunk_bytes_in_flight_ > 0;
  }
  bool has_piece(events::FilePart part) const { return !lane(part).buffer.empty(); }
  /// Whether a file is on its way down or asked for.
  bool is_sending() const;
  /// The next bytes of a file that was asked for.  Nothing when they are not here yet.
  std::optional<events::protocol::BlobChunk> next_piece(events::FilePart part,
                                                        std::uint32_t bytes_max);
  /// What sending needs read; to be called after next_piece().
  FileRequests reads();

 private:
  struct Receiving {
    FileFacts facts;
    std::uint32_t begin{};  ///< In the file, of `bytes`.
    events::Bytes bytes;    ///< Of the chunk that is coming in.
    std::uint32_t resume_at{};
    bool is_open = false;   ///< The device was told what is missing.
    events::Bytes missing;  ///< As it was told.
  };
  struct Download {
    FileFacts facts;
    std::uint32_t offset{};  ///< Of the next bytes to read.
  };
  /// Thumbnails do not wait for originals.
  struct Lane {
    std::list<Download> waiting;
    bool is_reading = false;
    events::protocol::FileName name;
    std::uint32_t offset{};  ///< Of `buffer`.
    events::Bytes buffer;
  };

  Lane& lane(events::FilePart part) { return lanes_[part == events::FilePart::original ? 1 : 0]; }
  const Lane& lane(events::FilePart part) const {
    return lanes_[part == events::FilePart::original ? 1 : 0];
  }
  StorePiece take_piece(Receiving& receiving);
  static bool is_missing(const events::Bytes& missing, std::uint32_t chunk);
  void refuse(const events::protocol::FileName& name, events::ErrorCode reason, Messages& answers);
  FileRequests await(const FileFacts& facts, Messages& answers);

  events::ChainNumber chain_;
  ReaderRights rights_;
  bool in_turns_;
  std::map<events::protocol::FileName, events::Digest> offers_;  ///< Proofs, until facts came.
  std::map<events::protocol::FileName, std::uint32_t> wants_;    ///< Offsets, until facts came.
  std::map<events::protocol::FileName, Receiving> receiving_;
  std::size_t chunk_bytes_in_flight_ = 0;
  std::array<Lane, 2> lanes_;
};

}  // namespace server
