#include "projections/rules/system_events.h"

#include "events/protocol/incarnation_messages.h"
#include "events/protocol/scope_messages.h"
#include "tests/support/world_random.h"
#include "tests/tools/audit/audited_log.h"
#include "tools/audit/verify.h"

// Behind world.h, whose parameters have names of its things.
#include "tests/server/bundle/photo_scene.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>
#include <vector>

// Everything that the server appends by itself is verified.  An auditor who says "altered" about an
// honest log is not believed when it is true.

namespace audit {
namespace {

using namespace events;
using server::test::PhotoScene;

/// The kinds that stand on the system chain of a log.
std::set<EventType> system_kinds(const EventLog& log) {
  std::set<EventType> kinds;
  Position after;
  const ReaderScope everything{.whole_log = true, .units = {}};
  for (;;) {
    Position scanned_to;
    const auto encoded = log.next_block(everything, after, &scanned_to);
    if (!encoded || !*encoded) return kinds;
    const auto block = decode_stored_block(**encoded);
    after = block->last();
    if (block->chain != system_chain) continue;
    const auto stored = stored_events(*block);
    for (const StoredEvent& each : *stored) {
      kinds.insert(static_cast<EventType>(each.event.header.type));
    }
  }
}

/// A server with one commune's device and the administrator's, which do all that makes a server
/// speak.
struct TalkativeServer : PhotoScene {
  void expect_verified() {
    Report report;
    verify_log(log, {}, report);
    EXPECT_TRUE(report.verified()) << problems_of(report);
    server::Pipeline again(log, private_store, test_support::a_key(1));
    EXPECT_TRUE(again.recover());
  }

  void administer(Payload payload, StreamId about) {
    EventHeader header = admin.header(about.kind, administrator, registrar);
    header.stream = about;
    header.seen = log.head().position;
    header.recorded_at = now;
    header.business_day = day_in_vietnam(now);
    admin.add(header, std::move(payload));
    push_admin();
  }

  const projections::Device& device() {
    return *pipeline.state().access().device_of(clerk.chain());
  }

  void revoke() {
    administer(DeviceRevoked{device().id, "mất máy"},
               StreamId{StreamKind::access, device().id.event});
  }

  /// What a device says that has destroyed what it may not hold.
  void purge(Position as_of) {
    protocol::Purged receipt;
    receipt.log = server::test::the_log;
    receipt.chain = clerk.chain();
    receipt.as_of = as_of;
    receipt.units = {first};
    receipt.blocks = 3;
    receipt.signature = clerk.key().sign(protocol::purged_statement(receipt));
    const auto recorded = pipeline.record_purge(receipt, now);
    EXPECT_TRUE(recorded) << recorded.error().message;
  }

  /// The device was cloned, or its store set back: it goes on under a new key.
  void continue_chain(std::uint8_t key) {
    const SigningKey fresh = test_support::a_key(key);
    protocol::NewChain request;
    request.log = server::test::the_log;
    request.chain = clerk.chain();
    request.common_seq = 0;
    request.common_hash = chain_start(clerk.chain(), clerk.key().public_key());
    request.public_key = fresh.public_key();
    request.label = "Laptop";
    const Bytes statement = protocol::new_chain_statement(request.log, request.chain,
                                                          request.public_key, request.label);
    request.old_proof = clerk.key().sign(statement);
    request.new_proof = fresh.sign(statement);
    const auto continued = enrolment.continue_chain(request, now);
    EXPECT_TRUE(continued) << continued.error().message;
  }

