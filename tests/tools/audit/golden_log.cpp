#include "tests/tools/audit/golden_log.h"

#include "events/protocol/incarnation_messages.h"
#include "events/protocol/scope_messages.h"
#include "projections/rules/system_events.h"
#include "projections/verification/projection_bytes.h"
#include "tests/support/event_builders.h"
#include "tests/support/world_random.h"
#include "tools/audit/byte_stream.h"
#include "tools/audit/log_export_reader.h"

#include <gtest/gtest.h>

#include <sstream>
#include <utility>

namespace audit {

using namespace events;
using test_support::Act;
using test_support::CommuneWorld;
using test_support::Officer;
using test_support::World;

namespace {

constexpr std::uint64_t seed = 2026;
constexpr int acts = 260;

const StreamId of_log{StreamKind::log, {system_chain, 1}};

StreamId access_stream(DeviceId device) { return {StreamKind::access, device.event}; }

/// The server speaks of itself: its key, its clock, a backup that it was restored from.
void speak_of_the_log(World& world) {
  world.append_system(
      SealingKeyPublished{sealing_key_of(SealingSecret{test_support::a_digest(0x51).bytes})},
      of_log);
  world.wait_days(1);
  world.introduce(world.commune(2).unit);
  world.correct_clock(Timestamp{world.now().value - 3'600'000});
  world.append_system(LogRestored{world.head(), world.head(), Epoch{1}, Epoch{2}}, of_log);
}

/// A device that was copied goes on with a new chain; another is lost.
void change_devices(World& world) {
  const Officer& clerk = world.commune(2).clerk;
  const ChainNumber old_chain = world.enrol({clerk.person}, "Máy của văn thư");
  const ChainNumber chain = world.state().access().next_chain();
  ChainContinued continued{
      old_chain,         0, chain, test_support::key_of(chain).public_key(), {clerk.person},
      "Máy của văn thư", {}};
  continued.old_proof = test_support::key_of(old_chain).sign(protocol::new_chain_statement(
      world.state().access().log(), old_chain, continued.public_key, continued.label));
  world.append_system(continued);
  world.append({.chain = chain,
                .by = clerk,
                .payload = BranchContinued{old_chain, 1, 2, test_support::a_digest(7)}});

  const DeviceId lost = world.state().access().device_of(old_chain)->id;
  world.administer(QuotaRaised{lost, world.today(), 3}, access_stream(lost));
  world.administer(DeviceRevoked{lost, "mất máy"}, access_stream(lost));
  protocol::Purged purged;
  purged.log = world.state().access().log();
  purged.chain = old_chain;
  purged.as_of = world.head();
  purged.signature = test_support::key_of(old_chain).sign(protocol::purged_statement(purged));
  world.append_system(ScopePurged{lost, purged.as_of, {}, 0, {}, purged.signature},
                      access_stream(lost));
}

/// A commune becomes a ward, one of its hamlets ends.
void change_units(World& world) {
  const CommuneWorld& place = world.commune(2);
  const auto stream = [](UnitId unit) { return StreamId{StreamKind::unit, unit.event}; };
  world.administer(UnitRenamed{place.unit, "Phường Mới", "", world.city(), world.today(),
                               "Nghị quyết 12", UnitKind::ward, AreaType::urban},
                   stream(place.unit));
  world.administer(
      UnitClosed{
          place.hamlets[1], Day{world.today().value + 3}, {place.hamlets[0]}, "Nghị quyết 12"},
      stream(place.hamlets[1]));
}

/// Dossiers with files, one to its title, one returned, one refused after the appraisal.
void decide_dossiers(World& world) {
  const CommuneWorld& place = world.commune(1);
  const auto on = [&](const Officer& by, Payload payload, DossierId dossier) {
    return world
        .append({.chain = place.devices[1],
                 .by = by,
                 .payload = std::move(payload),
                 .stream = test_support::stream_of(dossier)})
        .id();
  };
  const DossierId good = world.register_citizen(1);
  const DossierId poor = world.register_citizen(1);
  const EventId attached = on(place.entrant, World::an_attachment(), good);
  const projections::EvidenceFileStatus original =
      world.state().evidence_files().find(attached)->part(FilePart::original);
  world.append_system(EvidenceStored{attached, FilePart::original, original.sha256, original.size},
                      test_support::stream_of(good));
  on(place.entrant, World::a_sighting(), poor);
  world.assess(1, good, 85);
  world.assess(1, poor, 40);
  world.review(1, {good, poor});
  world.submit(1, {good, poor});
  world.appraise(1, {good, poor});
  world.grant_title(1, {good});
  on(place.signer, DossierNotRecognized{{NotRecognizedReason::below_total}}, poor);
  const DossierId wrong = world.open_dossier(1);
  world.register_dossier(1, wrong);
  on(place.clerk, DossierReturned{ReturnReason::missing_evidence, DossierState::registered, {}},
     wrong);
  on(place.entrant, DossierResubmitted{}, wrong);
  on(place.entrant, DossierWithdrawn{}, wrong);
}

/// A hold that changes: what it waited for was refused, and the act behind it waits for a person.
void change_holds(World& world) {
  const CommuneWorld& place = world.commune(0);
  const DossierId dossier = world.open_dossier(0);
  world.register_dossier(0, dossier);
  const Position seen = world.head();
  world.accept_registration(0, dossier);
  const auto late = [&](Payload payload, std::optional<Position> known) {
    return world
        .append({.chain = place.devices[1],
                 .by = place.entrant,
                 .payload = std::move(payload),
                 .stream = test_support::stream_of(dossier),
                 .seen = known})
        .position();
  };
  const Position first = late(world.a_sheet(80), seen);
  late(DossierWithdrawn{}, seen);
  // Evidence that the author of a sheet had not seen disturbs nothing.
  const DossierId rebased = world.register_citizen(0);
  const Position before = world.head();
  const StreamId stream = test_support::stream_of(rebased);
  world.append({.chain = place.devices[1],
                .by = place.entrant,
                .payload = World::a_sighting(),
                .stream = stream});
  world.append({.chain = place.devices[0],
                .by = place.entrant,
                .payload = world.a_sheet(85),
                .stream = stream,
                .seen = before});
  Verdict refused;
  refused.code = VerdictCode::refused;
  refused.rule = Rule::o_conflict;
  refused.rules = world.state().rulebook().rules();
  world.append({.chain = place.devices[1],
                .by = place.clerk,
                .payload = HoldRefused{first, refused},
                .stream = test_support::stream_of(dossier)});
}

/// Somebody whose dossier is appraised, and not decided yet.
DossierId take_to_appraised(World& world) {
  const DossierId dossier = world.register_citizen(1);
  world.assess(1, dossier);
  world.review(1, {dossier});
  world.submit(1, {dossier});
  world.appraise(1, {dossier});
  return dossier;
}

/// What version 2 of the tests' rules judges otherwise (tests/rules_2).
void live_by_rules_2(World& world, DossierId appraised) {
  const CommuneWorld& place = world.commune(1);
  Act withdrawal{.chain = place.devices[1],
                 .by = place.entrant,
                 .payload = DossierWithdrawn{},
                 .stream = test_support::stream_of(appraised)};
  world.append(withdrawal);
  world.append(
      {.chain = place.devices[1],
       .by = place.entrant,
       .payload = CollectiveIntroduced{
           CollectiveKind::household, place.hamlets[0], {}, 4, test_support::a_digest(9)}});
}

void live(World& world, std::uint64_t from_seed) {
  test_support::RandomActs random(world, from_seed);
  for (int act = 0; act < acts; ++act) random.act();
}

/// A commune goes whole into another one, whose clerk goes on with what was open there.
void merge_communes(World& world) {
  const CommuneWorld& heir = world.commune(1);
  const DossierId open = world.open_dossier(2);
  world.register_dossier(2, open);
  world.append({.chain = World::administration,
                .by = world.administrator(),
                .payload = UnitsChanged{"Nghị quyết 1661",
                                        Day{world.today().value + 1},
                                        {{world.commune(2).unit, heir.unit, {}}}}});
  world.wait_days(2);
  world.append(
      {.chain = heir.devices[1],
       .by = heir.clerk,
       .payload = DossierReturned{ReturnReason::missing_evidence, DossierState::registered, {}},
       .stream = test_support::stream_of(open)});
}

/// A cycle's phases end one after the other, and with them what was not done by then.
void let_phases_close(World& world) {
  CycleOpened cycle = world.a_cycle(TitleKind::learning_citizen, world.citizen_criteria());
  const Phase days{world.today(), Day{world.today().value + 9}};
  cycle.registration = days;
  cycle.self_assessment = days;
  cycle.review = days;
  cycle.appraisal = {days.first, Day{days.last.value + 10}};
  cycle.decision = cycle.appraisal;
  cycle.grace_days = 2;
  const CycleId opened = world.open(cycle);
  world.open_dossier(1, world.introduce(world.commune(1).hamlets[0]), opened);
  world.wait_days(40);
  world.settle();
}

}  // namespace

World a_rich_life(RulesVersion rules) {
  World world;
  speak_of_the_log(world);
  change_devices(world);
  change_units(world);
  decide_dossiers(world);
  change_holds(world);
  const DossierId appraised = take_to_appraised(world);
  live(world, seed);
  for (std::uint32_t next = 2; next <= rules.value; ++next) {
    world.adopt(RulesVersion{next});
    if (next == 2) live_by_rules_2(world, appraised);
    live(world, seed + next);
  }
  merge_communes(world);
  let_phases_close(world);
  return world;
}

FoldedExport fold_export(ByteView exported) {
  FoldedExport folded;
  const projections::State::OnEffect on_effect = folded.views.on_effect();
  MemorySource source(exported);
  LogExportReader reader(source);
  for (;;) {
    Result<std::optional<LogExportItem>> item = reader.next();
    EXPECT_TRUE(item) << item.error().message;
    if (!item || !*item) break;
    const auto* const kept = std::get_if<LogExportBlock>(&(*item)->content);
    if (kept == nullptr) continue;
    const StoredBlock block = *decode_stored_block(kept->encoded);
    for (StoredEvent& stored : *stored_events(block)) {
      folded.state.apply(stored, block.scope, on_effect);
      folded.events.push_back(std::move(stored));
    }
  }
  return folded;
}

std::string meaning_of(FoldedExport& folded) {
  const projections::State& state = folded.state;
  std::ostringstream text;
  text << "position " << state.applied().value << ", rules " << state.rulebook().rules().value
       << ", held " << state.inbox().size() << ", left out " << state.left_out().dossiers() << "\n";
  const Day today = day_in_vietnam(folded.events.back().received_at);
  for (const projections::Unit& unit : state.units().all()) {
    text << "unit " << to_string(unit.id.event) << " " << word_of(unit.kind_on(today)) << " in "
         << to_string(unit.version_on(today).parent.event)
         << (unit.is_open_on(today) ? "" : " closed") << "\n";
  }
  for (const projections::Grant& grant : state.access().grants()) {
    text << "grant " << to_string(grant.id.event) << " " << word_of(grant.role) << " of "
         << to_string(grant.person.event) << (grant.is_valid_on(today) ? "" : " over") << "\n";
  }
  for (const projections::Dossier& dossier : state.dossiers().all()) {
    text << "dossier " << to_string(dossier.id.event) << " " << word_of(dossier.state)
         << " furthest " << word_of(dossier.furthest) << " in " << to_string(dossier.scope.event)
         << " total " << dossier.total_tenths << " evidence " << dossier.evidence_count
         << (dossier.sheet_passes ? " passes" : "") << (dossier.late ? " late" : "") << "\n";
  }
  for (const auto& [key, counters] : folded.views.statistics.cells()) {
    text << "cell " << to_string(key.commune.event) << " " << word_of(key.title) << " "
         << to_string(key.cycle.event) << " " << word_of(key.group) << ": " << counters.opened
         << " " << counters.registered << " " << counters.self_assessed << " " << counters.reviewed
         << " " << counters.submitted << " " << counters.appraised << " " << counters.recognized
         << " " << counters.not_recognized << " " << counters.withdrawn << "\n";
  }
  return text.str();
}

std::string digests_of(FoldedExport& folded) {
  std::string text;
  for (const projections::ProjectionInfo& info : projections::all_projections()) {
    const auto bytes = verification::projection_bytes(info.name, folded.state, folded.views);
    EXPECT_TRUE(bytes) << info.name;
    const Digest digest = bytes ? sha256(*bytes) : Digest{};
    text += std::string(info.name) + " " + std::to_string(info.revision) + " " +
            to_hex(ByteView(digest.bytes)) + "\n";
  }
  return text;
}

}  // namespace audit
