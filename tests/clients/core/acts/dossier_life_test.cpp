#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/appraise.h"
#include "clients/core/acts/decide.h"
#include "clients/core/acts/evidence.h"
#include "clients/core/acts/register.h"
#include "clients/core/acts/review.h"
#include "clients/core/acts/score.h"
#include "clients/core/acts/submit.h"
#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

acts::Declaration somebody_present() {
  acts::Declaration declaration;
  declaration.consent_purposes = consent_assess;
  declaration.confirmation = Confirmation::subject_present;
  return declaration;
}

acts::NewPerson a_citizen(UnitId home) {
  acts::NewPerson person;
  person.record = {"Lò Thị Ánh", {1990, 3, 12}, 3, "", ""};
  person.gender = Gender::female;
  person.age_band = AgeBand::from_25_to_34;
  person.home = home;
  return person;
}

/// Somebody new registers, and is accepted.
DossierId register_and_accept(ActWorld& scene) {
  const auto& commune = scene.commune();
  const auto dossier = scene.perform(commune.entrant, [&](auto& draft, const auto& now) {
    const auto person = acts::introduce(draft, now, a_citizen(commune.hamlets[0]));
    return acts::register_dossier(draft, now,
                                  {{SubjectKind::person, person->event},
                                   scene.world.citizen_cycle(),
                                   GroupCode::farmer_rural,
                                   commune.hamlets[0],
                                   somebody_present()});
  });
  scene.perform(commune.branch_head, [&](auto& draft, const auto& now) {
    acts::accept(draft, now, {&*dossier, 1});
    return true;
  });
  return *dossier;
}

acts::Scores full_marks(const ActWorld& scene, DossierId dossier) {
  const auto sheet = acts::sheet_of(scene.world.state(), dossier);
  return {sheet->criteria, std::vector<std::uint16_t>(sheet->variant->indicators.size(), 80)};
}

