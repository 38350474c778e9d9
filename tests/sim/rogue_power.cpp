#include "events/protocol/incarnation_messages.h"
#include "tests/sim/rogue_acts.h"
#include "tests/sim/violation.h"

#include <utility>
#include <vector>

// Who reaches for more than they may do.

namespace sim {

using events::Role;
using events::StreamKind;

void RogueActs::reach_for_power(Device& device, events::EventHeader head) {
  tally_.count(Happening::rogue_power);
  const projections::State& known = device.workspace().confirmed();
  std::vector<projections::Grant> grants;
  std::vector<projections::Grant> own;
  for (const projections::Grant& grant : known.access().grants()) {
    grants.push_back(grant);
    if (grant.person == head.actor) own.push_back(grant);
  }
  std::vector<events::UnitId> units = {events::UnitId{}};
  for (const projections::Unit& unit : known.units().all()) units.push_back(unit.id);
  std::vector<projections::Device> devices(known.access().devices().begin(),
                                           known.access().devices().end());
  if (grants.empty() || own.empty() || devices.empty()) return;

  head.role_grant = random_.pick(random_.chance(80) ? own : grants).id;
  // A registrar who was one tries it with the days when he was.
  for (const projections::Grant& grant : own) {
    if (grant.role == Role::registrar && random_.chance(80)) head.role_grant = grant.id;
  }
  if (random_.chance(40)) {
    head.business_day.value -= static_cast<std::uint32_t>(random_.below(10));
  }
  const events::PersonId self = head.actor;
  const projections::Grant target = random_.pick(grants);
  const projections::Device lost = random_.pick(devices);
  const auto record = [&](events::Payload payload, events::EventId about) {
    head.stream = {StreamKind::access, about};
    device.record_rogue(events::make_event(head, std::move(payload)), {}, world_.now());
  };
  switch (random_.below(6)) {
    case 0:
    case 1: {
      const Role role = random_.chance(50) ? Role::auditor : Role::registrar;
      const events::UnitId unit = random_.pick(units);
      return record(events::RoleGranted{self, role, unit, events::Day{1}, {}, "tự cấp"}, head.id());
    }
    case 2: {
      const auto role = static_cast<Role>(1 + random_.below(events::role_max));
      return record(
          events::RoleGranted{target.person, role, random_.pick(units), events::Day{1}, {}, ""},
          head.id());
    }
    case 3:
      return record(events::RoleRevoked{target.id, head.business_day, ""}, target.id.event);
    case 4: {
      events::EnrolmentOffered offer;
      offer.persons = {target.person};
      const auto code = random_.bytes<16>();
      offer.code_digest = events::sha256(code);
      offer.expires = events::Timestamp{world_.now().value + 30 * events::milliseconds_per_day};
      return record(offer, head.id());
    }
    default:
      // Whose revocation would stand is left to the founder, who knows what it costs the others.
      if (lost.persons.size() == 1) return;
      return record(events::QuotaRaised{lost.id, head.business_day, 20}, lost.id.event);
  }
}

void RogueActs::ask_for_chains(Device& device) {
  const events::EventLog& log = world_.host().log();
  const clients::Identity& identity = device.replica().identity();
  const events::Result<events::ChainHead> head = log.chain_head(identity.chain);
  if (!head || head->seq == 0) return;
  tally_.count(Happening::rogue_chain);
  events::SecretSeed seed;
  seed.bytes = random_.bytes<32>();
  events::protocol::NewChain request;
  request.log = identity.log;
  request.chain = identity.chain;
  request.common_seq = head->seq;
  request.common_hash = head->hash;
  request.public_key = events::SigningKey::from_seed(seed).public_key();
  request.label = identity.label;
  const events::Bytes statement = events::protocol::new_chain_statement(
      request.log, request.chain, request.public_key, request.label);
  request.old_proof = events::SigningKey::from_seed(identity.seed).sign(statement);
  require(!world_.host().ask_for_chain(request, world_.now()), Promise::no_more_power,
          [&] { return device.name() + " got a chain though nobody forked its own"; });
}

}  // namespace sim
