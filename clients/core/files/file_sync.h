#pragma once

#include "clients/core/files/file_fetch.h"
#include "events/protocol/frame_scheduler.h"
#include "events/protocol/send_window.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <vector>

namespace clients {

/// The files of one connection on the device's side, without I/O: what FileFetch fetches, and the
/// files that go up, so that an event recorded meanwhile goes before the rest of a photo.
///
/// State: what is to be sent, planned anew when the confirmed log has grown; at most one thumbnail
///        and one original on their way up, with their bytes.
/// Thread: one at a time.  It has no clock: milliseconds of a steady one are passed in.
class FileSync final : public FileFetch {
 public:
  using FileFetch::FileFetch;

  bool is_idle() const override;
  FileProgress progress() const override;
  const events::protocol::SendWindow& pace() const { return pace_; }

 private:
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

  events::Result<void> plan_sending(const std::vector<FileHere>& files) override;
  events::Result<std::optional<Message>> next_offer() override;
  std::optional<Message> next_piece(std::uint64_t now) override;
  events::Result<void> heed(const events::protocol::BlobState& state) override;
  void credited(std::uint32_t bytes, std::uint64_t now) override { pace_.credited(bytes, now); }
  void begin_turn(std::vector<Message>& frames, std::uint64_t now) override;
  bool has_room() const override { return !is_turn_full() || is_within_chunk(); }
  void note_in_turn(const Message& frame) override;
  void end_sending(std::uint64_t now) override;
  void look_at_waiting() override;

  events::Result<std::optional<Message>> offer_from(Lane& lane);
  Message offer_of(const Lane& lane) const;
  bool may_offer() const;
  bool is_turn_full() const { return turn_bytes_ >= turn_bytes_max_; }
  bool is_within_chunk() const;
  Message piece_from(Lane& lane, std::uint64_t now);
  events::Result<void> settle(const events::protocol::BlobState& state);
  void open(Lane& lane, const events::protocol::BlobState& state);
  Lane& lane_of(events::FilePart part) {
    return lanes_[part == events::FilePart::original ? 1 : 0];
  }
  bool is_held_back(const FileHere& file) const;
  bool may_send_piece(const Lane& lane) const;

  events::protocol::SendWindow pace_;
  events::protocol::FrameScheduler scheduler_;
  OriginalsPolicy policy_ = OriginalsPolicy::good_link;
  FileRecords::Names asked_;
  std::set<FileName> finishing_;  ///< All sent; the server has not said yet that it is whole.
  std::set<FileName> recorded_;   ///< The server has them; EvidenceStored is still to be pulled.
  std::array<Lane, 2> lanes_;     ///< Thumbnails, originals.
  std::uint64_t original_bytes_sent_ = 0;
  std::size_t turn_bytes_max_ = slow_turn_bytes;
  std::size_t turn_bytes_ = 0;  ///< Of files, up, in this turn.
};

}  // namespace clients