// What the acts make is what the log accepts, from the first day to the title.
TEST(DossierLife, GoesFromRegistrationToTheTitle) {
  ActWorld scene;
  const auto& commune = scene.commune();
  const DossierId dossier = register_and_accept(scene);
  EXPECT_EQ(scene.state_of(dossier), DossierState::accepted);

  scene.perform(commune.branch_head, [&](auto& draft, const auto& now) {
    return acts::sight_evidence(
        draft, now,
        {dossier, EvidenceKind::certificate, 1, day_of({2021, 1, 15}), {"Giấy", "", ""}});
  });
  scene.perform(commune.entrant, [&](auto& draft, const auto& now) {
    acts::record_scores(draft, now, dossier, full_marks(scene, dossier));
    return true;
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::self_assessed);
  scene.perform(commune.branch_head, [&](auto& draft, const auto& now) {
    acts::Meeting meeting;
    meeting.unit = commune.hamlets[0];
    meeting.present = 32;
    meeting.entries.push_back({dossier, ReviewConclusion::proposed, 30, 2});
    return acts::hold_meeting(draft, now, meeting);
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::reviewed);
  scene.perform(commune.chair, [&](auto& draft, const auto& now) {
    return acts::submit(draft, now, {commune.association, "05/TTr-HKH", {dossier}});
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::submitted);
  scene.perform(commune.appraiser, [&](auto& draft, const auto& now) {
    return acts::appraise(draft, now, std::span(&dossier, 1));
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::appraised);
  scene.perform(commune.signer, [&](auto& draft, const auto& now) {
    return acts::recognise(draft, now,
                           {commune.committee, 12, "QĐ-UBND", SigningCapacity::tm, {dossier}});
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::recognized);
}

TEST(DossierLife, GoesBackAndComesAgainAndEndsWithoutATitle) {
  ActWorld scene;
  const auto& commune = scene.commune();
  const DossierId dossier = register_and_accept(scene);
  scene.perform(commune.entrant, [&](auto& draft, const auto& now) {
    return acts::withdraw(draft, now, dossier, "chuyển nơi ở");
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::withdrawn);

  const DossierId other = scene.world.open_dossier(0);
  scene.world.register_dossier(0, other);
  scene.perform(commune.branch_head, [&](auto& draft, const auto& now) {
    return acts::return_dossier(
        draft, now,
        {other, ReturnReason::missing_evidence, DossierState::registered, "thiếu chứng chỉ"});
  });
  EXPECT_EQ(scene.state_of(other), DossierState::returned);
  scene.perform(commune.entrant, [&](auto& draft, const auto& now) {
    return acts::resubmit(draft, now, other, "");
  });
  EXPECT_EQ(scene.state_of(other), DossierState::registered);
}

// ---- register ----

TEST(Register, KeepsTheNameAsItIsKept) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  acts::NewPerson person = a_citizen(scene.commune().hamlets[0]);
  person.record.full_name = "Lo\xCC\x80 Thi\xCC\xA3 A\xCC\x81nh";  // As a Mac types it.
  const auto id = acts::introduce(draft, scene.today(scene.commune().entrant), person);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->event, (EventId{scene.hamlet(), scene.world.next_seq(scene.hamlet())}));
  EXPECT_EQ(record_at<PersonRecord>(draft, 0).full_name, "Lò Thị Ánh");
  EXPECT_EQ(payload_at<PersonIntroduced>(draft, 0).age_band, AgeBand::from_25_to_34);
}

TEST(Register, IntroducesACollectiveWithItsName) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::NewCollective household{
      "Hộ ông Lò Văn Pản", CollectiveKind::household, scene.commune().hamlets[0], {}, 5};
  ASSERT_TRUE(acts::introduce(draft, scene.today(scene.commune().entrant), household));
  EXPECT_EQ(record_at<CollectiveRecord>(draft, 0).name, "Hộ ông Lò Văn Pản");
  EXPECT_EQ(payload_at<CollectiveIntroduced>(draft, 0).member_count, 5U);
}

TEST(Register, AddsNothingForATextThatIsNone) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  acts::NewPerson person = a_citizen(scene.commune().hamlets[0]);
  person.record.full_name = not_utf8;
  EXPECT_TRUE(fails(acts::introduce(draft, now, person), ErrorCode::invalid_argument, "UTF-8"));
  acts::Registration registration;
  registration.declaration = somebody_present();
  registration.declaration.proxy_record.place = not_utf8;
  EXPECT_TRUE(fails(acts::register_dossier(draft, now, registration), ErrorCode::invalid_argument,
                    "UTF-8"));
  EXPECT_EQ(draft.size(), 0U);
}

// Consent is a fact about a person: an act that lacks it is no act.
TEST(Register, WantsTheWholeDeclaration) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  acts::Registration registration;
  EXPECT_TRUE(
      fails(acts::register_dossier(draft, now, registration), ErrorCode::invalid_argument, "V30"));
  registration.declaration = somebody_present();
  registration.declaration.basis = LawfulBasis::state_management;
  EXPECT_TRUE(fails(acts::register_dossier(draft, now, registration), ErrorCode::invalid_argument,
                    "--consent"));
  EXPECT_EQ(draft.size(), 0U);
}

TEST(Register, KeepsAProxyRecordOnlyWhereSomethingWasSaid) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  acts::Registration registration;
  registration.declaration = somebody_present();
  ASSERT_TRUE(acts::register_dossier(draft, now, registration));
  EXPECT_FALSE(draft.requests().at(1).fields);
  registration.declaration.proxy = ProxyReason::elderly;
  registration.declaration.proxy_record = {"Chi hội trưởng", "05", "", ""};
  ASSERT_TRUE(acts::register_dossier(draft, now, registration));
  EXPECT_EQ(record_at<ProxyRecord>(draft, 3).paper_form_number, "05");
  EXPECT_EQ(payload_at<DossierRegistered>(draft, 3).proxy, ProxyReason::elderly);
  EXPECT_EQ(payload_at<DossierRegistered>(draft, 3).basis, LawfulBasis::consent);
  EXPECT_EQ(draft.requests().at(3).about,
            acts::stream_of(DossierId{EventId{scene.hamlet(), draft.next_id().seq() - 2}}));
}

