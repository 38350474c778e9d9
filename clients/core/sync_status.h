#pragma once

#include "clients/core/workspace.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clients {

/// What may be said of a device as a whole, from the least to the most.  It never exceeds what is
/// true (I12): `in_step` speaks of the last contact, since others may have written after it.
enum class SyncStatus : std::uint8_t {
  never_met = 1,     ///< chưa gặp máy chủ lần nào
  unsent = 2,        ///< còn việc chỉ có trên thiết bị này
  not_official = 3,  ///< máy chủ đã nhận, phần sổ quanh đó chưa về
  behind = 4,        ///< mọi việc của mình đã có trả lời, sổ chưa về hết
  in_step = 5,       ///< đã đồng bộ
  unproved = 6,      ///< sổ đã về hết, có phần chưa kiểm chứng
  revoked = 7,       ///< thiết bị đã bị thu hồi
};

/// How many, and what they weigh on the line before compression.
struct Amount {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Amount&) const = default;
};

/// What the claim rests on, and nothing else.
struct SyncFacts {
  bool met = false;                  ///< There was a synchronisation that ended well.
  bool caught_up = false;            ///< The last contact ended with everything received.
  std::uint64_t own_head = 0;        ///< Own events.
  std::uint64_t verdicts_known = 0;  ///< Those with a verdict of the log.
  events::Position last_own;         ///< Where the last own event stands; 0 for none.
  events::Position synced_upto;      ///< Nothing is missing here up to this position.
  std::size_t unproved = 0;          ///< Blocks that no signature of their author covers yet.
  bool revoked = false;              ///< The server has said so.
};

SyncStatus sync_status_of(const SyncFacts& facts);

/// An own event and how far it is.
struct OwnRecord {
  events::EventId id;
  events::EventType type{};
  events::StreamId stream;
  events::Timestamp recorded_at;
  EventProgress progress;
};

/// Everything a status screen says about the device's own work.
struct DeviceStatus {
  SyncStatus sync{};
  std::uint64_t own_events = 0;
  std::uint64_t device_only = 0;
  std::uint64_t received = 0;
  std::uint64_t official = 0;
  std::uint64_t waiting = 0;
  std::uint64_t refused = 0;
  Amount unsent_events;
  Amount unsent_privates;  ///< Their private records; only counted while the device is locked.
  /// The first unsent event whose private record is damaged; it and all behind it stay here.
  events::EventId unreadable;
  events::Position synced_upto;
  std::size_t unproved = 0;  ///< Blocks of others without a signature that covers them.
  std::size_t alarms = 0;    ///< What the log said against what it had signed.
};

/// What the program that holds the device knows besides.
struct Contact {
  bool met = false;
  bool caught_up = false;
  bool revoked = false;
};

/// Cost: one look at each own event.
DeviceStatus device_status_of(const Workspace& workspace, const Replica& replica,
                              const Contact& contact);

/// All own events in their order.
std::vector<OwnRecord> own_records(const Workspace& workspace, const Replica& replica);

}  // namespace clients
