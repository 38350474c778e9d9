#include "tests/sim/acts.h"

#include <algorithm>
#include <utility>

namespace sim {

using clients::RecordRequest;
using events::DossierId;
using events::DossierState;
using events::Role;
using events::StreamId;
using events::StreamKind;
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
  const auto step = [&](DossierState from, const auto& payload) {
    const Dossier* const dossier = some_dossier(device, officer, from);
    if (dossier == nullptr) return false;
    return record(device, {on(device, officer, dossier->id, payload)});
  };
  switch (random_.below(17)) {
    case 0:
      return random_.chance(20) && introduce(device, officer);
    case 1:
    case 2:
    case 3:
      return open(device, officer);
    case 4:
    case 5:
      return step(DossierState::registered, events::RegistrationAccepted{});
    case 6:
    case 7:
      return step(DossierState::accepted, sheet());
    case 8:
    case 16: {
      const Dossier* const dossier =
          some_dossier(device, officer, static_cast<DossierState>(random_.between(1, 9)));
      if (dossier == nullptr) return false;
      RecordRequest sighted = on(device, officer, dossier->id,
                                 events::EvidenceSighted{events::EvidenceKind::certificate, 1,
                                                         events::Day{}, std::nullopt});
      sighted.fields = events::EvidenceRecord{"Giấy chứng nhận", "Trung tâm", "Nhà văn hóa"};
      return record(device, {std::move(sighted)});
    }
    case 9:
      return step(DossierState::returned, events::DossierResubmitted{});
    case 10: {
      if (!random_.chance(30)) return false;
      const bool done =
          step(static_cast<DossierState>(random_.between(1, 6)), events::DossierWithdrawn{});
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
  const bool done =
      record(device, {on(device, officer, dossier->id, events::DossierNotRecognized{{reason}})});
  if (done) tally_.count(Happening::not_recognized);
  return done;
}

bool Acts::appraiser_act(Device& device, const Officer& officer) {
  if (random_.chance(10)) return return_blocks(device, officer, DossierState::submitted);
  const Dossier* const dossier = some_dossier(device, officer, DossierState::submitted);
  if (dossier == nullptr) return false;
  const auto outcome = dossier->sheet_passes ? events::AppraisalOutcome::qualified
                                             : events::AppraisalOutcome::not_qualified;
  return record(device, {on(device, officer, dossier->id,
                            events::DossierAppraised{outcome, dossier->total_tenths})});
}

bool Acts::signer_act(Device& device, const Officer& officer) { return decide(device, officer); }

bool Acts::superior_act(Device& device, const Officer& officer) {
  return decide_hold(device, officer);
}

// ---- what they do ----

bool Acts::introduce(Device& device, const Officer& officer) {
  Requests acts;
  events::PersonIntroduced person;
  person.home_unit = officer.unit;
  person.gender = random_.chance(50) ? events::Gender::female : events::Gender::male;
  person.age_band = events::AgeBand::from_25_to_34;
  if (random_.chance(40)) {
    person.household = events::CollectiveId{device.workspace().next_id()};
    acts.push_back(
        request(device, officer,
                events::CollectiveIntroduced{events::CollectiveKind::household, officer.unit,
                                             events::PersonId{}, 4, std::nullopt}));
    acts.back().fields = events::CollectiveRecord{"Hộ ông Lò Văn Ún"};
  }
  acts.push_back(request(device, officer, person));
  const char* const id_number = random_.chance(20) ? "12" : "";
  acts.back().fields =
      events::PersonRecord{"Lò Thị Ánh", events::PartialDate{1990, 3, 12}, 3, id_number, ""};
  return record(device, acts);
}

bool Acts::open(Device& device, const Officer& officer) {
  std::vector<events::PersonId> persons;
  for (const projections::Person& person : device.workspace().pending().subjects().persons()) {
    const bool is_officer = person.id.event.chain() == founders_chain;
    if (is_officer && !random_.chance(3)) continue;
    if (person.scope == officer.commune) persons.push_back(person.id);
  }
  const bool known = !persons.empty() && random_.chance(50);
  Requests day;
  events::EventId subject;
  if (known) {
    subject = random_.pick(persons).event;
  } else {
    events::PersonIntroduced person;
    person.home_unit = officer.unit;
    subject = device.workspace().next_id();
    day.push_back(request(device, officer, person));
    day.back().fields = events::PersonRecord{"Tòng Văn Pánh", events::PartialDate{1985, 0, 0}, 3,
                                             "", "+84912345678"};
  }
  const DossierId dossier{device.workspace().next_id(day.size())};
  day.push_back(request(device, officer,
                        events::DossierOpened{{events::SubjectKind::person, subject},
                                              world_.cycle(),
                                              events::GroupCode::farmer_rural,
                                              officer.unit}));
  events::DossierRegistered registered{
      events::LawfulBasis::consent, events::consent_assess | events::consent_statistics,
      events::Confirmation::subject_present, events::ProxyReason::none, std::nullopt};
  day.push_back(on(device, officer, dossier, registered));
  // A whole visit to a village in one go.
  if (random_.chance(70))
    day.push_back(on(device, officer, dossier, events::RegistrationAccepted{}));
  if (day.size() > 3 && random_.chance(80)) day.push_back(on(device, officer, dossier, sheet()));
  return record(device, day);
}

events::SelfAssessmentRecorded Acts::sheet() {
  events::SelfAssessmentRecorded sheet;
  sheet.criteria = world_.criteria();
  for (int indicator = 0; indicator < 2; ++indicator) {
    const auto score =
        static_cast<std::uint16_t>(random_.chance(15) ? 30 : random_.between(14, 20) * 5);
    sheet.scores_tenths.push_back(score);
    sheet.total_tenths = static_cast<std::uint16_t>(sheet.total_tenths + score);
  }
  return sheet;
}

bool Acts::return_blocks(Device& device, const Officer& officer, DossierState from) {
  const Dossier* const dossier = some_dossier(device, officer, from);
  if (dossier == nullptr) return false;
  events::DossierReturned returned;
  returned.reason = events::ReturnReason::missing_evidence;
  returned.return_to =
      from == DossierState::registered ? DossierState::registered : DossierState::self_assessed;
  RecordRequest act = on(device, officer, dossier->id, returned);
  if (random_.chance(50)) act.fields = events::NoteRecord{"Thiếu bản sao giấy chứng nhận"};
  const bool done = record(device, {std::move(act)});
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

RecordRequest Acts::request(const Device& device, const Officer& officer, events::Payload payload,
                            std::optional<StreamId> about) {
  RecordRequest request;
  request.payload = std::move(payload);
  request.about = about;
  request.actor = officer.person;
  const events::Day today = events::day_in_vietnam(device.clock(world_.now()));
  const std::uint32_t ago = random_.chance(20) ? static_cast<std::uint32_t>(random_.below(4)) : 0;
  request.business_day = events::Day{today.value - std::min(ago, today.value)};
  request.salt = random_.bytes<16>();
  return request;
}

RecordRequest Acts::on(const Device& device, const Officer& officer, DossierId dossier,
                       events::Payload payload) {
  return request(device, officer, std::move(payload), StreamId{StreamKind::dossier, dossier.event});
}

bool Acts::record(Device& device, const Requests& requests) {
  const auto done = device.record(requests, world_.now());
  return done && !done->refused;
}

}  // namespace sim
