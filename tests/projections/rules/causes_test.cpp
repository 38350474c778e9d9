#include "projections/criteria/rule_causes.h"
#include "projections/texts/cause_texts.h"
#include "projections/texts/texts.h"
#include "projections/texts/verdict_causes.h"
#include "tests/support/event_builders.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace projections {
namespace {

using events::Rule;
using events::RuleCause;
using test_support::Act;
using test_support::judged;
using test_support::Officer;
using test_support::World;

/// A world with one registered and accepted citizen in commune 0, and what was found so far.
class Causes : public ::testing::Test {
 protected:
  const test_support::CommuneWorld& here() const { return world.commune(0); }

  Act by(const Officer& officer, events::Payload payload,
         std::optional<events::DossierId> about = std::nullopt) const {
    Act act{.chain = here().devices[0], .by = officer, .payload = std::move(payload)};
    if (about) act.stream = test_support::stream_of(*about);
    return act;
  }

  /// An act of the administrator, on what is everybody's.
  Act administering(events::Payload payload,
                    std::optional<events::StreamId> stream = std::nullopt) const {
    return {.chain = World::administration,
            .by = world.administrator(),
            .payload = std::move(payload),
            .stream = stream};
  }

  /// Somebody with that role and a device of their own.
  struct Newcomer {
    Officer officer;
    events::ChainNumber device;

    Act does(events::Payload payload, std::optional<events::StreamId> stream = std::nullopt) const {
      return {.chain = device, .by = officer, .payload = std::move(payload), .stream = stream};
    }
  };
  Newcomer newcomer(const Officer& officer) {
    return {officer, world.enrol({officer.person}, "Máy mới")};
  }
  /// The administrator's grant, and somebody who acts by it.
  Newcomer granted(events::Role role, events::UnitId unit, events::Day from, events::Day to = {}) {
    const events::PersonId person = world.introduce(here().unit);
    const events::EventId grant =
        world.administer(events::RoleGranted{person, role, unit, from, to, "QĐ 5"});
    return newcomer({person, events::RoleGrantId{grant}, role, unit});
  }

  /// The judge names the cause, and its sentence is one of its own.
  void expect(const Act& act, Rule rule, std::string_view word) {
    const events::Verdict verdict = judged(world, act);
    EXPECT_EQ(verdict.rule, rule);
    EXPECT_EQ(cause_word(verdict), word);
    const std::string sentence = message(verdict);
    EXPECT_EQ(sentence.find("hoặc"), std::string::npos) << sentence;
    EXPECT_TRUE(sentences.insert(sentence).second) << "twice: " << sentence;
  }

