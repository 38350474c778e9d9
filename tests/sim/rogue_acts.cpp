#include "tests/sim/rogue_acts.h"

#include "events/archive/compact.h"
#include "events/base/check.h"

#include <utility>

namespace sim {

using events::StreamKind;

namespace {

/// An event of a kind or version that nobody here knows, as a later build would make it.
events::Event of_another_version(events::EventHeader header, std::uint16_t type,
                                 std::uint32_t schema) {
  header.type = type;
  header.schema = schema;
  const events::Bytes payload{1, 2, 3, 4, 5};
  events::Bytes canonical;
  events::CompactOutput archive(canonical);
  archive.write_byte(events::event_form);
  archive(header);
  archive(events::bounded<events::event_bytes_max>(payload));
  events::Result<events::Event> event = events::read_event(canonical);
  CHECK(event.has_value(), "unknown kinds can be read");
  return std::move(*event);
}

}  // namespace

events::EventHeader RogueActs::header(Device& device, const Officer& officer) {
  events::EventHeader header;
  header.chain = device.replica().identity().chain;
  header.seq = device.replica().own().head().seq + 1;
  header.seen = device.workspace().confirmed().applied();
  header.rules = events::RulesVersion{1};
  header.actor = officer.person;
  header.recorded_at = device.clock(world_.now());
  header.business_day = events::day_in_vietnam(header.recorded_at);
  const projections::Access& access = device.workspace().confirmed().access();
  for (const projections::Grant& grant : access.grants()) {
    if (grant.person == officer.person) header.role_grant = grant.id;
  }
  std::vector<events::EventId> dossiers;
  for (const projections::Dossier& dossier : device.workspace().pending().dossiers().all()) {
    dossiers.push_back(dossier.id.event);
  }
  header.stream = {StreamKind::dossier, dossiers.empty() || random_.chance(5)
                                            ? events::EventId{header.chain, header.seq + 5}
                                            : random_.pick(dossiers)};
  return header;
}

events::Payload RogueActs::some_step(Device& device) {
  switch (random_.below(7)) {
    case 0:
      return events::RegistrationAccepted{};
    case 1:
      return events::DossierResubmitted{};
    case 2:
      return events::SelfAssessmentRecorded{world_.criteria(), {80, 80}, 160};
    case 3:
      return events::DossierAppraised{events::AppraisalOutcome::qualified, 160};
    case 4:
      return events::DossierNotRecognized{{events::NotRecognizedReason::other}};
    case 5: {
      // A grant that names some decision, or none that exists.
      events::EventId decision{device.replica().identity().chain, 1};
      for (const projections::Document& document : device.workspace().pending().documents().all()) {
        decision = document.id;
      }
      return events::TitleGranted{events::DecisionId{decision}};
    }
    default:
      return events::DossierRegistered{events::LawfulBasis::consent, events::consent_assess,
                                       events::Confirmation::subject_present,
                                       events::ProxyReason::none, std::nullopt};
  }
}

void RogueActs::flood(Device& device, const Officer& officer) {
  tally_.count(Happening::rogue_flood);
  for (std::uint64_t count = random_.between(6, 14); count > 0; --count) {
    device.record_rogue(of_another_version(header(device, officer), 999, 1), {}, world_.now());
  }
}

void RogueActs::act_on(Device& device) {
  if (!device.is_enrolled() || device.officers().empty()) return;
  const Officer& officer = random_.pick(device.officers());
  events::EventHeader head = header(device, officer);
  switch (random_.below(7)) {
    case 4:
    case 5:
      return reach_for_power(device, head);
    case 6:
      return ask_for_chains(device);
    case 0:
      tally_.count(Happening::rogue_wrong_state);
      device.record_rogue(events::make_event(head, some_step(device)), {}, world_.now());
      return;
    case 1: {
      tally_.count(Happening::rogue_wrong_role);
      std::vector<events::RoleGrantId> grants;
      for (const projections::Grant& grant : device.workspace().confirmed().access().grants()) {
        grants.push_back(grant.id);
      }
      if (!grants.empty()) head.role_grant = random_.pick(grants);
      device.record_rogue(events::make_event(head, some_step(device)), {}, world_.now());
      return;
    }
    case 2:
      if (random_.chance(20)) return flood(device, officer);
      tally_.count(Happening::rogue_unknown_kind);
      device.record_rogue(of_another_version(head, 999, 1), {}, world_.now());
      return;
    default:
      tally_.count(Happening::rogue_newer_schema);
      device.record_rogue(
          of_another_version(head, static_cast<std::uint16_t>(events::EventType::title_granted), 7),
          {}, world_.now());
      return;
  }
}

}  // namespace sim
