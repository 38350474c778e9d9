#pragma once

#include "clients/core/replica/replica.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace clients {

/// What an officer wants to record.  The workspace adds what the device knows: the id, the position
/// up to which the log was seen, the version of the rules and the digest of the private record.
struct RecordRequest {
  events::Payload payload;
  /// The stream of the event; nothing for an event that creates its stream.
  std::optional<events::StreamId> about;
  events::PersonId actor;
  events::RoleGrantId role_grant;  ///< None: the first of the actor's grants that is accepted.
  events::Day business_day;
  std::optional<events::PrivateFields> fields;
  std::array<std::uint8_t, 16> salt{};  ///< Drawn at random; used only when there are fields.
};

/// The kind of event that a payload makes; 0 for a payload that this build does not know.
events::EventType type_of(const events::Payload& payload);

/// Puts the digest of its private record into a payload that names one.
void name_private_record(events::Payload& payload, const events::Digest& digest);

/// What became of a request.  A refused request was not stored.
struct Recorded {
  events::EventId id;
  events::Verdict verdict;  ///< Provisional: what the log is expected to answer.
};

/// What became of requests that belong together.
struct RecordedTogether {
  std::vector<Recorded> recorded;      ///< In order, up to the refused request, if any.
  std::optional<std::size_t> refused;  ///< Index of the request that kept all from being stored.
};

/// How far an event of any author has come on its way into the log.  A view never shows a status
/// before it is true.
enum class EventStatus : std::uint8_t {
  device_only = 1,  ///< chỉ có trên thiết bị này
  received = 2,     ///< máy chủ đã nhận; the log around it is not here yet
  official = 3,     ///< chính thức
  waiting = 4,      ///< đang chờ; why: the verdict
  refused = 5,      ///< bị từ chối; why and what to do: the verdict
  unproved = 6,  ///< chưa kiểm chứng; the server says so, the author's signature is not here
};

}  // namespace clients

template <>
struct events::EnumTable<clients::EventStatus> {
  using enum clients::EventStatus;
  static constexpr EnumRow<clients::EventStatus> rows[] = {
      {device_only, "device_only"}, {received, "received"}, {official, "official"},
      {waiting, "waiting"},         {refused, "refused"},   {unproved, "unproved"},
  };
};

namespace clients {

struct EventProgress {
  EventStatus status{};
  events::Verdict verdict;    ///< Of the log; while on this device only, the expected one.
  events::Position position;  ///< 0 while on this device only.
};

/// A line in the history of a dossier.
struct HistoryLine {
  events::Event event;
  EventProgress progress;
  events::Timestamp received_at;   ///< 0 while on this device only.
  events::Role role{};             ///< Of the grant that the event names; 0: unknown.
  std::string device_label;        ///< Of the device that recorded it; empty for the server.
  std::uint32_t evidence_known{};  ///< Pieces of evidence that the author knew.
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

  /// The id of the own event that is recorded after `skip` more ones.  Requests that belong
  /// together use it to name each other's things.
  events::EventId next_id(std::size_t skip = 0) const;

  /// Judges the request and records it.  A refused event is not stored.  A held event is stored,
  /// and the verdict says that it is held.
  /// Errors:  device_storage; invalid_argument: the request neither names nor creates a stream, or
  ///          names a private record that is not here, or a text holds what no text may (V70);
  ///          too_large: a text is above its bound (the message names the field), or the event is
  ///          above event_bytes_max.
  events::Result<Recorded> record(const RecordRequest& request, events::Timestamp now);
  /// Records all requests or, when one of them is refused, none.
  events::Result<RecordedTogether> record_together(std::span<const RecordRequest> requests,
                                                   events::Timestamp now);

  /// What record_together() would answer.  Nothing is stored.
  events::Result<RecordedTogether> judge_together(std::span<const RecordRequest> requests,
                                                  events::Timestamp now);

  /// A grant of the actor that is valid for events of `type` in `unit` on `day`; none without one.
  events::RoleGrantId choose_grant(events::PersonId actor, events::EventType type,
                                   events::UnitId unit, events::Day day) const;

  /// Whether the request names a grant, or the actor holds a role in some unit that may do this on
  /// the business day.  Without a role the event is held for a superior, and the following events
  /// on its stream are held with it.
  bool has_role_for(const RecordRequest& request) const;

  /// Whether events of others on that dossier may be missing on this device, because it goes on
  /// from a snapshot and the dossier was opened before.
  bool may_lack_history(events::DossierId dossier) const;
  /// The official state and the pending state.  Each view says which of the two it shows.
  const projections::State& confirmed() const { return replica_.overlay().confirmed(); }
  const projections::State& pending() const { return replica_.overlay().pending(); }
  const Identity& identity() const { return replica_.identity(); }

  EventProgress progress_of(const events::StoredEvent& stored) const;
  /// The progress of own event `seq`.
  /// Expects: 1 ≤ seq ≤ head.
  EventProgress progress_of_own(std::uint64_t seq) const;
  /// The progress of the last own event of a dossier that is official, waiting or refused.  When
  /// later own events are received or device_only, the weakest of them counts.  Official when the
  /// device has no own event on the dossier.
  EventProgress progress_of(events::DossierId dossier) const;

  /// All events of a dossier, and the lists, decisions and meetings that name it, in order.
  events::Result<std::vector<HistoryLine>> history(events::DossierId dossier) const;
  PendingCounts pending_counts() const;
  /// The fields of the private record of an event; nothing when no readable record is here.
  std::optional<events::PrivateFields> private_fields(events::EventId id) const;
  /// The full name of a person or the name of a collective.  Empty when the name is not on this
  /// device; the text of set_hidden_name() while private records are hidden.
  std::string name_of(events::EventId subject) const;
  void set_hidden_name(std::string words) { hidden_name_ = std::move(words); }

 private:
  struct Draft {
    events::EventHeader header;
    events::Payload payload;
    std::optional<events::PrivateRecord> record;
    std::uint8_t content{};
  };

  /// What was tried, and can be kept when nothing was refused.
  struct Tried {
    RecordedTogether answer;
    std::vector<OwnEntry> entries;
    std::vector<events::PrivateRecord> privates;
  };

  events::Result<Draft> draft(const RecordRequest& request, std::uint64_t seq,
                              events::Timestamp now) const;
  /// Judges the requests one behind the other and leaves them in the pending state, which has to be
  /// kept or forgotten.
  events::Result<Tried> try_together(std::span<const RecordRequest> requests,
                                     events::Timestamp now);
  std::vector<events::RoleGrantId> grants_to_try(const RecordRequest& request) const;

  Replica& replica_;
  std::string hidden_name_;
};

}  // namespace clients
