#include "tests/server/bundle/bundle_fixture.h"
#include "tests/server/session/tablet.h"

namespace server::test {
namespace {

using Outcome = clients::ImportReport::Outcome;

// A hamlet without any signal must get the same answers as one with a line.
TEST(OfflineBundle, BringsEventsOverAndTheirVerdictsBack) {
  BundleScene scene;
  scene.record(3);
  scene.pass_days(1);
  const events::Bytes bundle = scene.export_bundle();
  scene.pass_days(3);
  const events::Bytes answer = scene.deliver(bundle);
  EXPECT_EQ(scene.logged(), 3U);
  scene.pass_days(3);
  const auto report = scene.import_bundle(answer);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcome, Outcome::taken);
  EXPECT_TRUE(report->progress.synced());
  EXPECT_EQ(scene.replica->own().verdicts_known(), 3U);
  EXPECT_EQ(scene.workspace->progress_of_own(3).status, clients::EventStatus::official);
}

// What others did meanwhile comes back with the answer, with the names its readers may see.
TEST(OfflineBundle, BringsBackWhatOthersDid) {
  BundleScene scene;
  const events::EventId other = scene.introduce(scene.first, 0x44);
  scene.push_admin();
  const auto report = scene.import_bundle(scene.deliver(scene.export_bundle()));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->progress.synced());
  EXPECT_EQ(scene.workspace->name_of(other), test_support::a_person_record().full_name);
}

// Nobody reads a stranger's commune by sending a bundle of his own.
TEST(OfflineBundle, AnswersOnlyTheKeyOfTheChain) {
  BundleScene scene;
  const events::SigningKey thief = test_support::a_key(9);
  bundle::BundleHeader header;
  header.direction = bundle::Direction::to_server;
  header.log = the_log;
  header.chain = scene.clerk.chain();
  header.reply_to = events::sealing_key_of(a_secret(0x66));
  events::Bytes bundle;
  auto writer = bundle::BundleWriter::begin(header, events::sealing_key_of(server_secret),
                                            a_secret(0x67), thief, [&](events::ByteView bytes) {
                                              events::append_bytes(bundle, bytes);
                                              return events::Result<void>();
                                            });
  ASSERT_TRUE(writer);
  // A greeting of the device, heard on a line without TLS.
  const protocol::Hello heard = signed_by(scene.clerk, a_hello(scene.clerk));
  ASSERT_TRUE(writer->add(protocol::encode_frame(heard)));
  ASSERT_TRUE(writer->finish());
  EXPECT_TRUE(scene.deliver(bundle).empty());
}

// A carrier who is not sure whether the bundle was handed over hands it over again.
TEST(OfflineBundle, TakesTheSameBundleThreeTimesAsOnce) {
  BundleScene scene;
  scene.record(5);
  const events::Bytes bundle = scene.export_bundle();
  const events::Bytes first_answer = scene.deliver(bundle);
  const events::Position head = scene.log.head().position;
  const events::Digest root = scene.log.head().root;
  scene.deliver(bundle);
  const events::Bytes third_answer = scene.deliver(bundle);
  EXPECT_EQ(scene.log.head().position, head);
  EXPECT_EQ(scene.log.head().root, root);
  ASSERT_TRUE(scene.import_bundle(third_answer));
  const auto again = scene.import_bundle(first_answer);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->outcome, Outcome::known);
  EXPECT_EQ(scene.replica->own().verdicts_known(), 5U);
}

