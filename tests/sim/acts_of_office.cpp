#include "projections/policy/steps.h"
#include "projections/rules/judge.h"
#include "tests/sim/acts.h"

#include <algorithm>
#include <utility>

// Lists of dossiers, decisions about holds, and what the founder does.

namespace sim {

using clients::RecordRequest;
using events::DossierId;
using events::DossierState;
using events::Role;
using events::StreamId;
using events::StreamKind;
using events::UnitId;
using projections::Dossier;

// ---- minutes, lists, decisions ----

bool Acts::review(Device& device, const Officer& officer) {
  const auto ready = dossiers(device, officer, DossierState::self_assessed);
  if (ready.empty()) return false;
  events::ReviewHeld minutes;
  minutes.unit = officer.unit;
  minutes.invited = 40;
  minutes.present = 32;
  for (const Dossier* const dossier : ready) {
    if (minutes.entries.size() == 4) break;
    if (!device.workspace().pending().units().lies_in(dossier->home_unit, officer.unit)) continue;
    const auto conclusion = random_.chance(85) ? events::ReviewConclusion::proposed
                                               : events::ReviewConclusion::not_proposed;
    minutes.entries.push_back({dossier->id, conclusion, 30, 1});
  }
  if (minutes.entries.empty()) return false;
  const events::MeetingId meeting{device.workspace().next_id()};
  Requests acts;
  acts.push_back(request(device, officer, minutes));
  acts.back().fields = events::MinutesRecord{"Nhà văn hóa", "19 giờ 30", "21 giờ", "Bình xét"};
  for (const events::ReviewEntry& entry : minutes.entries) {
    acts.push_back(
        on(device, officer, entry.dossier, events::DossierReviewed{meeting, entry.conclusion}));
  }
  return record(device, acts);
}

bool Acts::submit_list(Device& device, const Officer& officer) {
  events::ListSubmitted list;
  list.issuer = officer.association;
  list.number = "05/TTr-HKH";
  for (const Dossier* const dossier : dossiers(device, officer, DossierState::reviewed)) {
    if (dossier->conclusion == events::ReviewConclusion::proposed && list.dossiers.size() < 4) {
      list.dossiers.push_back(dossier->id);
    }
  }
  if (list.dossiers.empty()) return false;
  list.total = static_cast<std::uint16_t>(list.dossiers.size());
  const events::ListId id{device.workspace().next_id()};
  Requests acts;
  acts.push_back(request(device, officer, list));
  for (const DossierId dossier : list.dossiers) {
    acts.push_back(on(device, officer, dossier, events::DossierSubmitted{id}));
  }
  return record(device, acts);
}

bool Acts::decide(Device& device, const Officer& officer) {
  events::DecisionIssued decision;
  decision.issuer = officer.committee;
  decision.number = static_cast<std::uint32_t>(random_.between(1, 12));
  decision.symbol = "QĐ-UBND";
  decision.capacity = events::SigningCapacity::tm;
  for (const Dossier* const dossier : dossiers(device, officer, DossierState::appraised)) {
    const bool fits = dossier->outcome == events::AppraisalOutcome::qualified &&
                      dossier->appraiser != officer.person;
    if (fits && decision.dossiers.size() < 4) decision.dossiers.push_back(dossier->id);
  }
  if (decision.dossiers.empty()) return false;
  const events::DecisionId id{device.workspace().next_id()};
  Requests acts;
  acts.push_back(request(device, officer, decision));
  auto& issued = std::get<events::DecisionIssued>(acts.back().payload);
  issued.year = static_cast<std::uint16_t>(events::calendar_date(acts.back().business_day).year);
  for (const DossierId dossier : decision.dossiers) {
    acts.push_back(on(device, officer, dossier, events::TitleGranted{id}));
  }
  return record(device, acts);
}

// ---- holds ----

bool Acts::decide_hold(Device& device, const Officer& officer) {
  const projections::State& state = device.workspace().pending();
  projections::RoleSet roles = 0;
  for (const Role role : officer.roles) roles |= projections::bit(role);
  const auto all = state.inbox().all();
  std::vector<const projections::HeldEvent*> candidates;
  for (const auto& [position, held] : all) {
    // Provisional positions never leave the device.
    if (position > device.workspace().confirmed().applied()) continue;
    const bool may = (projections::roles_to_release(held.verdict.hold) & roles) != 0;
    if (may || random_.chance(5)) candidates.push_back(&held);
  }
  if (candidates.empty()) return false;
  const projections::HeldEvent& held = *random_.pick(candidates);
  events::Verdict verdict = projections::judge_again(held, state, true);
  const StreamId stream = held.event.header.stream;
  if (verdict.takes_effect() && random_.chance(65)) {
    return record(device,
                  {request(device, officer, events::HoldReleased{held.position, std::move(verdict)},
                           stream)});
  }
  if (verdict.takes_effect()) {
    verdict.code = events::VerdictCode::refused;
    verdict.rule = held.verdict.rule;
  }
  return record(device, {request(device, officer,
                                 events::HoldRefused{held.position, std::move(verdict)}, stream)});
}

// ---- the founder ----

void Acts::revoke_a_role() {
  Device& founder = world_.administrator();
  std::vector<const projections::Grant*> grants;
  const projections::Access& access = founder.workspace().pending().access();
  for (const projections::Grant& grant : access.grants()) {
    // Not his own.
    if (!grant.unit.is_none() && !grant.revoked_from) grants.push_back(&grant);
  }
  if (grants.empty()) return;
  const projections::Grant taken = *random_.pick(grants);
  const events::Day today = events::day_in_vietnam(founder.clock(world_.now()));
  for (const std::unique_ptr<Device>& device : world_.devices()) {
    if (!device->is_enrolled() || device->link() != nullptr) continue;
    const auto& persons = device->replica().identity().persons;
    if (std::ranges::find(persons, taken.person) != persons.end()) {
      tally_.count(Happening::role_revoked_while_offline);
    }
  }
  const Officer& registrar = founder.officers().front();
  Requests acts;
  const events::Day effective{today.value - static_cast<std::uint32_t>(random_.below(3)) + 1};
  acts.push_back(request(founder, registrar, events::RoleRevoked{taken.id, effective, "13/QĐ-HKH"},
                         StreamId{StreamKind::access, taken.id.event}));
  if (random_.chance(80)) {
    acts.push_back(request(founder, registrar,
                           events::RoleGranted{taken.person, taken.role, taken.unit,
                                               random_.chance(50) ? effective : taken.valid_from,
                                               events::Day{}, "14/QĐ-HKH"}));
  }
  record(founder, acts);
}

/// Units are born, move and merge: scopes grow, and people find themselves in another commune.
void Acts::rearrange_units() {
  Device& founder = world_.administrator();
  std::vector<projections::Unit> hamlets;
  std::vector<projections::Unit> communes;
  for (const projections::Unit& unit : founder.workspace().pending().units().all()) {
    if (unit.kind == events::UnitKind::hamlet && !unit.closed_from) hamlets.push_back(unit);
    if (projections::is_commune_level(unit.kind)) communes.push_back(unit);
  }
  if (hamlets.empty() || communes.empty()) return;
  const events::Day today = events::day_in_vietnam(founder.clock(world_.now()));
  const projections::Unit& commune = random_.pick(communes);
  const Officer& registrar = founder.officers().front();
  const auto act = [&](events::Payload payload, std::optional<StreamId> about = std::nullopt) {
    if (record(founder, {request(founder, registrar, std::move(payload), about)})) {
      tally_.count(Happening::units_rearranged);
    }
  };
  switch (random_.below(5)) {
    case 0:
      return act(events::UnitCreated{events::UnitKind::hamlet, commune.id, "Bản mới", "",
                                     events::AreaType::rural, today, ""});
    case 1:
      return act(events::UnitCreated{events::UnitKind::commune, commune.latest().parent, "Xã mới",
                                     "03399", events::AreaType::rural, today, ""});
    case 2:
      return act(events::UnitRenamed{commune.id, "Phường mới", "03398", commune.latest().parent,
                                     today, ""},
                 StreamId{StreamKind::unit, commune.id.event});
    case 3: {
      const projections::Unit& closed = random_.pick(hamlets);
      const projections::Unit& successor = random_.pick(hamlets);
      if (hamlets.size() < 4 || closed.id == successor.id) return;
      return act(events::UnitClosed{closed.id, today, {successor.id}, "Nghị quyết 17"},
                 StreamId{StreamKind::unit, closed.id.event});
    }
    default: {
      const projections::Unit& hamlet = random_.pick(hamlets);
      return act(events::UnitRenamed{hamlet.id, "Bản dời", "", commune.id, today, ""},
                 StreamId{StreamKind::unit, hamlet.id.event});
    }
  }
}

/// A device was lost.
void Acts::revoke_a_device() {
  Device& founder = world_.administrator();
  const Device& lost = *world_.devices().back();
  if (&lost == &founder || !lost.is_enrolled()) return;
  const events::DeviceId id = lost.replica().identity().device;
  const Officer& registrar = founder.officers().front();
  if (record(founder, {request(founder, registrar, events::DeviceRevoked{id, "Mất máy"},
                               StreamId{StreamKind::access, id.event})})) {
    tally_.count(Happening::device_revoked);
  }
}

}  // namespace sim
