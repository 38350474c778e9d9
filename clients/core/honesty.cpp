#include "clients/core/honesty.h"

namespace clients {

Claim claim_of(const ClaimFacts& facts) {
  if (facts.revoked) return Claim::revoked;
  if (facts.verdicts_known < facts.own_head) return Claim::unsent;
  if (!facts.met) return Claim::never_met;
  if (facts.last_own > facts.frontier) return Claim::not_official;
  if (!facts.caught_up) return Claim::behind;
  return facts.unproved == 0 ? Claim::in_step : Claim::unproved;
}

Stock take_stock(const Workspace& workspace, const Replica& replica, const Contact& contact) {
  const OfflineLog& own = replica.own();
  Stock stock;
  stock.own_events = own.head().seq;
  stock.frontier = workspace.confirmed().applied();
  stock.unproved = replica.unproved_count();
  stock.alarms = replica.head_book().alarms().size();
  events::Position last_own;
  for (std::uint64_t seq = 1; seq <= own.head().seq; ++seq) {
    const EventStanding standing = workspace.standing_of_own(seq);
    if (standing.position > last_own) last_own = standing.position;
    switch (standing.standing) {
      case Standing::device_only: {
        ++stock.device_only;
        const events::Event& event = own.entry(seq).event;
        ++stock.unsent_events.count;
        stock.unsent_events.bytes += event.canonical.size();
        const auto digest = events::private_digest_of(event.payload);
        if (!digest) break;
        ++stock.unsent_privates.count;
        const auto record = replica.store().private_record(*digest);
        const bool is_damaged =
            !record && record.error().code == events::ErrorCode::storage_corrupt;
        if (is_damaged && stock.unreadable == events::EventId{}) stock.unreadable = event.id();
        if (record && *record) {
          stock.unsent_privates.bytes += (*record)->salt.size() + (*record)->bytes.size();
        }
        break;
      }
      case Standing::received:
      case Standing::unproved:  // Never of own events: the device signed them itself.
        ++stock.received;
        break;
      case Standing::official:
        ++stock.official;
        break;
      case Standing::waiting:
        ++stock.waiting;
        break;
      case Standing::refused:
        ++stock.refused;
        break;
    }
  }
  stock.claim = claim_of({contact.met, contact.caught_up, own.head().seq, own.verdicts_known(),
                          last_own, stock.frontier, stock.unproved, contact.revoked});
  return stock;
}

std::vector<OwnRecord> own_records(const Workspace& workspace, const Replica& replica) {
  const OfflineLog& own = replica.own();
  std::vector<OwnRecord> records;
  for (std::uint64_t seq = 1; seq <= own.head().seq; ++seq) {
    const events::EventHeader& header = own.entry(seq).event.header;
    records.push_back({header.id(), static_cast<events::EventType>(header.type), header.stream,
                       header.recorded_at, workspace.standing_of_own(seq)});
  }
  return records;
}

}  // namespace clients
