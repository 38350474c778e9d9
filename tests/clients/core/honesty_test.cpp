#include "clients/core/honesty.h"

#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using clients::Claim;
using clients::ClaimFacts;
using clients::Contact;
using clients::Standing;
using clients::Stock;
using clients::take_stock;
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
  Stock stock(const Contact& contact) {
    return take_stock(*device.workspace, *device.replica, contact);
  }
};

// A tablet that was taken out of use went on saying "Đã đồng bộ", and its officer went on writing.
TEST(Honesty, ARevokedDeviceIsNeverInStep) {
  ClaimFacts facts;
  facts.met = true;
  facts.caught_up = true;
  EXPECT_EQ(claim_of(facts), Claim::in_step);
  facts.revoked = true;
  EXPECT_EQ(claim_of(facts), Claim::revoked);
  facts.own_head = 3;
  EXPECT_EQ(claim_of(facts), Claim::revoked);
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
            ClaimFacts facts;
            facts.met = (bits & 1) != 0;
            facts.caught_up = (bits & 2) != 0;
            facts.own_head = head;
            facts.verdicts_known = known;
            facts.last_own = Position{last_own};
            facts.frontier = Position{frontier};
            const bool true_now =
                facts.met && facts.caught_up && known == head && last_own <= frontier;
            EXPECT_EQ(claim_of(facts) == Claim::in_step, true_now)
                << bits << ' ' << head << ' ' << known << ' ' << last_own << ' ' << frontier;
            if (known < head) {
              EXPECT_EQ(claim_of(facts), Claim::unsent);
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
  const Stock stock = scene.stock(good);
  EXPECT_EQ(stock.claim, Claim::unsent);
  EXPECT_EQ(stock.device_only, 3U);
  EXPECT_EQ(stock.unsent_events.count, 3U);
  EXPECT_GT(stock.unsent_events.bytes, 100U);
  EXPECT_GE(stock.unsent_privates.count, 1U);
  EXPECT_GT(stock.unsent_privates.bytes, 20U);
  EXPECT_EQ(stock.official + stock.received + stock.waiting + stock.refused, 0U);
}

TEST(Honesty, AfterASynchronisationEverythingIsOfficialAndNothingIsPending) {
  Scene scene;
  scene.device.sync(scene.server);
  const Stock stock = scene.stock(good);
  EXPECT_EQ(stock.claim, Claim::in_step);
  EXPECT_EQ(stock.official, 3U);
  EXPECT_EQ(stock.unsent_events, clients::Amount{});
  EXPECT_EQ(scene.stock(never).claim, Claim::never_met);
  EXPECT_EQ(scene.stock({true, false}).claim, Claim::behind);
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
    const Stock stock = scene.stock({true, engine.progress().caught_up});
    const auto& own = scene.device.replica->own();
    EXPECT_EQ(stock.device_only, own.head().seq - own.verdicts_known());
    if (stock.claim == Claim::in_step) {
      EXPECT_EQ(stock.official, 3U) << cut;
    }
    for (const clients::OwnRecord& record :
         own_records(*scene.device.workspace, *scene.device.replica)) {
      if (record.standing.standing != Standing::official) continue;
      EXPECT_LE(record.standing.position, scene.device.replica->pull().frontier);
    }
    if (cut >= answer.size()) {
      EXPECT_EQ(stock.claim, Claim::in_step);
      break;
    }
  }
}

}  // namespace
}  // namespace clients_test
