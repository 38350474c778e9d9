#include "projections/state/snapshot.h"

#include "projections/views/all_projections.h"
#include "tests/support/world.h"
#include "tests/support/world_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>

namespace projections {
namespace {

using events::Position;
using test_support::RandomActs;
using test_support::StoredAct;
using test_support::World;

constexpr std::uint64_t seeds = 60;
constexpr int acts_per_seed = 150;

const World& founded() {
  static const World world;
  return world;
}

/// What a reader gathers on its way through the log.
struct Reading {
  State state;
  SnapshotBuilder gatherer;

  void read(const World& world, const events::ReaderScope& reader, Position after, Position upto) {
    for (const StoredAct& act : world.stored()) {
      const bool is_next = act.position() > after && act.position() <= upto;
      if (!is_next || !reader.includes(act.scope)) continue;
      state.apply(act.stored, act.scope);
      gatherer.take(act.stored, act.scope, true);
    }
    state.advance(upto);
  }

  Snapshot snapshot() const {
    Snapshot made{state, gatherer.later_verdicts(), {}};
    for (const auto& named : gatherer.needed_at(state)) {
      made.records.push_back({named.event, named.home, events::fingerprint_of(named.digest)});
    }
    return made;
  }
};

// An officer who was away for a season would go on from something else than what the others see,
// and every verdict from then on would differ.
TEST(Snapshot, AndTheTailAreTheWholeLogForEveryScope) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    World world = founded();
    RandomActs acts(world, seed);
    for (int act = 0; act < acts_per_seed; ++act) acts.act();
    std::mt19937_64 random(seed);
    for (std::size_t commune = 0; commune < World::commune_count; ++commune) {
      SCOPED_TRACE(commune);
      const events::ReaderScope reader = world.reader_of(commune);
      const Position cut{1 + random() % world.head().value};
      Reading whole;
      whole.read(world, reader, {}, world.head());

      Reading until_cut;
      until_cut.read(world, reader, {}, cut);
      const events::Bytes bytes = encode_snapshot(until_cut.snapshot());
      events::Result<Snapshot> read = decode_snapshot(bytes);
      ASSERT_TRUE(read) << read.error().message;
      ASSERT_EQ(encode_snapshot(*read), bytes);
      ASSERT_EQ(read->state.applied(), cut);

      Reading resumed{std::move(read->state), until_cut.gatherer};
      resumed.read(world, reader, cut, world.head());
      ASSERT_EQ(events::encode(resumed.state), events::encode(whole.state));
      ASSERT_EQ(encode_snapshot(resumed.snapshot()), encode_snapshot(whole.snapshot()));
    }
  }
}

// A commune would report other figures after a snapshot than before it.
TEST(Snapshot, StatisticsOfItsStateAreThoseThatWereCountedEventByEvent) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    World world = founded();
    RandomActs acts(world, seed);
    for (int act = 0; act < acts_per_seed; ++act) acts.act();
    State state;
    Views views;
    const State::OnEffect follow = views.on_effect();
    for (const StoredAct& act : world.stored()) state.apply(act.stored, act.scope, follow);
    ASSERT_EQ(events::encode(Statistics::of(state)), events::encode(views.statistics));
  }
}

// The names of people are what officers search by; the notes of a closed dossier only cost bytes.
TEST(Snapshot, NamesPeopleForEverAndNotesWhileTheirDossierIsOpen) {
  World world = founded();
  const events::DossierId open = world.open_dossier(0);
  const events::DossierId closed = world.open_dossier(0);
  for (const events::DossierId dossier : {open, closed}) world.register_dossier(0, dossier);
  const auto return_blocks = [&](events::DossierId dossier, std::uint8_t mark) {
    events::DossierReturned returned;
    returned.reason = events::ReturnReason::other;
    returned.return_to = events::DossierState::registered;
    returned.private_digest.emplace();
    returned.private_digest->bytes.fill(mark);
    const test_support::CommuneWorld& commune = world.commune(0);
    return world
        .append({.chain = commune.devices[1],
                 .by = commune.clerk,
                 .payload = returned,
                 .stream = test_support::stream_of(dossier)})
        .id();
  };
  const events::EventId open_note = return_blocks(open, 1);
  const events::EventId closed_note = return_blocks(closed, 2);
  world.append({.chain = world.commune(0).devices[1],
                .by = world.commune(0).entrant,
                .payload = events::DossierWithdrawn{},
                .stream = test_support::stream_of(closed)});
  ASSERT_EQ(world.state().dossiers().find(closed)->state, events::DossierState::withdrawn);

  Reading reading;
  reading.read(world, world.reader_of(0), {}, world.head());
  const Snapshot snapshot = reading.snapshot();
  const auto names = [&](events::EventId event) {
    return std::ranges::count(snapshot.records, event, &NamedRecord::event) == 1;
  };
  EXPECT_TRUE(names(open_note));
  EXPECT_FALSE(names(closed_note));
  for (const Person& person : reading.state.subjects().persons()) {
    const StoredAct* act = nullptr;
    for (const StoredAct& each : world.stored()) {
      if (each.id() == person.id.event) act = &each;
    }
    ASSERT_NE(act, nullptr);
    const bool has_record = events::private_digest_of(act->stored.event.payload).has_value();
    EXPECT_EQ(names(person.id.event), has_record);
  }
}

// A snapshot that was cut off must not pass for a smaller commune.
TEST(Snapshot, RefusesEveryTruncation) {
  World world = founded();
  world.register_citizen(0);
  Reading reading;
  reading.read(world, world.reader_of(0), {}, world.head());
  const events::Bytes whole = encode_snapshot(reading.snapshot());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    const auto read = decode_snapshot(events::ByteView(whole).first(size));
    ASSERT_FALSE(read);
    ASSERT_EQ(read.error().code, events::ErrorCode::malformed);
  }
}

}  // namespace
}  // namespace projections
