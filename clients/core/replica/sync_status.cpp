#include "clients/core/replica/sync_status.h"

#include <algorithm>

namespace clients {

SyncStatus sync_status_of(const SyncFacts& facts) {
  if (facts.revoked) return SyncStatus::revoked;
  if (facts.verdicts_known < facts.own_head) return SyncStatus::unsent;
  if (!facts.met) return SyncStatus::never_met;
  if (facts.last_own > facts.synced_upto) return SyncStatus::not_official;
  if (!facts.caught_up) return SyncStatus::behind;
  return facts.unproved == 0 ? SyncStatus::in_step : SyncStatus::unproved;
}

DeviceStatus device_status_of(const Workspace& workspace, const Replica& replica,
                              const Contact& contact) {
  const OfflineLog& own = replica.own();
  DeviceStatus status;
  status.own_events = own.head().seq;
  status.synced_upto = workspace.confirmed().applied();
  status.unproved = replica.unproved_count();
  status.alarms = replica.head_store().alarms().size();
  // A server that was set back, or an older one, says less than the log that is here.
  status.log_rules = std::max(workspace.confirmed().rulebook().rules(), contact.server_rules);
  status.newest_rules = replica.newest_rules();
  status.needs_newer_build = replica.needs_newer_build() || status.log_rules > status.newest_rules;
  status.left_out = workspace.confirmed().left_out().dossiers();
  events::Position last_own;
  for (std::uint64_t seq = 1; seq <= own.head().seq; ++seq) {
    const EventProgress progress = workspace.progress_of_own(seq);
    if (progress.position > last_own) last_own = progress.position;
    switch (progress.status) {
      case EventStatus::device_only: {
        ++status.device_only;
        const events::Event& event = own.entry(seq).event;
        ++status.unsent_events.count;
        status.unsent_events.bytes += event.canonical.size();
        const auto digest = events::private_digest_of(event.payload);
        if (!digest) break;
        ++status.unsent_privates.count;
        const auto record = replica.store().private_record(*digest);
        const bool is_damaged =
            !record && record.error().code == events::ErrorCode::storage_corrupt;
        if (is_damaged && status.unreadable == events::EventId{}) status.unreadable = event.id();
        if (record && *record) {
          status.unsent_privates.bytes += (*record)->salt.size() + (*record)->bytes.size();
        }
        break;
      }
      case EventStatus::received:
      case EventStatus::unproved:  // Never of own events: the device signed them itself.
        ++status.received;
        break;
      case EventStatus::official:
        ++status.official;
        break;
      case EventStatus::waiting:
        ++status.waiting;
        break;
      case EventStatus::refused:
        ++status.refused;
        break;
    }
  }
  status.sync =
      sync_status_of({contact.met, contact.caught_up, own.head().seq, own.verdicts_known(),
                      last_own, status.synced_upto, status.unproved, contact.revoked});
  return status;
}

std::vector<OwnRecord> own_records(const Workspace& workspace, const Replica& replica) {
  const OfflineLog& own = replica.own();
  std::vector<OwnRecord> records;
  for (std::uint64_t seq = 1; seq <= own.head().seq; ++seq) {
    const events::EventHeader& header = own.entry(seq).event.header;
    records.push_back({header.id(), static_cast<events::EventType>(header.type), header.stream,
                       header.recorded_at, workspace.progress_of_own(seq)});
  }
  return records;
}

}  // namespace clients
