#include "projections/rules/judge.h"
#include "projections/state/snapshot.h"
#include "tests/support/event_builders.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

// What a newer build wrote, on a build that knows the first fields of it.

namespace projections {
namespace {

using events::Bytes;
using events::Event;
using events::Position;
using test_support::from_hex;
using test_support::in_newer_schema;
using test_support::Officer;
using test_support::World;

/// A log that goes on with events of a newer build, accepted there.
class NewerSchemas : public testing::Test {
 protected:
  World world;
  State state = world.state();
  Position last = world.head();

  void append(const Event& event,
              events::ScopeSet scope = events::ScopeSet{events::reference_scope}) {
    last.value += 1;
    events::Verdict accepted;
    accepted.code = events::VerdictCode::accepted;
    accepted.rules = events::RulesVersion{1};
    state.apply({last, world.now(), {}, event, accepted}, scope);
  }
  Event by_administrator(events::Payload payload) const {
    return world.make({.chain = World::administration,
                       .by = world.administrator(),
                       .payload = std::move(payload)});
  }
  /// The state as a build reads it that knows the newer schema, or as this one reads it again.
  State through_a_snapshot() const {
    const Bytes bytes = encode_snapshot({state, {}, {}});
    events::Result<Snapshot> snapshot = decode_snapshot(bytes);
    EXPECT_TRUE(snapshot) << snapshot.error().message;
    EXPECT_EQ(encode_snapshot(*snapshot), bytes) << "not a byte of it was lost";
    return std::move(snapshot->state);
  }
};

// A tablet that is updated in winter would go on from criteria without their newest fields.
TEST_F(NewerSchemas, OfCriteriaStayWholeInCheckpointsAndSnapshots) {
  events::CriteriaPublished criteria =
      world.state().rulebook().find(world.citizen_criteria())->content;
  criteria.version += 1;
  const Event event = in_newer_schema(by_administrator(criteria), 2, from_hex("05aabbccddee"));
  append(event);
  const events::CriteriaId id{event.id()};
  for (const State& read : {state, through_a_snapshot()}) {
    const Criteria* const found = read.rulebook().find(id);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->content.indicators.size(), criteria.indicators.size());
    EXPECT_EQ(found->schema, 2U);
    EXPECT_EQ(found->beyond, from_hex("05aabbccddee"));
  }
  EXPECT_EQ(state.rulebook().latest_version(criteria.code), criteria.version);
}

TEST_F(NewerSchemas, OfCyclesStayWholeInCheckpointsAndSnapshots) {
  events::CycleOpened cycle = world.state().rulebook().find(world.citizen_cycle())->content;
  cycle.label = "2026";
  const Event event = in_newer_schema(by_administrator(cycle), 2, from_hex("e90f"));
  append(event);
  for (const State& read : {state, through_a_snapshot()}) {
    const Cycle* const found = read.rulebook().find(events::CycleId{event.id()});
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->content.label, "2026");
    EXPECT_EQ(found->schema, 2U);
    EXPECT_EQ(found->beyond, from_hex("e90f"));
  }
}

// Fields left over in a schema that is known are damage, not news.
TEST_F(NewerSchemas, FieldsLeftOverInAKnownSchemaAreRefused) {
  Cycle cycle = *state.rulebook().find(world.citizen_cycle());
  cycle.beyond = from_hex("00");
  EXPECT_FALSE(events::decode<Cycle>(events::encode(cycle)));
  cycle.schema = 2;
  EXPECT_TRUE(events::decode<Cycle>(events::encode(cycle)));
}

// The known fields of a newer renaming are right as far as they go, and the device says so.
TEST_F(NewerSchemas, OfAnEventAreFoldedAsFarAsTheyAreKnown) {
  const events::UnitId commune = world.commune(0).unit;
  const events::StreamId stream{events::StreamKind::unit, commune.event};
  const Event renamed = world.make(
      {.chain = World::administration,
       .by = world.administrator(),
       .payload = events::UnitRenamed{commune, "Phường Mới", "", world.city(), world.today(), "NQ",
                                      events::UnitKind::ward, events::AreaType::urban},
       .stream = stream});
  append(in_newer_schema(renamed, 3, from_hex("0199")));
  EXPECT_EQ(state.units().on(world.today()).short_name_of(commune), "Phường Mới");
  EXPECT_EQ(state.left_out().since(stream), last);
  EXPECT_EQ(state.applied_to(stream).value, last.value - 1);
  EXPECT_EQ(through_a_snapshot().left_out().since(stream), last);
}

// It may say more than this build reads: nobody here may say that it is right.
TEST_F(NewerSchemas, OfAnEventAreHeldWhereTheyAreJudged) {
  const events::DossierId dossier = world.register_citizen(0);
  const Event known = world.make({.chain = world.commune(0).devices[0],
                                  .by = world.commune(0).branch_head,
                                  .payload = world.a_sheet(),
                                  .stream = test_support::stream_of(dossier)});
  const Arrival arrival{
      Position{world.head().value + 1}, world.now(), {0, 2, events::content_checked}};
  EXPECT_EQ(judge(known, arrival, world.state()).verdict.code, events::VerdictCode::accepted);
  const Judgement newer = judge(in_newer_schema(known, 2, from_hex("07")), arrival, world.state());
  EXPECT_EQ(newer.verdict.code, events::VerdictCode::held);
  EXPECT_EQ(newer.verdict.hold, events::HoldReason::schema_unknown);
  EXPECT_EQ(newer.scope, events::ScopeSet{world.commune(0).unit});
}

// A ward may be called so only where a commune stood.
TEST_F(NewerSchemas, ARetypedUnitKeepsItsLevel) {
  const auto retyped = [&](events::UnitId unit, events::UnitId parent, events::UnitKind kind) {
    return world.make({.chain = World::administration,
                       .by = world.administrator(),
                       .payload = events::UnitRenamed{unit, "Đơn vị", "", parent, world.today(),
                                                      "NQ", kind, std::nullopt},
                       .stream = events::StreamId{events::StreamKind::unit, unit.event}});
  };
  const Arrival arrival{
      Position{world.head().value + 1}, world.now(), {0, 2, events::content_checked}};
  const events::UnitId commune = world.commune(0).unit;
  const auto code_of = [&](const Event& event) {
    return judge(event, arrival, world.state()).verdict.code;
  };
  EXPECT_EQ(code_of(retyped(commune, world.city(), events::UnitKind::ward)),
            events::VerdictCode::accepted);
  EXPECT_EQ(code_of(retyped(commune, world.city(), events::UnitKind::hamlet)),
            events::VerdictCode::refused);
  EXPECT_EQ(code_of(retyped(world.commune(0).hamlets[0], commune, events::UnitKind::ward)),
            events::VerdictCode::refused);
  EXPECT_EQ(code_of(retyped(commune, world.city(), static_cast<events::UnitKind>(77))),
            events::VerdictCode::refused);
}

}  // namespace
}  // namespace projections
