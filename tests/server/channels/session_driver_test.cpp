#include "server/channels/session_driver.h"

#include "events/protocol/greeting_proof.h"
#include "tests/server/channels/served_log.h"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace server::test {
namespace {

using events::ErrorCode;

const PeerAddress office{boost::asio::ip::make_address("192.0.2.7")};

/// A driver that notes what it is told.
class NotingDriver final : public SessionDriver {
 public:
  using SessionDriver::paused_until;
  using SessionDriver::session;
  using SessionDriver::SessionDriver;
  using SessionDriver::under_way;

  void say(const protocol::Message& message) {
    perform(session().on_bytes(protocol::encode_frame(message), services().clock()));
  }
  std::vector<protocol::Message> hear() {
    const auto heard = protocol::read_frames(session().pump(64 * 1024));
    EXPECT_TRUE(heard);
    return heard ? *heard : std::vector<protocol::Message>{};
  }

  int changes = 0;
  int openings = 0;
  int breaks = 0;
  bool has_no_memory = false;

 private:
  void changed(bool has_opened) override {
    if (has_no_memory) throw std::bad_alloc();
    ++changes;
    if (has_opened) ++openings;
  }
  void broke() override { ++breaks; }
};

class SessionDriverTest : public testing::Test {
 protected:
  std::shared_ptr<NotingDriver> drive(std::uint64_t number = 1) {
    EXPECT_EQ(served_.gate.enter(number, office, {}), ConnectionGate::Answer::enter);
    return std::make_shared<NotingDriver>(served_.machine.get_executor(), served_.services,
                                          Caller{number, office});
  }
  protocol::Hello hello() { return signed_by(founded_.admin, a_hello(founded_.admin)); }
  /// Greets and answers the challenge.
  void greet(NotingDriver& driver) {
    const protocol::Hello greeting = hello();
    driver.say(greeting);
    served_.run();
    const auto welcomes = all_of<protocol::Welcome>(driver.hear());
    ASSERT_EQ(welcomes.size(), 1U);
    driver.say(protocol::sign_answer(greeting, *protocol::challenge_of(welcomes[0]),
                                     founded_.admin.key()));
    served_.run();
  }

  FoundedLog founded_;
  ServedLog served_{founded_};
};

// Nothing may be judged on a network thread, and nothing may be touched by two at once.
TEST_F(SessionDriverTest, AnAnswerComesOnTheStrandWhenTheLogThreadHasMadeIt) {
  const auto driver = drive();
  driver->say(hello());
  EXPECT_EQ(driver->under_way(), 1U);
  EXPECT_EQ(driver->changes, 0);
  EXPECT_TRUE(driver->hear().empty());
  served_.run();
  EXPECT_EQ(driver->under_way(), 0U);
  EXPECT_EQ(driver->changes, 1);
  EXPECT_EQ(all_of<protocol::Welcome>(driver->hear()).size(), 1U);
}

// A stranger makes room for the next one; a device that has proved itself does not.
TEST_F(SessionDriverTest, AProvedGreetingMakesTheConnectionAKnownOne) {
  const auto driver = drive();
  driver->say(hello());
  served_.run();
  EXPECT_EQ(driver->openings, 0);
  EXPECT_EQ(served_.gate.known(), 0U) << "it is not proved yet";
  const auto other = drive(2);
  greet(*other);
  EXPECT_EQ(other->openings, 1);
  EXPECT_EQ(served_.gate.known(), 1U);
  EXPECT_EQ(served_.gate.strangers(), 1U);
}

TEST_F(SessionDriverTest, APushIsCommittedAndAcknowledged) {
  const auto driver = drive();
  greet(*driver);
  driver->hear();
  founded_.add_commune("Xã Nà Tấu");
  const events::Position before = founded_.log.head().position;
  driver->say(a_push(founded_.admin.sign()));
  EXPECT_EQ(founded_.log.head().position, before);
  served_.run();
  EXPECT_GT(founded_.log.head().position, before);
  EXPECT_EQ(all_of<protocol::PushAck>(driver->hear()).size(), 1U);
}

// Guesses are one line of the log and wait longer and longer.
TEST_F(SessionDriverTest, RefusalsAreNotedAndFromTheEleventhOnTheyWait) {
  for (std::uint64_t number = 1; number <= 12; ++number) {
    SCOPED_TRACE(number);
    const auto driver = drive(number);
    protocol::Hello unknown = a_hello(founded_.admin);
    unknown.chain = events::ChainNumber{99};
    driver->say(signed_by(founded_.admin, unknown));
    served_.run();
    EXPECT_EQ(error_of(driver->hear()), ErrorCode::not_enrolled);
    const bool waits = driver->paused_until() > ConnectionGate::Clock::now();
    EXPECT_EQ(waits, number > ConnectionGate::free_failures);
  }
  const auto lines = served_.security.take();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(count_of(lines, "refused_greeting", "not_enrolled"), 12U);
  EXPECT_EQ(lines[0].chain, 99U);
  EXPECT_EQ(served_.gate.known(), 0U);
}

// A device that comes while the server's clock is wrong has done nothing.
TEST_F(SessionDriverTest, WhatIsTheServersOwnFaultMakesNobodyWait) {
  served_.clock_is_right = false;
  for (std::uint64_t number = 1; number <= 15; ++number) {
    const auto driver = drive(number);
    driver->say(hello());
    served_.run();
    EXPECT_EQ(error_of(driver->hear()), ErrorCode::server_clock);
    EXPECT_LE(driver->paused_until(), ConnectionGate::Clock::now()) << number;
  }
  EXPECT_EQ(count_of(served_.security.take(), "refused_greeting", "server_clock"), 15U);
}

// Who hands a bundle over is not its author.
TEST_F(SessionDriverTest, WhoCarriesABundleIsNotBlamedForIt) {
  SyncSession session(founded_.log, founded_.private_store, served_.packed, 1);
  const auto driver =
      std::make_shared<NotingDriver>(served_.machine.get_executor(), served_.services, session);
  for (int count = 0; count < 2; ++count) {
    protocol::Hello unknown = a_hello(founded_.admin);
    unknown.chain = events::ChainNumber{99};
    driver->say(signed_by(founded_.admin, unknown));
    served_.run();
  }
  EXPECT_EQ(error_of(driver->hear()), ErrorCode::not_enrolled);
  EXPECT_TRUE(served_.security.take().empty());
}

// The connection is gone, and the log thread still has its question.
TEST_F(SessionDriverTest, ItLivesUntilItsLastAnswerHasCome) {
  auto driver = drive();
  const std::weak_ptr<NotingDriver> watched = driver;
  driver->say(hello());
  driver.reset();
  EXPECT_FALSE(watched.expired());
  served_.run();
  EXPECT_TRUE(watched.expired());
}

// One session that runs out of memory must end neither the others nor the process.
TEST_F(SessionDriverTest, WhatIsThrownEndsOneSessionOnly) {
  const auto poor = drive(1);
  const auto rich = drive(2);
  poor->has_no_memory = true;
  poor->say(hello());
  rich->say(hello());
  served_.run();
  EXPECT_EQ(poor->breaks, 1);
  EXPECT_EQ(poor->under_way(), 0U);
  EXPECT_EQ(rich->breaks, 0);
  EXPECT_EQ(all_of<protocol::Welcome>(rich->hear()).size(), 1U);
}

}  // namespace
}  // namespace server::test