// A stick pulled out while it is written holds half a day's work; that half counts, and the answer
// says where to go on.
TEST(OfflineBundle, UsesTheWholeBlocksOfATruncatedBundleAndAsksForTheRest) {
  BundleScene scene;
  scene.record(1'200);
  const events::Bytes bundle = scene.export_bundle();
  ASSERT_GT(bundle.size(), bundle::block_sealed_bytes_max + 10'000) << "more than one block";
  const events::Bytes cut(bundle.begin(), bundle.end() - 5'000);
  const events::Bytes answer = scene.deliver(cut);
  const std::uint64_t logged = scene.logged();
  EXPECT_GT(logged, 0U);
  EXPECT_LT(logged, 1'200U);
  const auto report = scene.import_bundle(answer);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->progress.accepted, logged);
  EXPECT_FALSE(report->progress.synced());
  ASSERT_TRUE(scene.import_bundle(scene.deliver(scene.export_bundle())));
  EXPECT_EQ(scene.replica->own().verdicts_known(), 1'200U);
}

// Two sticks by two roads: the later work comes first, and must wait for the earlier.
TEST(OfflineBundle, ParksWhatComesBeforeItsPredecessorsAndJudgesItInOrder) {
  BundleScene scene;
  scene.record(200);
  const events::Bytes earlier = scene.export_bundle();
  scene.record(10);
  const events::Bytes later = scene.export_bundle(201);

  const auto report = scene.import_bundle(scene.deliver(later));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(scene.logged(), 0U) << "nothing is judged before its predecessors";
  ASSERT_EQ(report->parked.size(), 1U);
  EXPECT_EQ(report->parked[0].first_seq, 201U);
  EXPECT_EQ(report->parked[0].last_seq, 210U);
  EXPECT_EQ(report->parked[0].expected_seq, 1U) << "what is missing";
  EXPECT_EQ(report->progress.accepted, 0U) << "parked is not acknowledged";

  const auto closed = scene.import_bundle(scene.deliver(earlier));
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_EQ(scene.logged(), 210U);
  EXPECT_EQ(scene.replica->own().verdicts_known(), 210U);
  EXPECT_LT(scene.stored(200).position, scene.stored(201).position);
  EXPECT_EQ(scene.parked->size(), 0U);
}

// The first stick arrived and its answer was lost: what the second one brings builds on verdicts
// that the device does not know.
TEST(OfflineBundle, AnswersWithTheReceiptsOfAnEarlierBundleFirst) {
  BundleScene scene;
  scene.record(3);
  scene.deliver(scene.export_bundle());
  scene.record(2);
  const auto report = scene.import_bundle(scene.deliver(scene.export_bundle(4)));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcome, Outcome::taken);
  EXPECT_EQ(scene.replica->own().verdicts_known(), 5U);
}

// The officer finds a signal while the second stick is on the road: the gap closes by the network.
TEST(OfflineBundle, AGapThatTheNetworkClosesLetsParkedRunsIn) {
  BundleScene scene;
  scene.record(150);
  scene.export_bundle();  // Lost on the way.
  scene.record(7);
  scene.deliver(scene.export_bundle(151));
  EXPECT_EQ(scene.parked->size(), 1U);
  EXPECT_TRUE(scene.meet_server().synced());
  EXPECT_EQ(scene.logged(), 157U);
  EXPECT_EQ(scene.parked->size(), 0U);
  scene.deliver(scene.export_bundle(151));
  EXPECT_EQ(scene.logged(), 157U) << "and comes to nothing when it comes again";
}

// A server that restarts while runs wait must not forget them: their stick was wiped long ago.
TEST(OfflineBundle, ParkedRunsSurviveARestart) {
  BundleScene scene;
  scene.record(100);
  const events::Bytes earlier = scene.export_bundle();
  scene.record(3);
  scene.deliver(scene.export_bundle(101));
  auto reopened = ParkedRuns::open(scene.parking);
  ASSERT_TRUE(reopened);
  EXPECT_EQ(reopened->size(), 1U);
  *scene.parked = std::move(*reopened);
  scene.deliver(earlier);
  EXPECT_EQ(scene.logged(), 103U);
}

// A carrier, or whoever borrowed the stick, cannot change, cut out or add anything.
TEST(OfflineBundle, RefusesATamperedBundleAsAWhole) {
  BundleScene scene;
  scene.record(20);
  const events::Bytes bundle = scene.export_bundle();
  for (const std::size_t place : {bundle.size() / 2, bundle.size() - 1, std::size_t{60}}) {
    SCOPED_TRACE(place);
    events::Bytes changed = bundle;
    changed[place] ^= 1U;
    EXPECT_TRUE(scene.deliver(changed).empty());
    EXPECT_NE(scene.refusal, events::ErrorCode{});
  }
  EXPECT_EQ(scene.logged(), 0U);
  events::Bytes answer = scene.deliver(bundle);
  answer[answer.size() / 2] ^= 1U;
  EXPECT_FALSE(scene.import_bundle(answer)) << "nor on the way back";
  EXPECT_EQ(scene.replica->own().verdicts_known(), 0U);
}

// Fault case 31.  A phone was stolen while a stick with its work was on the road: the work waits
// for a person who has the paper, and the answer tells the thief nothing.
TEST(OfflineBundle, ABundleOfARevokedDeviceIsTakenIntoHoldsAndAnsweredWithNothing) {
  BundleScene scene;
  scene.record(3);
  const events::Bytes bundle = scene.export_bundle();
  revoke_device(scene);
  const std::size_t blocks_before = scene.store.foreign_blocks()->size();
  const events::Bytes answer = scene.deliver(bundle);
  EXPECT_EQ(scene.logged(), 3U);
  std::size_t held = 0;
  for (const auto& [position, event] : scene.pipeline.state().inbox().all()) {
    if (event.verdict.hold == events::HoldReason::device_revoked) ++held;
  }
  EXPECT_EQ(held, 3U);
  const events::Position head = scene.log.head().position;
  scene.deliver(bundle);
  EXPECT_EQ(scene.log.head().position, head) << "and comes to nothing when it comes again";
  scene.import_bundle(answer);
  EXPECT_LE(scene.store.foreign_blocks()->size(), blocks_before);
  EXPECT_TRUE(scene.store.private_homes()->empty()) << "the answer wipes the device";
}

// A stick that takes two weeks must not make a commune's work suspicious.
TEST(OfflineBundle, ASlowBundleIsNoReasonToHold) {
  BundleScene scene;
  scene.pass_days(2);
  scene.record(4);
  const events::Bytes bundle = scene.export_bundle();
  scene.pass_days(14);
  scene.deliver(bundle);
  ASSERT_EQ(scene.logged(), 4U);
  const events::StoredEvent last = scene.stored(4);
  EXPECT_EQ(last.verdict.code, events::VerdictCode::accepted);
  EXPECT_EQ(last.intake.clock_offset_seconds, 0);
  EXPECT_GT(last.intake.clock_error_seconds, 1'000U) << "who was long on the way is less sure";
}

// The stick comes back after the officer had a signal: it must not throw the device back.
TEST(OfflineBundle, AnAnswerThatTheNetworkOvertookChangesNothing) {
  BundleScene scene;
  scene.record(2);
  const events::Bytes answer = scene.deliver(scene.export_bundle());
  scene.introduce(scene.first, 0x45);
  scene.push_admin();
  EXPECT_TRUE(scene.meet_server().synced());
  const events::Position before = scene.replica->pull().cursor.position;
  const auto report = scene.import_bundle(answer);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcome, Outcome::known);
  EXPECT_EQ(scene.replica->pull().cursor.position, before);
  EXPECT_EQ(scene.replica->own().verdicts_known(), 2U);
}

// A server that was restored refused the bundle; since then the device has met it and begun anew.
TEST(OfflineBundle, ARefusalThatTheNetworkOvertookChangesNothing) {
  BundleScene scene;
  const events::Bytes bundle = scene.export_bundle();
  bundle::MemorySource source(bundle);
  const auto opened = bundle::open_bundle(source, server_secret, nullptr);
  ASSERT_TRUE(opened);
  bundle::BundleHeader header;
  header.direction = bundle::Direction::to_device;
  header.log = the_log;
  header.chain = scene.clerk.chain();
  header.cursor = opened->header.cursor;
  header.answers = bundle::header_digest(opened->header);
  const events::SigningKey server_key = test_support::a_key(1);
  events::Bytes refusal;
  auto writer =
      bundle::BundleWriter::begin(header, events::sealing_key_of(device_secret), a_secret(0x68),
                                  server_key, [&](events::ByteView bytes) {
                                    events::append_bytes(refusal, bytes);
                                    return events::Result<void>();
                                  });
  ASSERT_TRUE(writer);
  protocol::Welcome diverged;
  diverged.log = the_log;
  diverged.epoch = scene.log.head().epoch;
  diverged.head = scene.log.head().position;
  diverged.action = protocol::WelcomeAction::diverged;
  ASSERT_TRUE(writer->add(protocol::encode_frame(diverged)));
  ASSERT_TRUE(writer->finish());

  scene.introduce(scene.first, 0x45);
  scene.push_admin();
  EXPECT_TRUE(scene.meet_server().synced());
  const events::Position before = scene.replica->pull().cursor.position;
  const auto report = scene.import_bundle(refusal);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcome, Outcome::known);
  EXPECT_EQ(scene.replica->pull().cursor.position, before);
}

// A tablet was set back to the image of last week while its stick was on the road: the verdicts of
// what it had then are not those of what it has recorded since.
TEST(OfflineBundle, TakesNoReceiptForWhatItHadBeforeItWasSetBack) {
  BundleScene scene;
  const clients::MemoryStore image = scene.store;
  scene.record(2);
  const events::Bytes answer = scene.deliver(scene.export_bundle());
  scene.store = image;
  scene.restart_device();
  scene.record(3);
  const auto report = scene.import_bundle(answer);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, events::ErrorCode::fork);
  EXPECT_EQ(scene.replica->own().verdicts_known(), 0U);
}

// The answer for the neighbouring commune lies on the same stick.
TEST(OfflineBundle, TakesNoAnswerOfAnotherDevice) {
  BundleScene scene;
  const events::Bytes answer = scene.deliver(scene.export_bundle());
  bundle::MemorySource source(answer);
  const auto other =
      clients::import_bundle(*scene.replica, scene.photos, source, server_secret, scene.now);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, events::ErrorCode::not_permitted);
}

}  // namespace
}  // namespace server::test
