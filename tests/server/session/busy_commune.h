#pragma once

#include "events/archive/compact.h"
#include "tests/server/session/tablet.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace server::test {

/// Sees each frame before the tablet does, and may change it; false: the line is cut before it.
using OnDown = std::function<bool(protocol::Message&)>;

/// A log with a commune where much happens, and a tablet of its clerk that was away.
class BusyCommune : public ::testing::Test {
 protected:
  /// Stored blocks that are worth a snapshot here.
  static constexpr std::size_t worth_asking = 2'048;

  void add_people(int count) {
    for (int index = 1; index <= count; ++index) {
      introduce("Lò Thị " + name_of(++people_));
      if (index % 40 == 0 || index == count) world.push_admin();
    }
  }

  /// Another name for each number; names have no digits.
  static std::string name_of(int number) {
    std::string name(1, static_cast<char>('A' + number % 26));
    for (int rest = number / 26; rest > 0; rest /= 26) {
      name.push_back(static_cast<char>('a' + rest % 26));
    }
    return name;
  }

  void introduce(const std::string& name) {
    events::PersonRecord record = test_support::a_person_record();
    record.full_name = name;
    world.records.push_back(test_support::a_private_record(record));
    events::PersonIntroduced person;
    person.home_unit = world.first;
    person.gender = events::Gender::female;
    person.private_digest = world.records.back().digest();
    world.admin.create(person, world.administrator, world.registrar);
  }

  /// One connection of a tablet that takes snapshots, to a server that has made none yet.
  clients::SyncState meet(Tablet& tablet, const OnDown& on_down = {}) {
    clients::SyncEngine engine(*tablet.replica, false);
    engine.accept_snapshots();
    Wire wire(world, ++connections_);
    wire.session().offer_snapshots_from(worth_asking);
    received.clear();
    sent.clear();
    auto outgoing = engine.start(world.now, {});
    EXPECT_TRUE(outgoing);
    while (outgoing && !outgoing->empty()) {
      for (const protocol::Message& frame : *outgoing) {
        sent.push_back(frame);
        wire.send(frame);
      }
      clients::SyncEngine::Frames next;
      for (protocol::Message& frame : wire.receive()) {
        if (on_down && !on_down(frame)) return clients::SyncState::stopped;
        received.push_back(frame);
        auto more = engine.on_message(frame, world.now);
        if (!more) return engine.state();
        next.insert(next.end(), more->begin(), more->end());
      }
      outgoing = std::move(next);
    }
    progress = engine.progress();
    return engine.state();
  }

  /// The tablet shows what the server knows of its scope, and misses nothing.
  void expect_in_step(const Tablet& tablet) {
    projections::State expected = world.pipeline.state();
    expected.restrict_to(tablet.replica->pull().scope);
    const clients::Overlay& overlay = tablet.replica->overlay();
    EXPECT_EQ(events::encode(overlay.confirmed()), events::encode(expected));
    EXPECT_EQ(events::encode(overlay.pending()), events::encode(expected));
    EXPECT_EQ(tablet.replica->pull().synced_upto, world.log.head().position);
    for (const projections::Person& person : expected.subjects().persons()) {
      if (person.scope != world.first) continue;
      EXPECT_FALSE(tablet.workspace->name_of(person.id.event).empty());
    }
  }

  TwoCommunes world;
  std::vector<protocol::Message> received;  ///< In the last meeting.
  std::vector<protocol::Message> sent;
  clients::SyncProgress progress;

 private:
  int people_ = 0;
  std::uint64_t connections_ = 100;
};

}  // namespace server::test
