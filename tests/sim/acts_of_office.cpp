#include "clients/core/acts/access.h"
#include "clients/core/acts/decide.h"
#include "clients/core/acts/holds.h"
#include "clients/core/acts/review.h"
#include "clients/core/acts/submit.h"
#include "clients/core/acts/units.h"
#include "projections/policy/steps.h"
#include "tests/sim/acts.h"

#include <algorithm>
#include <utility>

// Lists of dossiers, decisions about holds, and what the founder does.

namespace sim {

namespace acts = clients::acts;
using events::DossierState;
using events::Role;
using events::UnitId;
using projections::Dossier;

// ---- minutes, lists, decisions ----

bool Acts::review(Device& device, const Officer& officer) {
  const auto ready = dossiers(device, officer, DossierState::self_assessed);
  if (ready.empty()) return false;
  acts::Meeting minutes;
  minutes.unit = officer.unit;
  minutes.invited = 40;
  minutes.present = 32;
  minutes.minutes = {"Nhà văn hóa", "19 giờ 30", "21 giờ", "Bình xét"};
  const projections::UnitsOnDay units =
      device.workspace().pending().units().on(events::day_in_vietnam(device.clock(world_.now())));
  for (const Dossier* const dossier : ready) {
    if (minutes.entries.size() == 4) break;
    if (!units.lies_in(dossier->home_unit, officer.unit)) continue;
    const auto conclusion = random_.chance(85) ? events::ReviewConclusion::proposed
                                               : events::ReviewConclusion::not_proposed;
    minutes.entries.push_back({dossier->id, conclusion, 30, 1});
  }
  if (minutes.entries.empty()) return false;
  acts::Draft draft(device.workspace());
  acts::hold_meeting(draft, occasion(device, officer), minutes).value();
  return record(device, draft);
}

bool Acts::submit_list(Device& device, const Officer& officer) {
  acts::Submission list;
  list.issuer = officer.association;
  list.number = "05/TTr-HKH";
  for (const Dossier* const dossier : dossiers(device, officer, DossierState::reviewed)) {
    if (dossier->conclusion == events::ReviewConclusion::proposed && list.dossiers.size() < 4) {
      list.dossiers.push_back(dossier->id);
    }
  }
  if (list.dossiers.empty()) return false;
  acts::Draft draft(device.workspace());
  acts::submit(draft, occasion(device, officer), list).value();
  return record(device, draft);
}

bool Acts::decide(Device& device, const Officer& officer) {
  acts::Recognition decision;
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
  acts::Draft draft(device.workspace());
  acts::recognise(draft, occasion(device, officer), decision).value();
  return record(device, draft);
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
  acts::HoldDecision decision = acts::release_of(held, state);
  const bool can_be_released = decision.verdict.takes_effect();
  if (can_be_released && !random_.chance(65)) {
    decision.verdict.code = events::VerdictCode::refused;
    decision.verdict.rule = held.verdict.rule;
  }
  acts::Draft draft(device.workspace());
  acts::decide_hold(draft, occasion(device, officer), decision);
  return record(device, draft);
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
  acts::Draft draft(founder.workspace());
  const acts::Occasion now = occasion(founder, registrar);
  const events::Day effective{today.value - static_cast<std::uint32_t>(random_.below(3)) + 1};
  acts::revoke_role(draft, now, {taken.id, effective, "13/QĐ-HKH"}).value();
  if (random_.chance(80)) {
    const events::Day from = random_.chance(50) ? effective : taken.valid_from;
    acts::grant_role(draft, now,
                     {taken.person, taken.role, taken.unit, from, events::Day{}, "14/QĐ-HKH"})
        .value();
  }
  record(founder, draft);
}

/// Units are born, move and merge: scopes grow, and people find themselves in another commune.
void Acts::rearrange_units() {
  Device& founder = world_.administrator();
  std::vector<projections::Unit> hamlets;
  std::vector<projections::Unit> communes;
  for (const projections::Unit& unit : founder.workspace().pending().units().all()) {
    if (projections::is_hamlet(unit) && !unit.closed_from) hamlets.push_back(unit);
    if (projections::is_commune_level(unit)) communes.push_back(unit);
  }
  if (hamlets.empty() || communes.empty()) return;
  const events::Day today = events::day_in_vietnam(founder.clock(world_.now()));
  const projections::Unit& commune = random_.pick(communes);
  const Officer& registrar = founder.officers().front();
  acts::Draft draft(founder.workspace());
  const acts::Occasion now = occasion(founder, registrar);
  switch (random_.below(5)) {
    case 0:
      acts::create_unit(
          draft, now,
          {events::UnitKind::hamlet, commune.id, "Bản mới", "", events::AreaType::rural, today, ""})
          .value();
      break;
    case 1:
      acts::create_unit(draft, now,
                        {events::UnitKind::commune, commune.latest().parent, "Xã mới", "03399",
                         events::AreaType::rural, today, ""})
          .value();
      break;
    case 2:
      acts::change_unit(draft, now,
                        {commune.id, "Phường mới", "03398", commune.latest().parent, today, ""})
          .value();
      break;
    case 3: {
      const projections::Unit& closed = random_.pick(hamlets);
      const projections::Unit& successor = random_.pick(hamlets);
      if (hamlets.size() < 4 || closed.id == successor.id) return;
      acts::close_unit(draft, now, {closed.id, today, {successor.id}, "Nghị quyết 17"}).value();
      break;
    }
    default: {
      const projections::Unit& hamlet = random_.pick(hamlets);
      acts::change_unit(draft, now, {hamlet.id, "Bản dời", "", commune.id, today, ""}).value();
      break;
    }
  }
  if (record(founder, draft)) tally_.count(Happening::units_rearranged);
}

/// A device was lost.
void Acts::revoke_a_device() {
  Device& founder = world_.administrator();
  const Device& lost = *world_.devices().back();
  if (&lost == &founder || !lost.is_enrolled()) return;
  const events::DeviceId id = lost.replica().identity().device;
  const Officer& registrar = founder.officers().front();
  acts::Draft draft(founder.workspace());
  acts::revoke_device(draft, occasion(founder, registrar), id, "Mất máy").value();
  if (record(founder, draft)) tally_.count(Happening::device_revoked);
}

}  // namespace sim
