#include "tests/support/world_random.h"

#include "events/base/check.h"

#include <utility>

namespace test_support {

using namespace events;

RandomActs::RandomActs(World& world, std::uint64_t seed, bool reorganises)
    : world_(world), engine_(seed), places_(World::commune_count), reorganises_(reorganises) {}

void RandomActs::act() {
  here_ = once_in(2) ? 0 : below(World::commune_count);
  world_.wait_seconds(once_in(20) ? below(3 * 86'400) : below(600));
  for (Position& seen : place().seen) {
    if (!once_in(3)) seen = world_.head();
  }
  if (reorganises_ && once_in(25)) return reorganise();
  if (reorganises_ && once_in(15)) return appoint_in_successors();
  if (place().dossiers.size() < 2) return open_something();
  const std::uint64_t drawn = below(100);
  if (drawn < 3) return introduce_somebody();
  if (drawn < 8) return open_something();
  if (drawn < 66) return move_a_dossier();
  if (drawn < 70) return make_documents();
  if (drawn < 80) return sight_evidence();
  if (drawn < 84) return send_something_unknown();
  if (drawn < 95) return decide_about_a_hold();
  if (drawn < 99) return change_authority();
  move_a_hamlet();
}

// ---- people and dossiers ----

void RandomActs::introduce_somebody() {
  const CommuneWorld& commune = world_.commune(here_);
  const UnitId home = once_in(8) ? commune.unit : commune.hamlets.at(below(2));
  const std::string name = "somebody " + std::to_string(world_.head().value);
  if (once_in(4)) {
    CollectiveIntroduced household{CollectiveKind::household, home, {}, 4, sha256(bytes_of(name))};
    if (!place().citizens.empty() && once_in(2)) household.head = one_of(place().citizens);
    place().households.emplace_back(
        send({.chain = {}, .by = commune.entrant, .payload = household}).id());
    return;
  }
  PersonIntroduced person;
  person.home_unit = home;
  person.age_band = AgeBand::from_60_to_79;
  person.private_digest = sha256(bytes_of(name));
  if (!place().households.empty() && once_in(2)) person.household = one_of(place().households);
  place().citizens.emplace_back(send({.chain = {}, .by = commune.entrant, .payload = person}).id());
}

void RandomActs::open_something() {
  if (place().citizens.size() < 2 || once_in(3)) introduce_somebody();
  const CommuneWorld& commune = world_.commune(here_);
  DossierOpened opening{{}, world_.citizen_cycle(), GroupCode::farmer_rural, commune.hamlets[0]};
  if (!place().citizens.empty()) {
    opening.subject = {SubjectKind::person, one_of(place().citizens).event};
  }
  if (once_in(12)) opening.home_unit = commune.hamlets[1];
  if (once_in(12)) opening.subject.id = commune.appraiser.person.event;
  if (!place().households.empty() && once_in(6)) {
    opening = {{SubjectKind::collective, one_of(place().households).event},
               world_.family_cycle(),
               GroupCode::none,
               commune.hamlets[0]};
  }
  const Officer& by = once_in(3) ? commune.branch_head : commune.entrant;
  place().dossiers.emplace_back(send({.chain = {}, .by = by, .payload = opening}).id());
}

std::vector<DossierId> RandomActs::some_dossiers(DossierState state) {
  std::vector<DossierId> chosen;
  for (const DossierId dossier : place().dossiers) {
    const projections::Dossier* const row = world_.state().dossiers().find(dossier);
    const bool fits = row != nullptr && row->state == state;
    if ((fits || once_in(30)) && chosen.size() < 5) chosen.push_back(dossier);
  }
  return chosen;
}

void RandomActs::make_documents() {
  CommuneWorld& commune = world_.commune(here_);
  const std::uint64_t kind = below(3);
  if (kind == 0) {
    const auto rows = some_dossiers(DossierState::self_assessed);
    const auto conclusion = static_cast<ReviewConclusion>(once_in(4) ? 1 + below(3) : 1);
    send({.chain = {},
          .by = commune.branch_head,
          .payload = world_.a_meeting(here_, rows, conclusion)});
  } else if (kind == 1) {
    const auto rows = some_dossiers(DossierState::reviewed);
    send({.chain = {}, .by = commune.chair, .payload = world_.a_list(here_, rows)});
  } else {
    const auto rows = some_dossiers(DossierState::appraised);
    const Payload decision = world_.a_decision(here_, rows);
    // Sometimes a number is left out.
    if (once_in(4)) ++commune.decisions;
    send({.chain = {}, .by = commune.signer, .payload = decision});
  }
}

void RandomActs::sight_evidence() {
  const CommuneWorld& commune = world_.commune(here_);
  const DossierId dossier = one_of(place().dossiers);
  send({.chain = {},
        .by = once_in(2) ? commune.branch_head : commune.entrant,
        .payload = World::a_sighting(),
        .stream = stream_of(dossier)});
  // Somebody goes on who does not know of it yet.
  if (once_in(2)) send(next_step(dossier));
}

// ---- steps ----

const projections::Document* RandomActs::paper(EventType type, DossierId dossier) const {
  const projections::Document* latest = nullptr;
  for (const projections::Document& document : world_.state().documents().all()) {
    const bool fits = document.type == static_cast<std::uint16_t>(type);
    if (fits && document.entry_of(dossier) != nullptr) latest = &document;
  }
  return latest;
}

void RandomActs::move_a_dossier() {
  const DossierId dossier = one_of(place().dossiers);
  send(once_in(8) ? any_step(dossier) : next_step(dossier));
}

Act RandomActs::next_step(DossierId dossier) {
  const CommuneWorld& commune = world_.commune(here_);
  const auto by = [&](const Officer& officer, Payload payload) {
    return Act{
        .chain = {}, .by = officer, .payload = std::move(payload), .stream = stream_of(dossier)};
  };
  const projections::Dossier* const row = world_.state().dossiers().find(dossier);
  if (row == nullptr) return by(commune.entrant, World::a_registration());
  using enum DossierState;
  switch (row->state) {
    case draft:
      return by(commune.entrant, World::a_registration());
    case registered:
      if (once_in(6)) {
        return by(commune.clerk, DossierReturned{ReturnReason::wrong_group, draft, {}});
      }
      return by(commune.branch_head, RegistrationAccepted{});
    case accepted:
      return by(commune.entrant,
                world_.a_sheet(static_cast<std::uint16_t>(once_in(5) ? 45 : 65 + 5 * below(7))));
    case self_assessed:
      if (const projections::Document* const minutes = paper(EventType::review_held, dossier)) {
        return by(commune.branch_head,
                  DossierReviewed{MeetingId{minutes->id}, minutes->entry_of(dossier)->conclusion});
      }
      return {.chain = {},
              .by = commune.branch_head,
              .payload = world_.a_meeting(here_, some_dossiers(self_assessed))};
    case reviewed:
      if (const projections::Document* const list = paper(EventType::list_submitted, dossier)) {
        return by(commune.chair, DossierSubmitted{ListId{list->id}});
      }
      return {.chain = {},
              .by = commune.chair,
              .payload = world_.a_list(here_, some_dossiers(reviewed))};
    case submitted:
      if (once_in(5)) {
        const auto to = once_in(2) ? reviewed : self_assessed;
        return by(commune.clerk, DossierReturned{ReturnReason::score_mismatch, to, {}});
      }
      return by(commune.appraiser, world_.an_appraisal(dossier));
    case appraised:
      if (const projections::Document* const decided = paper(EventType::decision_issued, dossier)) {
        return by(commune.signer, TitleGranted{DecisionId{decided->id}});
      }
      return {.chain = {},
              .by = commune.signer,
              .payload = world_.a_decision(here_, some_dossiers(appraised))};
    case returned:
      return by(commune.entrant, DossierResubmitted{});
    default:
      break;
  }
  return any_step(dossier);
}

Act RandomActs::any_step(DossierId dossier) {
  const CommuneWorld& commune = world_.commune(here_);
  Act act{.chain = {}, .by = any_officer(here_), .payload = {}, .stream = stream_of(dossier)};
  switch (below(7)) {
    case 0:
      act.payload = RegistrationAccepted{};
      act.by = commune.branch_head;
      break;
    case 1:
      act.payload = world_.a_sheet(80);
      act.by = commune.entrant;
      break;
    case 2:
      act.payload = DossierResubmitted{};
      break;
    case 3:
      act.payload = DossierNotRecognized{{NotRecognizedReason::below_total}};
      act.by = commune.chair;
      break;
    case 4:
      act.payload =
          DossierReturned{ReturnReason::missing_evidence, DossierState::self_assessed, {}};
      act.by = commune.appraiser;
      break;
    case 5:
      act.payload = DossierAppraised{AppraisalOutcome::qualified, 800};
      act.by = commune.appraiser;
      break;
    default:
      act.payload = DossierWithdrawn{};
      act.by = commune.entrant;
      break;
  }
  return act;
}

// ---- what goes wrong ----

void RandomActs::send_something_unknown() {
  const std::size_t device = below(2);
  Act act{.chain = world_.commune(here_).devices.at(device),
          .by = any_officer(here_),
          .payload = {},
          .stream = stream_of(one_of(place().dossiers)),
          .seen = place().seen.at(device)};
  constexpr auto known_type = static_cast<std::uint16_t>(EventType::self_assessment_recorded);
  const bool newer = once_in(2);
  if (!newer && once_in(3)) act.stream.reset();
  const std::uint16_t type = newer ? known_type : 900;
  world_.append(world_.make_unknown(act, type, newer ? 99 : 1), act.intake);
}

void RandomActs::decide_about_a_hold() {
  const auto held = world_.state().inbox().all();
  if (held.empty()) return move_a_dossier();
  auto chosen = held.begin();
  std::advance(chosen, static_cast<std::ptrdiff_t>(below(held.size())));
  const projections::HeldEvent about = chosen->second;
  Act act{.chain = {}, .by = {}, .payload = {}, .stream = about.event.header.stream};
  for (std::size_t commune = 0; commune < World::commune_count; ++commune) {
    if (about.scope.contains(world_.commune(commune).unit)) here_ = commune;
  }
  act.by = world_.commune(here_).clerk;
  if (once_in(3)) act.by = world_.district_officer();
  if (once_in(10)) act.by = any_officer(here_);
  if (once_in(8) && !place().dossiers.empty()) act.stream = stream_of(one_of(place().dossiers));
  Verdict verdict;
  verdict.rules = RulesVersion{1};
  verdict.flags = about.verdict.flags;
  if (once_in(3)) {
    verdict.code = VerdictCode::refused;
    verdict.rule = about.verdict.rule;
    act.payload = HoldRefused{about.position, verdict};
  } else {
    verdict.code = VerdictCode::accepted;
    act.payload = HoldReleased{about.position, verdict};
  }
  send(std::move(act));
}

void RandomActs::change_authority() {
  const CommuneWorld& commune = world_.commune(here_);
  const std::uint64_t drawn = below(3);
  if (drawn == 0) {
    const std::array<const Officer*, 3> losers = {&commune.appraiser, &commune.branch_head,
                                                  &commune.signer};
    world_.revoke(*losers.at(below(3)),
                  Day{world_.today().value + static_cast<std::uint32_t>(below(4))});
  } else {
    // Whoever lost a role gets it again, and keeps their name and devices.
    CommuneWorld& changed = world_.commune(here_);
    Officer& officer = drawn == 1 ? changed.appraiser : changed.branch_head;
    officer = world_.appoint(officer.person, officer.role, officer.unit);
  }
}

void RandomActs::move_a_hamlet() {
  const UnitId hamlet = world_.commune(here_).hamlets[1];
  const UnitId to = world_.commune(below(World::commune_count)).unit;
  world_.administer(UnitRenamed{hamlet, "Bản đổi tên", "", to, world_.today(), "12/NQ-HĐND"},
                    StreamId{StreamKind::unit, hamlet.event});
}

void RandomActs::reorganise() {
  const CommuneWorld& from = world_.commune(here_);
  const CommuneWorld& to = world_.commune(below(World::commune_count));
  const CommuneWorld& other = world_.commune(below(World::commune_count));
  UnitsChanged change{
      "1661/NQ-UBTVQH15", Day{world_.today().value + static_cast<std::uint32_t>(below(4))}, {}};
  switch (below(4)) {
    case 0:
      change.rows = {{from.unit, to.unit, {}}};
      break;
    case 1:
      change.rows = {{from.unit, to.unit, {from.hamlets.at(below(2))}},
                     {from.unit, other.unit, {}}};
      break;
    case 2:
      change.rows = {{from.hamlets[1], from.hamlets[0], {}}};
      break;
    default:
      change.rows = {{from.unit, to.unit, {from.hamlets[1]}}};
  }
  world_.append(
      {.chain = World::administration, .by = world_.administrator(), .payload = std::move(change)});
}

void RandomActs::appoint_in_successors() {
  CommuneWorld& commune = world_.commune(here_);
  const projections::UnitsOnDay today = world_.state().units().on(world_.today());
  for (Officer* const officer : {&commune.branch_head, &commune.entrant, &commune.clerk,
                                 &commune.chair, &commune.appraiser, &commune.signer}) {
    const UnitId heir = today.current(officer->unit);
    if (heir == officer->unit || once_in(3)) continue;
    *officer = world_.appoint(officer->person, officer->role, heir);
  }
  // The committee of the successor lists and decides from then on.
  for (std::size_t index = 0; index < World::commune_count; ++index) {
    if (world_.commune(index).unit != today.current(commune.unit) || index == here_) continue;
    commune.association = world_.commune(index).association;
    commune.committee = world_.commune(index).committee;
  }
}

const Officer& RandomActs::any_officer(std::size_t commune) {
  const CommuneWorld& home = world_.commune(commune);
  const std::array<const Officer*, 6> officers = {&home.branch_head, &home.entrant,   &home.clerk,
                                                  &home.chair,       &home.appraiser, &home.signer};
  return *officers.at(below(officers.size()));
}

void RandomActs::make_a_mistake(Act& act) {
  switch (below(8)) {
    case 0:
      act.by = any_officer(here_);
      break;
    case 1:
      act.by = any_officer(below(World::commune_count));
      break;
    case 2:
      act.by.grant = RoleGrantId{EventId{ChainNumber{2}, 9'999}};
      break;
    case 3:
      if (act.stream) act.stream->id = EventId{act.chain, 900 + below(3)};
      break;
    case 4: {
      const std::vector<DossierId>& others = places_.at(below(World::commune_count)).dossiers;
      if (act.stream && !others.empty()) act.stream = stream_of(one_of(others));
      break;
    }
    case 5:
      act.intake.clock_offset_seconds = once_in(2) ? -400'000 : 700;
      break;
    case 6:
      act.business_day = Day{world_.today().value - static_cast<std::uint32_t>(below(100))};
      break;
    default:
      act.seen = Position{world_.head().value - below(40)};
      break;
  }
}

const StoredAct& RandomActs::send(Act act) {
  const std::size_t device = once_in(3) ? 1 : 0;
  act.chain = world_.commune(here_).devices.at(device);
  if (act.by.person == world_.district_officer().person) {
    act.chain = world_.district_device();
  } else {
    act.seen = place().seen.at(device);
  }
  if (once_in(7)) make_a_mistake(act);
  const StoredAct& sent = world_.append(act);
  const bool decided = std::holds_alternative<DecisionIssued>(act.payload);
  if (decided && !once_in(6)) ++world_.commune(here_).decisions;
  // The same paper typed once more, by the same hand or on the other device.
  if (once_in(25) && act.chain != world_.district_device()) {
    if (once_in(2)) act.chain = world_.commune(here_).devices.at(1 - device);
    return world_.append(act);
  }
  return sent;
}

}  // namespace test_support
