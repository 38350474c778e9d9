#include "clients/core/replica/sync_status.h"

#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using clients::Contact;
using clients::device_status_of;
using clients::DeviceStatus;
using clients::EventStatus;
using clients::SyncFacts;
using clients::SyncStatus;
using events::Position;

constexpr Contact never{};
constexpr Contact good{true, true};

/// A device with one registration of three events, not sent yet.
struct Scene {
  ScriptedServer server;
  TestDevice device{server};

  Scene() {
    device.sync(server);
    const auto requests = device.registration(server, 1);
    const auto done = device.workspace->record_together(requests, server.world.now());
    EXPECT_TRUE(done && !done->refused);
  }
  DeviceStatus status(const Contact& contact) {
    return device_status_of(*device.workspace, *device.replica, contact);
  }
};

// A tablet that was taken out of use went on saying "Đã đồng bộ", and its officer went on writing.
TEST(Honesty, ARevokedDeviceIsNeverInStep) {
  SyncFacts facts;
  facts.met = true;
  facts.caught_up = true;
  EXPECT_EQ(sync_status_of(facts), SyncStatus::in_step);
  facts.revoked = true;
  EXPECT_EQ(sync_status_of(facts), SyncStatus::revoked);
  facts.own_head = 3;
  EXPECT_EQ(sync_status_of(facts), SyncStatus::revoked);
}

// An officer who reads "synchronised" puts the tablet away for a month.  Whatever is known or not:
// it is said only when every own event has its verdict, everything around it is here, and the last
// contact ended with nothing missing (I12).
TEST(Honesty, NeverSaysInStepBeforeHeadVerdictsAndLogAgree) {
  for (int bits = 0; bits < 4; ++bits) {
    for (std::uint64_t head = 0; head <= 3; ++head) {
      for (std::uint64_t known = 0; known <= head; ++known) {
        for (std::uint64_t last_own = 0; last_own <= 3; ++last_own) {
          for (std::uint64_t frontier = 0; frontier <= 3; ++frontier) {
            SyncFacts facts;
            facts.met = (bits & 1) != 0;
            facts.caught_up = (bits & 2) != 0;
            facts.own_head = head;
            facts.verdicts_known = known;
            facts.last_own = Position{last_own};
            facts.synced_upto = Position{frontier};
            const bool true_now =
                facts.met && facts.caught_up && known == head && last_own <= frontier;
            EXPECT_EQ(sync_status_of(facts) == SyncStatus::in_step, true_now)
                << bits << ' ' << head << ' ' << known << ' ' << last_own << ' ' << frontier;
            if (known < head) {
              EXPECT_EQ(sync_status_of(facts), SyncStatus::unsent);
            }
          }
        }
      }
    }
  }
}

// What is only on the device can still be lost with it; the officer must see how much that is.
TEST(Honesty, UnsentWorkIsCountedWithItsBytesByClass) {
  Scene scene;
  const DeviceStatus status = scene.status(good);
  EXPECT_EQ(status.sync, SyncStatus::unsent);
  EXPECT_EQ(status.device_only, 3U);
  EXPECT_EQ(status.unsent_events.count, 3U);
  EXPECT_GT(status.unsent_events.bytes, 100U);
  EXPECT_GE(status.unsent_privates.count, 1U);
  EXPECT_GT(status.unsent_privates.bytes, 20U);
  EXPECT_EQ(status.official + status.received + status.waiting + status.refused, 0U);
}

TEST(Honesty, AfterASynchronisationEverythingIsOfficialAndNothingIsPending) {
  Scene scene;
  scene.device.sync(scene.server);
  const DeviceStatus status = scene.status(good);
  EXPECT_EQ(status.sync, SyncStatus::in_step);
  EXPECT_EQ(status.official, 3U);
  EXPECT_EQ(status.unsent_events, clients::Amount{});
  EXPECT_EQ(scene.status(never).sync, SyncStatus::never_met);
  EXPECT_EQ(scene.status({true, false}).sync, SyncStatus::behind);
}

// The line is cut after every single frame of the answer: at no cut is more said than is true.
TEST(Honesty, AtEveryCutOfASynchronisationWhatIsShownIsTrue) {
  for (std::size_t cut = 0;; ++cut) {
    Scene scene;
    clients::SyncEngine engine(*scene.device.replica, false);
    engine.go_on(std::nullopt);
    const Frames sent = *engine.start(scene.server.world.now(), {});
    const Frames answer = scene.server.answer(sent);
    for (std::size_t index = 0; index < std::min(cut, answer.size()); ++index) {
      ASSERT_TRUE(engine.on_message(answer[index], scene.server.world.now()));
    }
    const DeviceStatus status = scene.status({true, engine.progress().caught_up});
    const auto& own = scene.device.replica->own();
    EXPECT_EQ(status.device_only, own.head().seq - own.verdicts_known());
    if (status.sync == SyncStatus::in_step) {
      EXPECT_EQ(status.official, 3U) << cut;
    }
    for (const clients::OwnRecord& record :
         own_records(*scene.device.workspace, *scene.device.replica)) {
      if (record.progress.status != EventStatus::official) continue;
      EXPECT_LE(record.progress.position, scene.device.replica->pull().synced_upto);
    }
    if (cut >= answer.size()) {
      EXPECT_EQ(status.sync, SyncStatus::in_step);
      break;
    }
  }
}

}  // namespace
}  // namespace clients_test
