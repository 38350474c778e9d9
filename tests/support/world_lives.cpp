#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/appraise.h"
#include "clients/core/acts/decide.h"
#include "clients/core/acts/register.h"
#include "clients/core/acts/review.h"
#include "clients/core/acts/score.h"
#include "clients/core/acts/submit.h"
#include "events/base/check.h"
#include "tests/support/world.h"

#include <utility>

// The lives of dossiers on the good path.

namespace test_support {

using namespace events;
namespace acts = clients::acts;

DossierId World::register_citizen(std::size_t commune) {
  const DossierId dossier = open_dossier(commune);
  register_dossier(commune, dossier);
  accept_registration(commune, dossier);
  return dossier;
}

DossierId World::open_dossier(std::size_t commune) {
  const CommuneWorld& place = communes_.at(commune);
  acts::NewPerson person;
  person.record = {"Lò Văn Pản", {1990, 3, 12}, 0, "", ""};
  person.gender = Gender::male;
  person.age_band = AgeBand::from_25_to_34;
  person.home = place.hamlets[0];
  const PersonId citizen{
      perform(place.devices[0], place.entrant,
              [&](auto& draft, const auto& now) { acts::introduce(draft, now, person).value(); })};
  return open_dossier(commune, citizen, citizen_cycle_);
}

DossierId World::open_dossier(std::size_t commune, PersonId citizen, CycleId cycle) {
  const CommuneWorld& place = communes_.at(commune);
  DossierOpened opening = an_opening(citizen, commune);
  opening.cycle = cycle;
  return DossierId{must({.chain = place.devices[0], .by = place.entrant, .payload = opening}).id()};
}

void World::register_dossier(std::size_t commune, DossierId dossier) {
  const CommuneWorld& place = communes_.at(commune);
  must({.chain = place.devices[0],
        .by = place.entrant,
        .payload = a_registration(),
        .stream = stream_of(dossier)});
}

void World::accept_registration(std::size_t commune, DossierId dossier) {
  const CommuneWorld& place = communes_.at(commune);
  perform(place.devices[0], place.branch_head, [&](auto& draft, const auto& now) {
    acts::accept(draft, now, {&dossier, 1});
  });
}

void World::assess(std::size_t commune, DossierId dossier, std::uint16_t tenths) {
  const CommuneWorld& place = communes_.at(commune);
  perform(place.devices[0], place.entrant, [&](auto& draft, const auto& now) {
    acts::record_scores(draft, now, dossier, {citizen_criteria_, a_sheet(tenths).scores_tenths});
  });
}

MeetingId World::review(std::size_t commune, const std::vector<DossierId>& dossiers,
                        ReviewConclusion conclusion) {
  const CommuneWorld& place = communes_.at(commune);
  const ReviewHeld held = a_meeting(commune, dossiers, conclusion);
  const acts::Meeting meeting{held.unit,    held.secretary, held.invited,
                              held.present, held.entries,   {"Nhà văn hóa", "", "", ""}};
  return MeetingId{perform(place.devices[0], place.branch_head, [&](auto& draft, const auto& now) {
    acts::hold_meeting(draft, now, meeting).value();
  })};
}

ListId World::submit(std::size_t commune, const std::vector<DossierId>& dossiers) {
  const CommuneWorld& place = communes_.at(commune);
  return ListId{perform(place.devices[1], place.chair, [&](auto& draft, const auto& now) {
    acts::submit(draft, now, {place.association, "05/TTr-HKH", dossiers}).value();
  })};
}

void World::appraise(std::size_t commune, const std::vector<DossierId>& dossiers) {
  const CommuneWorld& place = communes_.at(commune);
  perform(place.devices[1], place.appraiser, [&](auto& draft, const auto& now) {
    acts::appraise(draft, now, std::span(dossiers)).value();
  });
}

DecisionId World::grant_title(std::size_t commune, const std::vector<DossierId>& dossiers) {
  CommuneWorld& place = communes_.at(commune);
  const acts::Recognition recognition{place.committee, ++place.decisions, "QĐ-UBND",
                                      SigningCapacity::kt, dossiers};
  return DecisionId{perform(place.devices[1], place.signer, [&](auto& draft, const auto& now) {
    acts::recognise(draft, now, recognition).value();
  })};
}

// ---- payloads ----

DossierRegistered World::a_registration() {
  DossierRegistered registration;
  registration.basis = LawfulBasis::consent;
  registration.consent_purposes = consent_assess | consent_statistics;
  registration.confirmation = Confirmation::signature_on_paper;
  registration.proxy = ProxyReason::no_smartphone;
  registration.private_digest = sha256(bytes_of("proxy"));
  return registration;
}

SelfAssessmentRecorded World::a_sheet(std::uint16_t tenths) const {
  const projections::Criteria* const criteria = state_.rulebook().find(citizen_criteria_);
  const GroupVariant* const variant = criteria->variant_of(GroupCode::farmer_rural);
  CHECK(variant != nullptr, "the criteria of the world score farmers");
  SelfAssessmentRecorded sheet;
  sheet.criteria = citizen_criteria_;
  sheet.scores_tenths.assign(variant->indicators.size(), tenths);
  sheet.total_tenths = static_cast<std::uint16_t>(tenths * variant->indicators.size());
  return sheet;
}

DossierOpened World::an_opening(PersonId citizen, std::size_t commune) const {
  return {{SubjectKind::person, citizen.event},
          citizen_cycle_,
          GroupCode::farmer_rural,
          communes_.at(commune).hamlets[0]};
}

EvidenceSighted World::a_sighting() {
  return {EvidenceKind::certificate, 3, day_of({2021, 1, 15}), sha256(bytes_of("evidence"))};
}

EvidenceAttached World::an_attachment() {
  return {EvidenceKind::photo,
          1,
          day_of({2021, 1, 15}),
          {sha256(bytes_of("original")), 300'000, MediaType::jpeg},
          ThumbnailFile{sha256(bytes_of("thumbnail")), 7'000},
          sha256(bytes_of("evidence"))};
}

ReviewHeld World::a_meeting(std::size_t commune, const std::vector<DossierId>& dossiers,
                            ReviewConclusion conclusion) const {
  ReviewHeld meeting;
  meeting.unit = communes_.at(commune).hamlets[0];
  meeting.secretary = communes_.at(commune).entrant.person;
  meeting.invited = 40;
  meeting.present = 32;
  for (const DossierId dossier : dossiers) {
    meeting.entries.push_back({dossier, conclusion, 30, 2});
  }
  return meeting;
}

ListSubmitted World::a_list(std::size_t commune, const std::vector<DossierId>& dossiers) const {
  return {communes_.at(commune).association, "05/TTr-HKH",
          static_cast<std::uint16_t>(dossiers.size()), dossiers};
}

DecisionIssued World::a_decision(std::size_t commune,
                                 const std::vector<DossierId>& dossiers) const {
  const CommuneWorld& place = communes_.at(commune);
  const auto year = static_cast<std::uint16_t>(calendar_date(today()).year);
  return {place.committee, place.decisions + 1, year, "QĐ-UBND", SigningCapacity::kt, dossiers};
}

DossierAppraised World::an_appraisal(DossierId dossier) const {
  const projections::Dossier* const row = state_.dossiers().find(dossier);
  CHECK(row != nullptr, "only dossiers of the world are appraised");
  return {row->sheet_passes ? AppraisalOutcome::qualified : AppraisalOutcome::not_qualified,
          row->total_tenths};
}

}  // namespace test_support
