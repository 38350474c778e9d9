#pragma once

#include "clients/core/replica.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace clients {

/// What an officer wants to record.  The workspace adds what the device knows: ids, what was seen,
/// rules, the digest of the private record.
struct RecordRequest {
  events::Payload payload;
  /// What it happens to; nothing for events that create what they are about.
  std::optional<events::StreamId> about;
  events::PersonId actor;
  events::RoleGrantId role_grant;  ///< None: the first of the actor's grants that is accepted.
  events::Day business_day;
  std::optional<events::PrivateFields> fields;
  std::array<std::uint8_t, 16> salt{};  ///< Drawn at random; used only when there are fields.
};

/// The kind of event a payload makes; 0 for one this build does not know.
events::EventType type_of(const events::Payload& payload);

/// What became of a request.  A refused one was not stored.
struct Recorded {
  events::EventId id;
  events::Verdict verdict;  ///< Provisional: what the log is expected to answer.
};

/// What became of some requests that belong together.
struct RecordedTogether {
  std::vector<Recorded> recorded;      ///< In order; ends with the refused one, if any.
  std::optional<std::size_t> refused;  ///< Index of the request that kept all from being stored.
};

/// How far an event of any author is on its way; never said too early.
enum class EventStatus : std::uint8_t {
  device_only = 1,  ///< chỉ có trên thiết bị này
  received = 2,     ///< máy chủ đã nhận; the surrounding log is not here yet
  official = 3,     ///< chính thức
  waiting = 4,      ///< đang chờ; why: the verdict
  refused = 5,      ///< bị từ chối; why and what to do: the verdict
  unproved = 6,  ///< chưa kiểm chứng; the server says so, its author's signature is not here
};

struct EventProgress {
  EventStatus status{};
  events::Verdict verdict;    ///< The log's, or the expected one while on this device only.
  events::Position position;  ///< 0 while on this device only.
};

/// A line of a dossier's history.
struct HistoryLine {
  events::Event event;
  EventProgress progress;
  events::Timestamp received_at;   ///< 0 while on this device only.
  events::Role role{};             ///< Of the grant it was done under; 0 when that is unknown.
  std::string device_label;        ///< Of the device that recorded it; empty for the server.
  std::uint32_t evidence_known{};  ///< Pieces of evidence its author had when recording.
};

struct PendingCounts {
  std::uint64_t device_only = 0;  ///< Own events without a receipt.
  std::uint64_t waiting = 0;      ///< Own events that are held.
  std::uint64_t refused = 0;      ///< Own events that were refused.
};

/// What officers do on a device, with or without a connection.
///
/// Thread: one at a time.
class Workspace {
 public:
  /// Lifetime: `replica` outlives the workspace.
  explicit Workspace(Replica& replica) : replica_(replica) {}

  /// The id that the event after `skip` more ones will get: requests that belong together name each
  /// other's things by it.
  events::EventId next_id(std::size_t skip = 0) const;

  /// Judges and records.  Refused: nothing is stored.  Held: stored, and the verdict says so.
  /// Errors:  device_storage; invalid_argument: the request names no stream but creates none, or
  ///          a private record that is not here, or a text holds what no text may (V70);
  ///          too_large: a text is above its bound, with its field, or the event is above
  ///          event_bytes_max.
  events::Result<Recorded> record(const RecordRequest& request, events::Timestamp now);
  /// Records all or, when one is refused, none.
  events::Result<RecordedTogether> record_together(std::span<const RecordRequest> requests,
                                                   events::Timestamp now);

  /// A valid grant of the actor for events of `type` in `unit` on `day`; none when there is none.
  events::RoleGrantId choose_grant(events::PersonId actor, events::EventType type,
                                   events::UnitId unit, events::Day day) const;

  /// Whether the actor holds any valid role that may do this, somewhere.  Without one an event is
  /// held for a superior, and what follows on its stream waits with it.
  bool has_role_for(const RecordRequest& request) const;

  /// Official state and pending state; views say which one they show.
  /// Whether events of others on that dossier may not be on this device: it goes on from a
  /// snapshot.
  bool may_lack_history(events::DossierId dossier) const;
  const projections::State& confirmed() const { return replica_.overlay().confirmed(); }
  const projections::State& pending() const { return replica_.overlay().pending(); }
  const Identity& identity() const { return replica_.identity(); }

  EventProgress progress_of(const events::StoredEvent& stored) const;
  /// Of an own event.  Expects: 1 ≤ seq ≤ head.
  EventProgress progress_of_own(std::uint64_t seq) const;
  /// The weakest status of the own unconfirmed events of a dossier; official when there are none.
  EventProgress progress_of(events::DossierId dossier) const;

  /// Everything that happened to a dossier, and the lists and meetings it was in, in order.
  events::Result<std::vector<HistoryLine>> history(events::DossierId dossier) const;
  PendingCounts pending_counts() const;
  /// The readable private record of an event; nothing when it has none here.
  std::optional<events::PrivateFields> private_fields(events::EventId id) const;
  /// The full name of a person or the name of a collective; empty when it is not on this device,
  /// `hidden_name` while private records are hidden.
  std::string name_of(events::EventId subject) const;
  void set_hidden_name(std::string words) { hidden_name_ = std::move(words); }

 private:
  struct Draft {
    events::EventHeader header;
    events::Payload payload;
    std::optional<events::PrivateRecord> record;
    std::uint8_t content{};
  };

  events::Result<Draft> draft(const RecordRequest& request, std::uint64_t seq,
                              events::Timestamp now) const;
  std::vector<events::RoleGrantId> grants_to_try(const RecordRequest& request) const;

  Replica& replica_;
  std::string hidden_name_;
};

}  // namespace clients
