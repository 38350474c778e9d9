#pragma once

#include "clients/core/replica/workspace.h"
#include "events/base/enum_table.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clients {

/// What a screen may say of a device as a whole.  The status never claims more than is true (I12):
/// `in_step` is about the last contact, because others may have written to the log after it.
enum class SyncStatus : std::uint8_t {
  never_met = 1,     ///< chưa gặp máy chủ lần nào
  unsent = 2,        ///< còn việc chỉ có trên thiết bị này
  not_official = 3,  ///< máy chủ đã nhận, phần sổ quanh đó chưa về
  behind = 4,        ///< mọi việc của mình đã có trả lời, sổ chưa về hết
  in_step = 5,       ///< đã đồng bộ
  unproved = 6,      ///< sổ đã về hết, có phần chưa kiểm chứng
  revoked = 7,       ///< thiết bị đã bị thu hồi
};

}  // namespace clients

template <>
struct events::EnumTable<clients::SyncStatus> {
  using enum clients::SyncStatus;
  static constexpr EnumRow<clients::SyncStatus> rows[] = {
      {never_met, "never_met"}, {unsent, "unsent"},   {not_official, "not_official"},
      {behind, "behind"},       {in_step, "in_step"}, {unproved, "unproved"},
      {revoked, "revoked"},
  };
};

namespace clients {

/// A number of things, and their bytes on the line before compression.
struct Amount {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Amount&) const = default;
};

/// The facts from which the status follows.  Nothing else influences it.
struct SyncFacts {
  bool met = false;                  ///< At least one synchronisation ended well.
  bool caught_up = false;            ///< The last contact ended with everything received.
  std::uint64_t own_head = 0;        ///< The number of own events.
  std::uint64_t verdicts_known = 0;  ///< The own events with a verdict of the log.
  events::Position last_own;         ///< Position of the last own event; 0: none.
  events::Position synced_upto;      ///< Nothing is missing here up to this position.
  std::size_t unproved = 0;          ///< Blocks that no signature of their author covers yet.
  bool revoked = false;              ///< The server said that the device is revoked.
};

SyncStatus sync_status_of(const SyncFacts& facts);

/// An own event and its progress.
struct OwnRecord {
  events::EventId id;
  events::EventType type{};
  events::StreamId stream;
  events::Timestamp recorded_at;
  EventProgress progress;
};

/// Everything that a status screen says about the device's own work.
struct DeviceStatus {
  SyncStatus sync{};
  std::uint64_t own_events = 0;
  std::uint64_t device_only = 0;
  std::uint64_t received = 0;
  std::uint64_t official = 0;
  std::uint64_t waiting = 0;
  std::uint64_t refused = 0;
  Amount unsent_events;
  Amount unsent_privates;  ///< Their private records; without bytes while locked.
  /// The first unsent event whose private record is damaged.  This event and all own events behind
  /// it stay on the device.
  events::EventId unreadable;
  events::Position synced_upto;
  std::size_t unproved = 0;           ///< Blocks of others that no signature covers yet.
  std::size_t alarms = 0;             ///< Alarms: the log contradicted what it had signed.
  events::RulesVersion log_rules;     ///< In force in the log, as far as it is here.
  events::RulesVersion newest_rules;  ///< That this device has; older than `log_rules` or newer.
  /// Newer builds wrote what this one cannot read, or judge by newer rules: verdicts that it
  /// expects are provisional in another sense, and a newer build has to be installed.
  bool needs_newer_build = false;
  std::size_t left_out = 0;  ///< Dossiers that are not shown as they are, for that reason.
};

/// What the program knows of its contacts with the server; the replica does not hold it.
struct Contact {
  bool met = false;
  bool caught_up = false;
  bool revoked = false;
  events::RulesVersion server_rules = {};  ///< At the last contact.
};

/// Cost: one look at each own event; one read from the store for each unsent private record.
DeviceStatus device_status_of(const Workspace& workspace, const Replica& replica,
                              const Contact& contact);

/// All own events in their order.
std::vector<OwnRecord> own_records(const Workspace& workspace, const Replica& replica);

}  // namespace clients