// ---- evidence ----

TEST(Evidence, NamesIndicatorsByTheirCodes) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  const auto sheet = acts::sheet_of(scene.world.state(), dossier);
  ASSERT_TRUE(sheet);
  const std::vector<std::string> codes{sheet->content->indicators[0].code,
                                       sheet->content->indicators[2].code};
  EXPECT_EQ(*acts::indicators_named(scene.world.state(), dossier, codes), 5U);
  EXPECT_EQ(*acts::indicators_named(scene.world.state(), dossier, {}), 0U);
  const std::vector<std::string> unknown{"Z9"};
  EXPECT_TRUE(fails(acts::indicators_named(scene.world.state(), dossier, unknown),
                    ErrorCode::invalid_argument, "“Z9”"));
  EXPECT_TRUE(fails(
      acts::indicators_named(scene.world.state(), DossierId{EventId{ChainNumber{9}, 9}}, codes),
      ErrorCode::not_found, "9.9"));
}

TEST(Evidence, ReadsADayOnAPaper) {
  EXPECT_EQ(*acts::read_document_day(""), Day{});
  EXPECT_EQ(*acts::read_document_day("15/01/2021"), day_of({2021, 1, 15}));
  for (const char* typed : {"hôm qua", "32/01/2021", "15/01/1021"}) {
    EXPECT_TRUE(fails(acts::read_document_day(typed), ErrorCode::invalid_argument, typed));
  }
}

TEST(Evidence, AttachesAFileWithWhatThePaperSays) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().branch_head);
  const acts::EvidenceFiles files{{sha256(bytes_of("photo")), 5, MediaType::jpeg}, {}};
  acts::Evidence evidence{dossier, EvidenceKind::photo, 1, {}, {"Giấy khen", "Xã", "tại nhà"}};
  ASSERT_TRUE(acts::attach_evidence(draft, now, evidence, files));
  EXPECT_EQ(payload_at<EvidenceAttached>(draft, 0).original, files.original);
  EXPECT_EQ(record_at<EvidenceRecord>(draft, 0).where_kept, "tại nhà");
  evidence.record.issuer = not_utf8;
  EXPECT_TRUE(fails(acts::attach_evidence(draft, now, evidence, files), ErrorCode::invalid_argument,
                    "UTF-8"));
  EXPECT_TRUE(
      fails(acts::sight_evidence(draft, now, evidence), ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 1U);
}

// ---- score ----

TEST(Score, ReadsASheetAndAddsItUp) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  const auto sheet = acts::sheet_of(scene.world.state(), dossier);
  ASSERT_TRUE(sheet);
  const std::vector<std::string> typed{sheet->content->indicators[0].code + "=7,5", "rest=8"};
  const auto scores = acts::read_sheet(*sheet, typed);
  ASSERT_TRUE(scores);
  acts::Draft draft = scene.draft(scene.hamlet());
  acts::record_scores(draft, scene.today(scene.commune().entrant), dossier, *scores);
  const auto& recorded = payload_at<SelfAssessmentRecorded>(draft, 0);
  EXPECT_EQ(recorded.criteria, scene.world.citizen_criteria());
  EXPECT_EQ(recorded.total_tenths, 75 + 80 * (sheet->variant->indicators.size() - 1));
}

TEST(Score, RefusesASheetThatIsNotTheDossiers) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  const auto sheet = acts::sheet_of(scene.world.state(), dossier);
  const std::vector<std::string> one{"8"};
  EXPECT_TRUE(fails(acts::read_sheet(*sheet, one), ErrorCode::invalid_argument, "chỉ số"));
  EXPECT_TRUE(fails(acts::sheet_of(scene.world.state(), DossierId{EventId{ChainNumber{9}, 9}}),
                    ErrorCode::not_found, "9.9"));
  CriteriaPublished placeholder;
  placeholder.code = "DV-1";
  const GroupVariant empty;
  EXPECT_TRUE(fails(acts::read_sheet({{}, &placeholder, &empty}, one), ErrorCode::invalid_argument,
                    "DV-1 chưa có chỉ số nào"));
}