  void store_a_photo() {
    const Photo photo = attach(20'000);
    EXPECT_TRUE(meet_server().synced());
    for (const FilePart part : {FilePart::original, FilePart::thumbnail}) {
      const auto recorded = pipeline.record_stored({photo.attached, part}, now);
      EXPECT_TRUE(recorded) << recorded.error().message;
    }
  }
};

TEST(SystemEvents, EachKindThatAServerAppendsIsVerified) {
  TalkativeServer world;
  world.expect_verified();
  world.store_a_photo();
  world.expect_verified();
  world.continue_chain(40);
  world.expect_verified();
  world.purge(world.log.head().position);
  world.expect_verified();
  world.pass_days(1);
  world.administer(QuotaRaised{world.device().id, day_in_vietnam(world.now), 2},
                   StreamId{StreamKind::access, world.device().id.event});
  world.expect_verified();
  world.revoke();
  world.purge(world.log.head().position);
  world.expect_verified();

  const std::set<EventType> kinds = system_kinds(world.log);
  using enum EventType;
  for (const EventType kind : {log_founded, sealing_key_published, person_introduced, role_granted,
                               device_enrolled, chain_continued, scope_purged, evidence_stored}) {
    EXPECT_TRUE(kinds.contains(kind)) << event_name(static_cast<std::uint16_t>(kind));
  }
}

// Each alone was right and two together were not: as in any order they come.
TEST(SystemEvents, AnyMixOfWhatAServerAppendsIsVerified) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    TalkativeServer world;
    std::uint8_t key = 40;
    for (int step = 0; step < 12; ++step) {
      world.pass(1 + random() % 3'600'000);
      switch (random() % 5) {
        case 0:
          world.store_a_photo();
          break;
        case 1:
          if (key < 44) world.continue_chain(key++);
          break;
        case 2:
          world.purge(world.log.head().position);
          break;
        case 3:
          world.administer(QuotaRaised{world.device().id, day_in_vietnam(world.now), 3},
                           StreamId{StreamKind::access, world.device().id.event});
          break;
        default:
          world.record(1 + random() % 3);
          EXPECT_TRUE(world.meet_server().synced());
      }
    }
    world.revoke();
    world.purge(world.log.head().position);
    world.expect_verified();
  }
}

// Officers at work, with conflicts, holds and releases, and receipts in between.
TEST(SystemEvents, ARandomWorldWithReceiptsIsVerified) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    test_support::World world;
    test_support::RandomActs acts(world, seed);
    for (int step = 0; step < 150; ++step) {
      acts.act();
      if (step % 25 != 24) continue;
      const ChainNumber chain = world.commune(step % 3).devices[0];
      protocol::Purged purged;
      purged.log = LogId{1};
      purged.chain = chain;
      purged.as_of = world.head();
      purged.signature = test_support::key_of(chain).sign(protocol::purged_statement(purged));
      const DeviceId device = world.state().access().device_of(chain)->id;
      ScopePurged receipt{device, purged.as_of, {}, 0, {}, purged.signature};
      const EventId id{system_chain, world.next_seq(system_chain)};
      const auto stream = projections::stream_of_system_event(receipt, id, world.state());
      ASSERT_TRUE(stream);
      EXPECT_TRUE(world.append_system(std::move(receipt), stream).verdict().takes_effect());
    }
    const Report report = verify(blocks_of(acts_of(world)));
    EXPECT_TRUE(report.verified()) << problems_of(report);
  }
}

// A kind that nobody gave a place would be refused by every auditor from its first day on.
TEST(SystemEvents, TheServersOwnKindsHaveAPlace) {
  const test_support::World world;
  const EventId id{system_chain, 900};
  using enum EventType;
  const std::set<EventType> own = {log_founded,     rules_adopted,         log_restored,
                                   clock_corrected, sealing_key_published, device_enrolled,
                                   chain_continued};
  for (const Payload& payload : test_support::one_of_each_kind()) {
    const Event event = test_support::an_event(payload);
    const auto kind = static_cast<EventType>(event.header.type);
    if (!own.contains(kind)) continue;
    const auto stream = projections::stream_of_system_event(payload, id, world.state());
    ASSERT_TRUE(stream) << event_name(event.header.type);
    EXPECT_EQ(stream->kind, stream_kind_of(payload));
  }
}

}  // namespace
}  // namespace audit
