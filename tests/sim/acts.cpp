#include "tests/sim/acts.h"

#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/appraise.h"
#include "clients/core/acts/decide.h"
#include "clients/core/acts/evidence.h"
#include "clients/core/acts/register.h"

#include <algorithm>
#include <utility>

namespace sim {

namespace acts = clients::acts;
using events::DossierId;
using events::DossierState;
using events::Role;
using projections::Dossier;

namespace {

/// The founder introduces the officers; they seldom apply for a title themselves.
constexpr events::ChainNumber founders_chain{2};

}  // namespace

// ---- who acts ----

void Acts::act_on(Device& device) {
  if (!device.is_enrolled() || device.officers().empty()) return;
  for (int attempt = 0; attempt < 6; ++attempt) {
    const Officer& officer = random_.pick(device.officers());
    const Role role = random_.pick(officer.roles);
    bool done = false;
    switch (role) {
      case Role::branch_head:
        done = branch_act(device, officer);
        break;
      case Role::commune_clerk:
        done = clerk_act(device, officer);
        break;
      case Role::commune_assoc_chair:
        done = chair_act(device, officer);
        break;
      case Role::appraiser:
        done = appraiser_act(device, officer);
        break;
      case Role::signer:
        done = signer_act(device, officer);
        break;
      default:
        done = superior_act(device, officer);
        break;
    }
    if (done || !device.is_enrolled()) return;
  }
}

bool Acts::branch_act(Device& device, const Officer& officer) {
  acts::Draft draft(device.workspace());
  const acts::Occasion now = occasion(device, officer);
  switch (random_.below(17)) {
    case 0:
      return random_.chance(20) && introduce(device, officer);
    case 1:
    case 2:
    case 3:
      return open(device, officer);
    case 4:
    case 5: {
      const Dossier* const dossier = some_dossier(device, officer, DossierState::registered);
      if (dossier == nullptr) return false;
      acts::accept(draft, now, {&dossier->id, 1});
      return record(device, draft);
    }
    case 6:
    case 7: {
      const acts::Scores scores = sheet();
      const Dossier* const dossier = some_dossier(device, officer, DossierState::accepted);
      if (dossier == nullptr) return false;
      acts::record_scores(draft, now, dossier->id, scores);
      return record(device, draft);
    }
    case 8:
    case 16: {
      const Dossier* const dossier =
          some_dossier(device, officer, static_cast<DossierState>(random_.between(1, 9)));
      if (dossier == nullptr) return false;
      acts::sight_evidence(draft, now,
                           {dossier->id,
                            events::EvidenceKind::certificate,
                            1,
                            events::Day{},
                            {"Giấy chứng nhận", "Trung tâm", "Nhà văn hóa"}})
          .value();
      return record(device, draft);
    }
    case 9: {
      const Dossier* const dossier = some_dossier(device, officer, DossierState::returned);
      if (dossier == nullptr) return false;
      acts::resubmit(draft, now, dossier->id, "").value();
      return record(device, draft);
    }
    case 10: {
      if (!random_.chance(30)) return false;
      const Dossier* const dossier =
          some_dossier(device, officer, static_cast<DossierState>(random_.between(1, 6)));
      if (dossier == nullptr) return false;
      acts::withdraw(draft, now, dossier->id, "").value();
      const bool done = record(device, draft);
      if (done) tally_.count(Happening::withdrawn);
      return done;
    }
    default:
      return review(device, officer);
  }
}

bool Acts::clerk_act(Device& device, const Officer& officer) {
  switch (random_.below(4)) {
    case 0:
      return random_.chance(20) && introduce(device, officer);
    case 1:
      return return_blocks(device, officer,
                           random_.chance(50) ? DossierState::registered : DossierState::submitted);
    default:
      return decide_hold(device, officer);
  }
}

bool Acts::chair_act(Device& device, const Officer& officer) {
  if (random_.chance(75)) return submit_list(device, officer);
  const DossierState from = random_.chance(60) ? DossierState::reviewed : DossierState::appraised;
  const Dossier* const dossier = some_dossier(device, officer, from);
  if (dossier == nullptr) return false;
  using enum events::NotRecognizedReason;
  const auto reason = from == DossierState::reviewed ? not_proposed
                      : dossier->below_total         ? below_total
                                                     : below_floor;
  acts::Draft draft(device.workspace());
  acts::refuse_title(draft, occasion(device, officer), {&dossier->id, 1}, {reason});
  const bool done = record(device, draft);
  if (done) tally_.count(Happening::not_recognized);
  return done;
}

bool Acts::appraiser_act(Device& device, const Officer& officer) {
  if (random_.chance(10)) return return_blocks(device, officer, DossierState::submitted);
  const Dossier* const dossier = some_dossier(device, officer, DossierState::submitted);
  if (dossier == nullptr) return false;
  acts::Draft draft(device.workspace());
  acts::appraise(draft, occasion(device, officer), std::span(&dossier->id, 1)).value();
  return record(device, draft);
}

bool Acts::signer_act(Device& device, const Officer& officer) { return decide(device, officer); }

bool Acts::superior_act(Device& device, const Officer& officer) {
  return decide_hold(device, officer);
}

// ---- what they do ----

bool Acts::introduce(Device& device, const Officer& officer) {
  acts::NewPerson person;
  person.home = officer.unit;
  person.gender = random_.chance(50) ? events::Gender::female : events::Gender::male;
  person.age_band = events::AgeBand::from_25_to_34;
  acts::Draft draft(device.workspace());
  if (random_.chance(40)) {
    person.household =
        acts::introduce(draft, occasion(device, officer),
                        acts::NewCollective{"Hộ ông Lò Văn Ún", events::CollectiveKind::household,
                                            officer.unit, events::PersonId{}, 4})
            .value();
  }
  const acts::Stamp drawn = stamp(device);
  const char* const id_number = random_.chance(20) ? "12" : "";
  person.record = {"Lò Thị Ánh", events::PartialDate{1990, 3, 12}, 3, id_number, ""};
  acts::introduce(draft, occasion(officer, {drawn}), person).value();
  return record(device, draft);
}

bool Acts::open(Device& device, const Officer& officer) {
  std::vector<events::PersonId> persons;
  for (const projections::Person& person : device.workspace().pending().subjects().persons()) {
    const bool is_officer = person.id.event.chain() == founders_chain;
    if (is_officer && !random_.chance(3)) continue;
    if (person.scope == officer.commune) persons.push_back(person.id);
  }
  const bool known = !persons.empty() && random_.chance(50);
  acts::Draft day(device.workspace());
  const acts::Occasion now = occasion(device, officer);
  acts::Registration registration;
  registration.subject.kind = events::SubjectKind::person;
  if (known) {
    registration.subject.id = random_.pick(persons).event;
  } else {
    acts::NewPerson person;
    person.home = officer.unit;
    person.record = {"Tòng Văn Pánh", events::PartialDate{1985, 0, 0}, 3, "", "+84912345678"};
    registration.subject.id = acts::introduce(day, now, person).value().event;
  }
  registration.cycle = world_.cycle();
  registration.group = events::GroupCode::farmer_rural;
  registration.home = officer.unit;
  registration.declaration.basis = events::LawfulBasis::consent;
  registration.declaration.consent_purposes = events::consent_assess | events::consent_statistics;
  registration.declaration.confirmation = events::Confirmation::subject_present;
  const DossierId dossier = acts::register_dossier(day, now, registration).value();
  // A whole visit to a village in one go.
  if (random_.chance(70)) acts::accept(day, now, {&dossier, 1});
  if (day.size() > 3 && random_.chance(80)) acts::record_scores(day, now, dossier, sheet());
  return record(device, day);
}

acts::Scores Acts::sheet() {
  acts::Scores sheet;
  sheet.criteria = world_.criteria();
  for (int indicator = 0; indicator < 2; ++indicator) {
    sheet.scores_tenths.push_back(
        static_cast<std::uint16_t>(random_.chance(15) ? 30 : random_.between(14, 20) * 5));
  }
  return sheet;
}

bool Acts::return_blocks(Device& device, const Officer& officer, DossierState from) {
  const Dossier* const dossier = some_dossier(device, officer, from);
  if (dossier == nullptr) return false;
  acts::Return returned;
  returned.dossier = dossier->id;
  returned.reason = events::ReturnReason::missing_evidence;
  returned.return_to =
      from == DossierState::registered ? DossierState::registered : DossierState::self_assessed;
  const acts::Stamp drawn = stamp(device);
  if (random_.chance(50)) returned.note = "Thiếu bản sao giấy chứng nhận";
  acts::Draft draft(device.workspace());
  acts::return_dossier(draft, occasion(officer, {drawn}), returned).value();
  const bool done = record(device, draft);
  if (done) tally_.count(Happening::returned);
  return done;
}

// ---- how they say it ----

std::vector<const Dossier*> Acts::dossiers(const Device& device, const Officer& officer,
                                           DossierState state) const {
  std::vector<const Dossier*> found;
  const projections::State& pending = device.replica().overlay().pending();
  for (const Dossier& dossier : pending.dossiers().all()) {
    if (dossier.state == state && dossier.scope == officer.commune) found.push_back(&dossier);
  }
  return found;
}

const Dossier* Acts::some_dossier(const Device& device, const Officer& officer,
                                  DossierState state) {
  const auto found = dossiers(device, officer, state);
  return found.empty() ? nullptr : random_.pick(found);
}

acts::Stamp Acts::stamp(const Device& device) {
  const events::Day today = events::day_in_vietnam(device.clock(world_.now()));
  const std::uint32_t ago = random_.chance(20) ? static_cast<std::uint32_t>(random_.below(4)) : 0;
  return {events::Day{today.value - std::min(ago, today.value)}, random_.bytes<16>()};
}

acts::Occasion Acts::occasion(const Device& device, const Officer& officer) {
  return {officer.person, [this, &device] { return stamp(device); }};
}

acts::Occasion Acts::occasion(const Officer& officer, std::vector<acts::Stamp> stamps) {
  return {officer.person, [stamps = std::move(stamps), next = std::size_t{0}]() mutable {
            return stamps.at(next++);
          }};
}

bool Acts::record(Device& device, const acts::Draft& draft) {
  const auto done = device.record(draft.requests(), world_.now());
  return done && !done->refused;
}

}  // namespace sim
