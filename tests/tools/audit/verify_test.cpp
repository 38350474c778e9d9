#include "tools/audit/verify.h"

#include "projections/rules/system_events.h"
#include "projections/views/all_projections.h"
#include "tests/tools/audit/audited_log.h"
#include "tools/audit/report_output.h"
#include "tools/audit/verification.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace audit {
namespace {

using namespace events;

std::vector<StoredBlock> honest_blocks() {
  static const std::vector<StoredBlock> blocks = blocks_of(acts_of(a_dossier_life().world));
  return blocks;
}

/// The last act for which `wanted` holds.
template <class Predicate>
std::size_t last_act(const Acts& acts, Predicate wanted) {
  for (std::size_t index = acts.size(); index > 0; --index) {
    if (wanted(acts[index - 1])) return index - 1;
  }
  ADD_FAILURE() << "no such act";
  return 0;
}

bool by_server(const test_support::StoredAct& act) { return act.id().chain() == system_chain; }

// An auditor who is told "altered" about an honest log will not believe the next alarm.
TEST(Verify, FindsNothingWrongWithAnHonestLog) {
  const Report report = verify(honest_blocks());
  EXPECT_TRUE(report.verified()) << problems_of(report);
  EXPECT_EQ(report.result(Check::verdicts).checked, report.position.value);
  EXPECT_EQ(report.result(Check::signatures).checked, report.position.value);
  EXPECT_EQ(report.result(Check::leaves).checked, report.position.value);
  EXPECT_NE(report_text(report, "x").find("\nverified\n"), std::string::npos);
}

// The log on disk must be judged by the same rules as its log export.
TEST(Verify, FindsNothingWrongWithAnHonestLogInPlace) {
  const MemoryEventLog log = log_of(honest_blocks());
  Report report;
  verify_log(log, {}, report);
  EXPECT_TRUE(report.verified()) << problems_of(report);
  EXPECT_FALSE(report.result(Check::leaves).applies);
}

// An altered byte anywhere, in the log or around it, must never be called verified.
TEST(Verify, NeverVerifiesAnExportWithOneByteAltered) {
  const Bytes exported = export_of(honest_blocks());
  for (std::size_t offset = 0; offset < exported.size(); offset += 97) {
    Bytes altered = exported;
    altered[offset] ^= 0x20;
    MemorySource source(altered);
    const Result<Report> report = verify_export(source);
    if (report) {
      ASSERT_FALSE(report->verified()) << offset;
      ASSERT_GT(report->problem_count(), 0U) << offset;
    }
  }
}

// A log export that was cut off must not pass for a shorter log.
TEST(Verify, NeverVerifiesAnExportThatIsCutOff) {
  const Bytes exported = export_of(honest_blocks());
  for (std::size_t size = 0; size < exported.size(); size += exported.size() / 61) {
    MemorySource source(ByteView(exported).first(size));
    const Result<Report> report = verify_export(source);
    ASSERT_TRUE(!report || !report->verified()) << size;
  }
  Bytes longer = exported;
  longer.push_back(0);
  MemorySource source(longer);
  EXPECT_FALSE(verify_export(source)->verified());
}

// "Something is wrong somewhere" does not help to find out who altered what.
TEST(Verify, NamesTheEventWhoseByteWasAltered) {
  const std::vector<StoredBlock> blocks = honest_blocks();
  const DossierLife& life = a_dossier_life();
  const auto& sheet = life.world.at(life.evidence);
  Bytes exported = export_of(blocks);
  const Bytes& canonical = sheet.stored.event.canonical;
  const auto found = std::ranges::search(exported, canonical);
  ASSERT_FALSE(found.empty());
  *std::prev(found.end()) ^= 1;  // The digest of the evidence's private record.

  MemorySource source(exported);
  const Result<Report> report = verify_export(source);
  ASSERT_TRUE(report);
  const std::string position = std::to_string(life.evidence.value);
  const std::string named = position + "-" + position + " " + to_string(sheet.id()) +
                            " EvidenceSighted: the event is not the one whose leaf hash stands "
                            "beside it\n";
  EXPECT_EQ(problems_of(*report, Check::leaves), named) << problems_of(*report);
  EXPECT_GT(report->result(Check::file).problems, 0U);
  EXPECT_GT(report->result(Check::signatures).problems, 0U);
  EXPECT_EQ(report->result(Check::roots).problems, 1U) << problems_of(*report);
}

// Whoever holds all keys could write the log anew; the rules would still convict him.
TEST(Verify, FindsAVerdictThatTheRulesDoNotGive) {
  Acts acts = acts_of(a_dossier_life().world);
  const std::size_t index = last_act(acts, [](const auto& act) {
    return std::holds_alternative<DossierAppraised>(act.stored.event.payload);
  });
  acts[index].stored.verdict.code = VerdictCode::refused;
  acts[index].stored.verdict.rule = Rule::v13_outcome;
  const Report report = verify(blocks_of(acts));
  EXPECT_EQ(report.problem_count(), 1U) << problems_of(report);
  const std::string problems = problems_of(report, Check::verdicts);
  EXPECT_NE(problems.find("DossierAppraised: stored: refused V13"), std::string::npos) << problems;
}

// A scope that is too narrow hides an event from those who must see it.
TEST(Verify, FindsAScopeThatTheRulesDoNotGive) {
  Acts acts = acts_of(a_dossier_life().world);
  acts.back().scope = ScopeSet{reference_scope};
  const Report report = verify(blocks_of(acts));
  EXPECT_EQ(report.problem_count(), 1U) << problems_of(report);
  EXPECT_EQ(report.result(Check::scopes).problems, 1U);
}

// A server that keeps a release to itself decides a dossier by silence.
TEST(Verify, FindsASystemEventThatWasLeftOut) {
  Acts acts = acts_of(a_dossier_life().world);
  acts.resize(last_act(acts, by_server));
  const Report report = verify(blocks_of(acts));
  EXPECT_EQ(report.problem_count(), 1U) << problems_of(report);
  const std::string problems = problems_of(report, Check::system_events);
  const std::string held = std::to_string(a_dossier_life().dependent.value);
  EXPECT_NE(problems.find("left out"), std::string::npos) << problems;
  EXPECT_NE(problems.find("held at position " + held), std::string::npos) << problems;
}

/// Acts of a world in which the phases of a cycle closed, one a month, and a hold ran out of time.
Acts acts_of_a_spring() {
  test_support::World world;
  const test_support::CommuneWorld& place = world.commune(0);
  CycleOpened cycle = world.a_cycle(TitleKind::learning_citizen, world.citizen_criteria());
  cycle.registration.last = day_of({2021, 3, 31});
  cycle.self_assessment.last = day_of({2021, 4, 30});
  cycle.review.last = day_of({2021, 5, 31});
  world.open(cycle);
  const DossierId dossier = world.register_citizen(0);
  const Position seen = world.head();
  world.assess(0, dossier);
  world.append({.chain = place.devices[1],
                .by = place.entrant,
                .payload = DossierWithdrawn{},
                .stream = test_support::stream_of(dossier),
                .seen = seen});
  for (const int month : {4, 5, 6, 7}) {
    world.set_now(test_support::World::morning_of(day_of({2021, month, 3})));
    world.introduce(place.hamlets[0]);
  }
  return acts_of(world);
}

bool closes(const test_support::StoredAct& act, CyclePhase phase) {
  const auto* const closed = std::get_if<PhaseClosed>(&act.stored.event.payload);
  return closed != nullptr && closed->phase == phase;
}

TEST(Verify, FindsNothingWrongWithWhatTimeBrought) {
  const Acts acts = acts_of_a_spring();
  EXPECT_TRUE(
      std::ranges::any_of(acts, [](const auto& act) { return closes(act, CyclePhase::review); }));
  EXPECT_TRUE(std::ranges::any_of(acts, [](const auto& act) {
    return std::holds_alternative<HoldRefused>(act.stored.event.payload);
  }));
  const Report report = verify(blocks_of(acts));
  EXPECT_TRUE(report.verified()) << problems_of(report);
}

/// The acts without one of them, with the seq of the system chain as a server would have counted.
Acts without(Acts acts, std::size_t left_out) {
  std::uint64_t seq = 0;
  std::uint64_t position = 0;
  acts.erase(acts.begin() + static_cast<std::ptrdiff_t>(left_out));
  for (test_support::StoredAct& act : acts) {
    act.stored.position = Position{++position};
    EventHeader header = act.stored.event.header;
    if (header.seen.value >= position) header.seen = Position{position - 1};
    if (by_server(act)) header.seq = ++seq;
    if (by_server(act) && header.stream.id == act.id()) header.stream.id = header.id();
    act.stored.event = make_event(header, act.stored.event.payload);
  }
  return acts;
}

// A server that keeps a phase open decides in favour of whoever comes late.
TEST(Verify, FindsAPhaseThatWasNotClosed) {
  const Acts honest = acts_of_a_spring();
  const std::size_t index =
      last_act(honest, [](const auto& act) { return closes(act, CyclePhase::review); });
  const Report report = verify(blocks_of(without(honest, index)));
  const std::string problems = problems_of(report, Check::system_events);
  EXPECT_NE(problems.find("left out before position"), std::string::npos) << problems;
  EXPECT_NE(problems.find("PhaseClosed {"), std::string::npos) << problems;
  EXPECT_EQ(problems.find("\n"), problems.rfind("\n")) << "told once: " << problems;
}

// A server that closes a phase an hour early shuts people out.
TEST(Verify, FindsAPhaseThatWasClosedEarly) {
  Acts acts = acts_of_a_spring();
  const std::size_t index =
      last_act(acts, [](const auto& act) { return closes(act, CyclePhase::registration); });
  const Timestamp due = midnight_in_vietnam(day_of({2021, 4, 1}));
  StoredEvent& early = acts[index].stored;
  early.received_at = Timestamp{due.value - 1};
  early.event = projections::make_system_event(early.event.header.seq, early.event.header.stream,
                                               early.event.payload, early.event.header.seen,
                                               early.received_at, early.event.header.rules);
  const Report report = verify(blocks_of(acts));
  const std::string problems = problems_of(report, Check::system_events);
  EXPECT_NE(problems.find("that it did not owe"), std::string::npos) << problems_of(report);
}

// Whoever waits for the end of a hold would not know what it was worth.
TEST(Verify, FindsAHoldThatWasNotEnded) {
  const Acts honest = acts_of_a_spring();
  const std::size_t index = last_act(honest, [](const auto& act) {
    return std::holds_alternative<HoldRefused>(act.stored.event.payload);
  });
  const Report report = verify(blocks_of(without(honest, index)));
  const std::string problems = problems_of(report, Check::system_events);
  EXPECT_NE(problems.find("HoldRefused for the event held at position"), std::string::npos)
      << problems;
}

// A server that releases what nothing released has decided for the commune.
TEST(Verify, FindsASystemEventThatWasAdded) {
  const DossierLife& life = a_dossier_life();
  Acts acts = acts_of(life.world);
  acts.resize(life.conflicting.value);
  const std::size_t last = last_act(acts, by_server);
  HoldReleased release;
  release.held = life.conflicting;
  release.verdict.code = VerdictCode::accepted;
  release.verdict.rules = RulesVersion{1};
  const StoredEvent& before = acts.back().stored;
  Event added = projections::make_system_event(
      acts[last].id().seq() + 1, test_support::stream_of(life.dossier), release, before.position,
      before.received_at, RulesVersion{1});
  StoredEvent stored{
      Position{acts.size() + 1}, before.received_at, {}, std::move(added), release.verdict};
  const ScopeSet scope = acts.back().scope;
  acts.push_back({std::move(stored), scope});
  const Report report = verify(blocks_of(acts));
  EXPECT_EQ(report.problem_count(), 1U) << problems_of(report);
  EXPECT_NE(problems_of(report, Check::system_events).find("did not owe"), std::string::npos)
      << problems_of(report);
}

// A device that nobody offered a code to could act for everybody.
TEST(Verify, FindsADeviceEnrolledWithoutOffer) {
  Acts acts = acts_of(a_dossier_life().world);
  const std::size_t index = last_act(acts, [](const auto& act) {
    return std::holds_alternative<DeviceEnrolled>(act.stored.event.payload);
  });
  auto enrolled = std::get<DeviceEnrolled>(acts[index].stored.event.payload);
  enrolled.code = "ANOTHER-CODE";
  acts[index].stored.event = make_event(acts[index].stored.event.header, enrolled);
  const Report report = verify(blocks_of(acts));
  EXPECT_NE(problems_of(report, Check::system_events).find("a code that is not the offer's"),
            std::string::npos)
      << problems_of(report);
}

// An event under another officer's name, put where one of his own was.
TEST(Verify, FindsAnEventOfAnotherChain) {
  std::vector<StoredBlock> blocks = honest_blocks();
  StoredBlock& last = blocks.back();
  const auto other = std::ranges::find_if(blocks, [&](const StoredBlock& block) {
    return block.chain == test_support::World::administration;
  });
  ASSERT_NE(other, blocks.end());
  last.entries.back().canonical = other->entries.front().canonical;
  grow_tree_again(blocks);
  const Report report = verify(blocks);
  EXPECT_FALSE(report.verified());
  EXPECT_NE(problems_of(report, Check::blocks).find("stands in its place"), std::string::npos)
      << problems_of(report);
}

// Events nobody signed could be anybody's.
TEST(Verify, FindsATailWithoutSignature) {
  std::vector<StoredBlock> blocks = honest_blocks();
  blocks.back().run.reset();
  const Report report = verify(blocks);
  EXPECT_EQ(report.problem_count(), 1U) << problems_of(report);
  EXPECT_NE(problems_of(report, Check::signatures).find("no signature covers"), std::string::npos);
}

TEST(Verify, FindsASignatureOfAnotherKey) {
  std::vector<StoredBlock> blocks = honest_blocks();
  blocks.back().run->signature.bytes[0] ^= 1;
  const Report report = verify(blocks);
  EXPECT_EQ(report.problem_count(), 1U) << problems_of(report);
  EXPECT_EQ(report.result(Check::signatures).problems, 1U);
}

// A block that is taken out takes acts with it that somebody was told were recorded.
TEST(Verify, FindsPositionsThatAreMissing) {
  std::vector<StoredBlock> blocks = honest_blocks();
  const StoredBlock taken = blocks[blocks.size() - 3];
  blocks.erase(blocks.end() - 3);
  const Report report = verify(blocks);
  EXPECT_FALSE(report.verified());
  EXPECT_NE(problems_of(report, Check::positions)
                .find("positions " + std::to_string(taken.first.value) + "–" +
                      std::to_string(taken.last().value) + " are missing"),
            std::string::npos)
      << problems_of(report);
}

TEST(Verify, FindsARootThatIsNotThatOfTheLeaves) {
  std::vector<StoredBlock> blocks = honest_blocks();
  blocks[blocks.size() / 2].root_after.bytes[5] ^= 1;
  const Report report = verify(blocks);
  EXPECT_EQ(report.problem_count(), 1U) << problems_of(report);
  EXPECT_EQ(report.result(Check::roots).problems, 1U);
}

// A time of receipt that was set back would make a late act early.
TEST(Verify, FindsATimeOfReceiptThatFalls) {
  std::vector<StoredBlock> blocks = honest_blocks();
  blocks.back().received_at = Timestamp{1};
  grow_tree_again(blocks);
  const Report report = verify(blocks);
  EXPECT_EQ(report.result(Check::received).problems, 1U) << problems_of(report);
}

// Reports are printed from projections; one that was altered prints what never happened.
TEST(Verify, FindsAProjectionThatIsNotTheFold) {
  const std::vector<StoredBlock> blocks = honest_blocks();
  projections::State state;
  projections::Views views;
  const projections::State::OnEffect follow = views.on_effect();
  for (const auto& act : a_dossier_life().world.stored()) {
    state.apply(act.stored, act.scope, follow);
  }
  std::vector<LogExportCheckpoint> checkpoints;
  for (const projections::ProjectionInfo& info : projections::all_projections()) {
    const auto bytes = projection_bytes(info.name, state, views);
    ASSERT_TRUE(bytes) << info.name;
    checkpoints.push_back({info.name, info.revision, state.applied(), sha256(*bytes)});
  }
  const Bytes honest = export_of(blocks, checkpoints);
  MemorySource honest_source(honest);
  const Result<Report> honest_report = verify_export(honest_source);
  ASSERT_TRUE(honest_report);
  EXPECT_TRUE(honest_report->verified()) << problems_of(*honest_report);
  EXPECT_EQ(honest_report->result(Check::checkpoints).checked, checkpoints.size());

  checkpoints.back().digest.bytes[0] ^= 1;
  const Bytes altered = export_of(blocks, checkpoints);
  MemorySource altered_source(altered);
  const Result<Report> altered_report = verify_export(altered_source);
  ASSERT_TRUE(altered_report);
  EXPECT_EQ(
      problems_of(*altered_report, Check::checkpoints).find("statistics") == std::string::npos,
      false)
      << problems_of(*altered_report);
}

// A thousand problems must not hide that there are a thousand.
TEST(Report, CountsProblemsItDoesNotKeep) {
  Report report;
  report.apply(Check::roots);
  Problem problem;
  problem.check = Check::roots;
  for (int index = 0; index < 1000; ++index) report.add(problem);
  EXPECT_EQ(report.problem_count(), 1000U);
  EXPECT_EQ(report.problems().size(), Report::problems_kept_max);
  EXPECT_FALSE(report.verified());
  EXPECT_NE(report_text(report, "x").find("and 950 more"), std::string::npos);
}

}  // namespace
}  // namespace audit