// ---- review ----

TEST(Review, CountsVotesOnlyOfThoseWhoCame) {
  const DossierId one{EventId{ChainNumber{7}, 1}};
  const DossierId other{EventId{ChainNumber{7}, 2}};
  acts::Meeting meeting;
  EXPECT_TRUE(fails(acts::check_attendance(meeting), ErrorCode::invalid_argument, "--present"));
  meeting.present = 32;
  meeting.invited = 30;
  EXPECT_TRUE(fails(acts::check_attendance(meeting), ErrorCode::invalid_argument, "(30)"));
  meeting.invited = 40;
  EXPECT_TRUE(acts::check_attendance(meeting));
  meeting.entries = {{one, ReviewConclusion::proposed, 0, 0},
                     {other, ReviewConclusion::not_proposed, 0, 0}};
  acts::vote_unanimously(meeting);
  EXPECT_EQ(meeting.entries[0].agree, 32);
  EXPECT_EQ(meeting.entries[1].disagree, 32);
  ASSERT_TRUE(acts::count_votes(meeting, {one, 30, 2, "7.1=30/2"}));
  EXPECT_EQ(meeting.entries[0].disagree, 2);
  EXPECT_TRUE(fails(acts::count_votes(meeting, {one, 30, 3, "7.1=30/3"}),
                    ErrorCode::invalid_argument, "33 phiếu, mà chỉ 32"));
  EXPECT_TRUE(fails(acts::count_votes(meeting, {one, 0, 0, "7.1=0/0"}), ErrorCode::invalid_argument,
                    "không có phiếu nào"));
  const DossierId absent{EventId{ChainNumber{7}, 3}};
  EXPECT_TRUE(fails(acts::count_votes(meeting, {absent, 1, 0, "7.3=1/0"}),
                    ErrorCode::invalid_argument, "không có trong cuộc họp"));
}

TEST(Review, RecordsTheMinutesAndEachConclusion) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().branch_head);
  acts::Meeting meeting;
  EXPECT_TRUE(
      fails(acts::hold_meeting(draft, now, meeting), ErrorCode::invalid_argument, "--present"));
  meeting.present = 3;
  meeting.minutes.place = not_utf8;
  EXPECT_TRUE(fails(acts::hold_meeting(draft, now, meeting), ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 0U);
  meeting.minutes.place = "Nhà văn hóa";
  const DossierId dossier{EventId{ChainNumber{7}, 2}};
  meeting.entries = {{dossier, ReviewConclusion::deferred, 0, 0}};
  const auto held = acts::hold_meeting(draft, now, meeting);
  ASSERT_TRUE(held);
  EXPECT_EQ(record_at<MinutesRecord>(draft, 0).place, "Nhà văn hóa");
  EXPECT_EQ(payload_at<DossierReviewed>(draft, 1).meeting, *held);
  EXPECT_EQ(payload_at<DossierReviewed>(draft, 1).conclusion, ReviewConclusion::deferred);
  EXPECT_EQ(draft.requests().at(1).about, acts::stream_of(dossier));
}

// ---- submit, appraise, decide ----

TEST(Submit, CountsTheListAndSendsEachDossier) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.office());
  const acts::Occasion now = scene.today(scene.commune().chair);
  const std::vector<DossierId> two{DossierId{EventId{ChainNumber{7}, 1}},
                                   DossierId{EventId{ChainNumber{7}, 2}}};
  const auto list = acts::submit(draft, now, {scene.commune().association, "05/TTr-HKH", two});
  ASSERT_TRUE(list);
  EXPECT_EQ(payload_at<ListSubmitted>(draft, 0).total, 2);
  EXPECT_EQ(payload_at<DossierSubmitted>(draft, 2).list, *list);
  EXPECT_TRUE(fails(acts::submit(draft, now, {scene.commune().association, not_utf8, two}),
                    ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 3U);
}