  World world;
  events::DossierId dossier = world.register_citizen(0);
  std::set<std::string> sentences;
};

// "Hoặc … hoặc" leaves the officer to guess which line of the sheet or list to put right.
TEST_F(Causes, OfSheetsAndLists) {
  events::SelfAssessmentRecorded sheet = world.a_sheet();
  sheet.scores_tenths[3] = 105;
  expect(by(here().entrant, sheet, dossier), Rule::v11_score_range, "score_above_max");
  sheet.scores_tenths[3] = 73;
  expect(by(here().entrant, sheet, dossier), Rule::v11_score_range, "score_off_step");
  sheet = world.a_sheet();
  sheet.criteria = events::CriteriaId{world.family_cycle().event};
  expect(by(here().entrant, sheet, dossier), Rule::v14_criteria, "criteria_of_other_round");

  events::ListSubmitted list = world.a_list(0, {dossier});
  expect(by(here().chair, list), Rule::v50_list, "list_rows_not_ready");
  list.total = 3;
  expect(by(here().chair, list), Rule::v50_list, "list_count_differs");
  expect(by(here().chair, world.a_list(0, {dossier, dossier})), Rule::v50_list, "list_row_twice");
  expect(by(here().chair, world.a_list(0, {})), Rule::v50_list, "list_empty");
}

TEST_F(Causes, OfDecisionsAndMinutes) {
  const events::DecisionIssued first = world.a_decision(0, {dossier});
  world.append(by(here().signer, first));
  expect(by(here().signer, first), Rule::v60_document_number, "number_taken");
  events::DecisionIssued decision = first;
  decision.number = 0;
  expect(by(here().signer, decision), Rule::v60_document_number, "number_below_one");
  decision.number = 2;
  decision.year = 2020;
  expect(by(here().signer, decision), Rule::v60_document_number, "number_of_other_year");

  world.assess(0, dossier);
  const events::DossierId other = world.register_citizen(0);
  const auto minutes_of = [&](events::DossierId row) {
    return events::MeetingId{world.append(by(here().branch_head, world.a_meeting(0, {row}))).id()};
  };
  using enum events::ReviewConclusion;
  const events::DossierReviewed differing{minutes_of(dossier), not_proposed};
  expect(by(here().branch_head, differing, dossier), Rule::t09_minutes, "conclusion_differs");
  const events::DossierReviewed lacking{minutes_of(other), proposed};
  expect(by(here().branch_head, lacking, dossier), Rule::t09_minutes, "not_in_minutes");
  events::ReviewHeld meeting = world.a_meeting(0, {dossier});
  meeting.entries[0].agree = meeting.present;
  expect(by(here().branch_head, meeting), Rule::t09_minutes, "votes_above_present");
}

TEST_F(Causes, OfConsentAndFields) {
  const events::DossierId draft = world.open_dossier(0);
  events::DossierRegistered registration = World::a_registration();
  registration.consent_purposes = events::consent_statistics;
  expect(by(here().entrant, registration, draft), Rule::v30_consent, "consent_missing");
  registration.basis = events::LawfulBasis::none;
  expect(by(here().entrant, registration, draft), Rule::v30_consent, "basis_unknown");
  registration = World::a_registration();
  registration.private_digest.reset();
  expect(by(here().entrant, registration, draft), Rule::v30_consent, "proxy_unnamed");
  registration = World::a_registration();
  registration.confirmation = static_cast<events::Confirmation>(6);
  expect(by(here().entrant, registration, draft), Rule::o_value, "field_registration");
  events::EvidenceAttached attachment = World::an_attachment();
  attachment.original.media = events::MediaType{4};
  expect(by(here().entrant, attachment, dossier), Rule::o_value, "field_media_type");
}

// "Not given, over or another person's" sends people to the wrong office.
TEST_F(Causes, OfRights) {
  const events::PersonId citizen = world.introduce(here().hamlets[0]);
  Act act = by(here().entrant, world.an_opening(citizen, 0));
  act.by.grant = here().branch_head.grant;
  expect(act, Rule::a_grant, "grant_of_another");
  act = by(here().entrant, world.an_opening(citizen, 0));
  world.revoke(here().entrant, world.today());
  expect(act, Rule::a_grant, "grant_revoked");
}

TEST_F(Causes, OfARoleInAUnitThatEnded) {
  const events::UnitsChanged merger{
      "NQ", world.today(), {{here().unit, world.commune(1).unit, {}}}};
  world.administer(merger);
  events::PersonIntroduced person = test_support::a_person();
  person.home_unit = here().hamlets[0];
  person.household = {};
  expect(by(here().clerk, person), Rule::a_grant, "grant_unit_closed");
}

TEST_F(Causes, OfGrantsAndTheirUnits) {
  const events::PersonId citizen = world.introduce(here().hamlets[0]);
  const events::DossierOpened opening = world.an_opening(citizen, 0);
  Act act = by(here().entrant, opening);
  act.by.grant = events::RoleGrantId{citizen.event};
  expect(act, Rule::a_grant, "grant_unknown");
  const events::Day today = world.today();
  const auto role = events::Role::proxy_entrant;
  const Newcomer early = granted(role, here().unit, events::Day{today.value + 5});
  expect(early.does(opening), Rule::a_grant, "grant_not_begun");
  const Newcomer late =
      granted(role, here().unit, events::Day{today.value - 9}, events::Day{today.value - 2});
  expect(late.does(opening), Rule::a_grant, "grant_over");

  events::DossierOpened elsewhere = opening;
  elsewhere.home_unit = here().hamlets[1];
  const events::DossierId other{world.append(by(here().entrant, elsewhere)).id()};
  world.register_dossier(0, other);
  expect(by(here().branch_head, events::RegistrationAccepted{}, other), Rule::a_unit,
         "unit_outside_grant");
  events::PersonIntroduced stranger;
  stranger.home_unit = world.commune(1).hamlets[0];
  expect(by(here().entrant, stranger), Rule::a_unit, "commune_of_others");
}

// "The unit is not open" sends people to look for a unit that is not yet, or is no more.
TEST_F(Causes, OfUnitsAndGroups) {
  const events::PersonId citizen = world.introduce(here().hamlets[0]);
  const events::Day today = world.today();
  const auto hamlet_from = [&](events::Day from) {
    return events::UnitId{world.administer(events::UnitCreated{
        events::UnitKind::hamlet, here().unit, "Bản Mới " + std::to_string(from.value), "",
        events::AreaType::rural, from, ""})};
  };
  events::DossierOpened opening = world.an_opening(citizen, 0);
  opening.home_unit = hamlet_from(events::Day{today.value + 20});
  expect(by(here().entrant, opening), Rule::v04_unit_open, "unit_not_yet");
  opening.home_unit = hamlet_from(events::Day{today.value - 200});
  events::UnitClosed closing;
  closing.unit = opening.home_unit;
  closing.closed_from = today;
  world.administer(closing, events::StreamId{events::StreamKind::unit, closing.unit.event});
  expect(by(here().entrant, opening), Rule::v04_unit_open, "unit_closed");
  opening.home_unit = world.city();
  const Newcomer high =
      newcomer(world.hire(events::Role::proxy_entrant, world.city(), here().unit));
  expect(high.does(opening), Rule::v04_unit_open, "unit_above_commune");

  opening = world.an_opening(citizen, 0);
  opening.cycle = world.family_cycle();
  expect(by(here().entrant, opening), Rule::v05_group, "title_of_others");
  opening = world.an_opening(citizen, 0);
  opening.group = static_cast<events::GroupCode>(99);
  expect(by(here().entrant, opening), Rule::v05_group, "group_without_variant");
}

// "Outside its time" leaves open whether to wait, to look at the paper or to ask for more time.
TEST_F(Causes, OfDays) {
  const events::Day today = world.today();
  const auto in_round_of = [&](std::uint32_t first, std::uint32_t last) {
    events::CycleOpened cycle =
        world.a_cycle(events::TitleKind::learning_citizen, world.citizen_criteria());
    cycle.registration = {events::Day{today.value + first}, events::Day{today.value + last}};
    cycle.late_policy = events::LatePolicy::refuse;
    cycle.deadline_basis = events::DeadlineBasis::received;
    events::DossierOpened opening = world.an_opening(world.introduce(here().hamlets[0]), 0);
    opening.cycle = world.open(cycle);
    return by(here().entrant, opening);
  };
  expect(in_round_of(5, 9), Rule::v08_cycle_open, "phase_not_begun");
  Act act = in_round_of(0, 3);
  world.wait_days(10);
  expect(act, Rule::v08_cycle_open, "dated_after_phase");
  act.business_day = today;
  expect(act, Rule::v08_cycle_open, "came_after_phase");
}

TEST_F(Causes, OfMinutes) {
  world.assess(0, dossier);
  const auto held = [&](const auto& change) {
    events::ReviewHeld meeting = world.a_meeting(0, {dossier});
    change(&meeting);
    return by(here().branch_head, meeting);
  };
  expect(held([](auto* meeting) {
           meeting->present = 0;
           meeting->entries[0].agree = meeting->entries[0].disagree = 0;
         }),
         Rule::t09_minutes, "nobody_present");
  expect(held([](auto* meeting) { meeting->invited = 10; }), Rule::t09_minutes, "fewer_invited");
  expect(held([](auto* meeting) {
           meeting->entries[0].conclusion = static_cast<events::ReviewConclusion>(4);
         }),
         Rule::t09_minutes, "conclusion_unknown");

  using enum events::ReviewConclusion;
  const events::MeetingId list{world.append(by(here().chair, world.a_list(0, {dossier}))).id()};
  expect(by(here().branch_head, events::DossierReviewed{list, proposed}, dossier),
         Rule::t09_minutes, "not_minutes");
  const Newcomer second =
      newcomer(world.hire(events::Role::branch_head, here().hamlets[0], here().hamlets[0]));
  const events::MeetingId theirs{world.append(second.does(world.a_meeting(0, {dossier}))).id()};
  expect(by(here().branch_head, events::DossierReviewed{theirs, proposed}, dossier),
         Rule::t09_minutes, "minutes_of_another");
}

// Whose dossier it is decides to whom it goes.
TEST_F(Causes, OfOnesOwn) {
  events::CollectiveIntroduced house;
  house.kind = events::CollectiveKind::household;
  house.home_unit = here().hamlets[0];
  const events::CollectiveId household{world.append(by(here().entrant, house)).id()};
  const events::PersonId self = world.introduce(here().hamlets[0], household);
  const Newcomer head = newcomer(world.appoint(self, events::Role::branch_head, here().hamlets[0]));
  const auto reviewed_by_head = [&](events::DossierId about) {
    return head.does(
        events::DossierReviewed{events::MeetingId{about.event}, events::ReviewConclusion::proposed},
        test_support::stream_of(about));
  };
  const auto assessed = [&](events::PersonId citizen) {
    const events::DossierId about = world.open_dossier(0, citizen, world.citizen_cycle());
    world.register_dossier(0, about);
    world.accept_registration(0, about);
    world.assess(0, about);
    return about;
  };
  expect(reviewed_by_head(assessed(self)), Rule::sd1_own_dossier, "own_dossier");
  expect(reviewed_by_head(assessed(world.introduce(here().hamlets[0], household))),
         Rule::sd1_own_dossier, "own_household");

  // The clans of this round are scored like citizens.
  events::CriteriaPublished criteria =
      world.state().rulebook().find(world.citizen_criteria())->content;
  criteria.code = "DHHT-2021";
  criteria.title = events::TitleKind::learning_clan;
  criteria.groups = {*world.state()
                          .rulebook()
                          .find(world.citizen_criteria())
                          ->variant_of(events::GroupCode::farmer_rural)};
  criteria.groups.front().group = events::GroupCode::none;
  const events::CriteriaId of_clans{world.administer(criteria)};
  events::CollectiveIntroduced kin = house;
  kin.kind = events::CollectiveKind::clan;
  kin.head = self;
  events::DossierOpened opening = world.an_opening(self, 0);
  opening.subject = {events::SubjectKind::collective, world.append(by(here().entrant, kin)).id()};
  opening.group = events::GroupCode::none;
  opening.cycle = world.open(world.a_cycle(events::TitleKind::learning_clan, of_clans));
  const events::DossierId clan{world.append(by(here().entrant, opening)).id()};
  world.register_dossier(0, clan);
  world.accept_registration(0, clan);
  events::SelfAssessmentRecorded sheet = world.a_sheet();
  sheet.criteria = of_clans;
  ASSERT_TRUE(world.append(by(here().entrant, sheet, clan)).verdict().takes_effect());
  expect(reviewed_by_head(clan), Rule::sd1_own_dossier, "own_collective");
}

TEST_F(Causes, OfCriteria) {
  expect(administering(world.a_cycle(events::TitleKind::learning_family, world.citizen_criteria())),
         Rule::v14_criteria, "criteria_of_other_title");
  events::CollectiveIntroduced house;
  house.kind = events::CollectiveKind::household;
  house.home_unit = here().hamlets[0];
  events::DossierOpened opening;
  opening.subject = {events::SubjectKind::collective, world.append(by(here().entrant, house)).id()};
  opening.cycle = world.family_cycle();
  opening.home_unit = here().hamlets[0];
  const events::DossierId family{world.append(by(here().entrant, opening)).id()};
  world.register_dossier(0, family);
  world.accept_registration(0, family);
  events::SelfAssessmentRecorded sheet;
  sheet.criteria = world.state().rulebook().find(world.family_cycle())->content.criteria;
  expect(by(here().entrant, sheet, family), Rule::v14_criteria, "criteria_not_scorable");
}

// "A value is wrong" of an act with ten values tells nobody which one to type again.
TEST_F(Causes, OfFieldsOfTheAdministrator) {
  using namespace events;
  const auto field = [this](const Act& act, std::string_view word) {
    expect(act, Rule::o_value, word);
  };
  const Day today = world.today();
  field(administering(UnitCreated{static_cast<UnitKind>(14), here().unit, "Bản", "",
                                  AreaType::rural, today, ""}),
        "field_unit_kind");
  UnitClosed closing;
  closing.unit = here().hamlets[1];
  field(administering(closing, StreamId{StreamKind::unit, closing.unit.event}),
        "field_closing_day");
  field(administering(UnitsChanged{"NQ", today, {}}), "field_units_change");
  field(administering(
            OrganisationEstablished{static_cast<OrganisationKind>(5), here().unit, "Hội", today}),
        "field_organisation_kind");
  CriteriaPublished criteria = world.state().rulebook().find(world.citizen_criteria())->content;
  criteria.version += 1;
  criteria.groups.clear();
  field(administering(criteria), "field_criteria");
  CycleOpened cycle = world.a_cycle(TitleKind::learning_citizen, world.citizen_criteria());
  cycle.kind = static_cast<CycleKind>(4);
  field(administering(cycle), "field_round_policy");
  cycle = world.a_cycle(TitleKind::learning_citizen, world.citizen_criteria());
  std::swap(cycle.review.first, cycle.review.last);
  field(administering(cycle), "field_phases");
  const PersonId person = world.introduce(here().unit);
  field(administering(RoleGranted{person, static_cast<Role>(99), here().unit, today, {}, "QĐ"}),
        "field_role");
  field(administering(RoleGranted{person, Role::signer, here().unit, today, today, "QĐ"}),
        "field_role_term");
  field(administering(EnrolmentOffered{}), "field_invitation");
  field(administering(BranchContinued{World::administration, 1, 2, {}}), "field_branch");
  QuotaRaised raised;
  raised.device = world.state().access().device_of(here().devices[0])->id;
  raised.day = today;
  raised.factor = 1;
  field(administering(raised, StreamId{StreamKind::access, raised.device.event}),
        "field_quota_factor");
}

TEST_F(Causes, OfFieldsOfACommune) {
  using namespace events;
  const auto field = [this](const Act& act, std::string_view word) {
    expect(act, Rule::o_value, word);
  };
  PersonIntroduced person;
  person.home_unit = here().hamlets[0];
  person.gender = static_cast<Gender>(3);
  field(by(here().entrant, person), "field_gender_or_age");
  CollectiveIntroduced collective;
  collective.home_unit = here().hamlets[0];
  collective.kind = static_cast<CollectiveKind>(5);
  field(by(here().entrant, collective), "field_collective_kind");
  DossierOpened opening = world.an_opening(world.introduce(here().hamlets[0]), 0);
  opening.subject.kind = static_cast<SubjectKind>(3);
  field(by(here().entrant, opening), "field_subject_kind");
  const DossierId registered = world.open_dossier(0);
  world.register_dossier(0, registered);
  field(by(here().branch_head,
           DossierReturned{static_cast<ReturnReason>(10), DossierState::draft, {}}, registered),
        "field_return_reason");
  field(by(here().branch_head, DossierReturned{ReturnReason::other, DossierState::draft, {}},
           registered),
        "field_return_note");
  EvidenceSighted sighted = World::a_sighting();
  sighted.kind = static_cast<EvidenceKind>(12);
  field(by(here().entrant, sighted, dossier), "field_evidence_kind");
  DecisionIssued decision = world.a_decision(0, {dossier});
  decision.capacity = static_cast<SigningCapacity>(7);
  field(by(here().signer, decision), "field_capacity");

  const EventId attached = world.append(by(here().entrant, World::an_attachment(), dossier)).id();
  const EvidenceStored stored{attached, static_cast<FilePart>(3), {}, 0};
  field({.chain = system_chain,
         .by = {},
         .payload = stored,
         .stream = test_support::stream_of(dossier)},
        "field_stored_file");

  // Of the other hamlet, where the head of this one has no say.
  DossierOpened elsewhere = world.an_opening(world.introduce(here().hamlets[1]), 0);
  elsewhere.home_unit = here().hamlets[1];
  const DossierId other{world.append(by(here().entrant, elsewhere)).id()};
  world.register_dossier(0, other);
  const test_support::StoredAct& held =
      world.append(by(here().branch_head, RegistrationAccepted{}, other));
  ASSERT_EQ(held.verdict().code, VerdictCode::held);
  field({.chain = world.district_device(),
         .by = world.district_officer(),
         .payload = HoldRefused{held.position(), Verdict{}},
         .stream = test_support::stream_of(other)},
        "field_release");

  world.assess(0, dossier);
  world.review(0, {dossier}, ReviewConclusion::not_proposed);
  field(by(here().chair, DossierNotRecognized{}, dossier), "field_refusal_reason");
}

// A cause without words would be shown as its rule's general sentence.
TEST(CauseTexts, NameEachCauseOnce) {
  std::set<RuleCause> causes;
  for (const CauseText& text : all_cause_texts()) {
    EXPECT_TRUE(causes.insert(text.cause).second) << word_of(text.cause);
    EXPECT_EQ(text.message.vi.find("hoặc"), std::string_view::npos) << text.message.vi;
    EXPECT_TRUE(text.remedy.is_whole()) << word_of(text.cause);
  }
  EXPECT_EQ(causes.size(), 67U);
}

}  // namespace
}  // namespace projections