TEST(Appraise, FollowsTheSheetAndKnowsNoOtherDossier) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  scene.perform(scene.commune().entrant, [&](auto& draft, const auto& now) {
    acts::record_scores(draft, now, dossier, full_marks(scene, dossier));
    return true;
  });
  const auto appraisal = acts::appraisal_of(scene.world.state(), dossier);
  ASSERT_TRUE(appraisal);
  EXPECT_EQ(appraisal->outcome, AppraisalOutcome::qualified);
  EXPECT_EQ(appraisal->total_tenths, 800);
  acts::Draft draft = scene.draft(scene.office());
  const std::vector<DossierId> some{dossier, DossierId{EventId{ChainNumber{9}, 9}}};
  EXPECT_TRUE(fails(acts::appraise(draft, scene.today(scene.commune().appraiser), some),
                    ErrorCode::not_found, "9.9"));
  EXPECT_EQ(draft.size(), 0U) << "all or none";
}

TEST(Decide, TakesTheYearOfItsDay) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.office());
  const DossierId dossier{EventId{ChainNumber{7}, 1}};
  const acts::Occasion in_2019{scene.commune().signer.person, [] {
                                 return acts::Stamp{day_of({2019, 12, 31}), {}};
                               }};
  const acts::Recognition wanted{
      scene.commune().committee, 12, " QĐ-UBND ", SigningCapacity::kt, {dossier}};
  const auto decision = acts::recognise(draft, in_2019, wanted);
  ASSERT_TRUE(decision);
  EXPECT_EQ(payload_at<DecisionIssued>(draft, 0).year, 2019);
  EXPECT_EQ(payload_at<DecisionIssued>(draft, 0).symbol, "QĐ-UBND");
  EXPECT_EQ(payload_at<TitleGranted>(draft, 1).decision, *decision);
  acts::Recognition wrong = wanted;
  wrong.symbol = not_utf8;
  EXPECT_TRUE(fails(acts::recognise(draft, in_2019, wrong), ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 2U);
}

// A reason that the sheet contradicts is no reason (T18).
TEST(Decide, RefusesOnlyForReasonsThatTheSheetAllows) {
  projections::Dossier dossier;
  dossier.state = DossierState::appraised;
  dossier.outcome = AppraisalOutcome::not_qualified;
  dossier.below_total = true;
  EXPECT_TRUE(acts::refuse_step({NotRecognizedReason::below_total}).is_ready(dossier));
  EXPECT_FALSE(acts::refuse_step({NotRecognizedReason::below_floor}).is_ready(dossier));
  EXPECT_TRUE(acts::refuse_step({NotRecognizedReason::below_floor}).is_there(dossier));
  dossier.outcome = AppraisalOutcome::qualified;
  EXPECT_FALSE(acts::refuse_step({NotRecognizedReason::below_total}).is_ready(dossier));
  EXPECT_TRUE(acts::decide_step().is_ready(dossier));

  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.office());
  acts::refuse_title(draft, scene.today(scene.commune().chair), std::span(&dossier.id, 1),
                     {NotRecognizedReason::other});
  EXPECT_EQ(payload_at<DossierNotRecognized>(draft, 0).reasons,
            std::vector{NotRecognizedReason::other});
}

TEST(AcceptOrReturn, KeepsANoteOnlyWhereThereIsOne) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  const DossierId dossier{EventId{ChainNumber{7}, 1}};
  ASSERT_TRUE(acts::resubmit(draft, now, dossier, ""));
  EXPECT_FALSE(draft.requests().at(0).fields);
  ASSERT_TRUE(acts::withdraw(draft, now, dossier, "chuyển nơi ở"));
  EXPECT_EQ(record_at<NoteRecord>(draft, 1).text, "chuyển nơi ở");
  for (const auto act : {acts::resubmit, acts::withdraw}) {
    EXPECT_TRUE(fails(act(draft, now, dossier, not_utf8), ErrorCode::invalid_argument, "UTF-8"));
  }
  EXPECT_TRUE(fails(acts::return_dossier(draft, now, {dossier, {}, {}, not_utf8}),
                    ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 2U);
}

}  // namespace
}  // namespace clients_test
