#include "events/packing/wire_block.h"
#include "events/protocol/greeting_proof.h"
#include "platform/clock.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/lying_relay.h"
#include "tests/e2e/scratch_directory.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What a device makes of a server that has the log's key and cheats: a true server's log, told with
// a lie in it that the key signs.

namespace e2e {
namespace {

namespace protocol = events::protocol;
namespace json = boost::json;
using events::ErrorCode;
using Frames = std::vector<protocol::Message>;

/// A commune in step, a change of somebody else, and work that has not been sent.
class CheatingServerTest : public testing::Test {
 protected:
  void SetUp() override {
    setup_.run();
    ASSERT_FALSE(HasFailure());
    setup_.register_citizen("Lò Thị Ánh");
    sync_honestly();
    events::SecretSeed seed;
    std::ifstream file(setup_.server().data() / "server.key", std::ios::binary);
    ASSERT_TRUE(file.read(reinterpret_cast<char*>(seed.bytes.data()), 32));
    key_.emplace(events::SigningKey::from_seed(seed));
    setup_.register_citizen("Quàng Văn Mai");
  }

  void sync_honestly() {
    const json::value report = setup_.commune().json({"sync", "--server", setup_.server().url()});
    ASSERT_TRUE(report.is_object());
    EXPECT_TRUE(report.as_object().at("synced").as_bool());
  }

  /// The lie ends the visit with that error.
  void expect_refused(LyingRelay::Lie lie, const std::string& code) {
    const LyingRelay relay(setup_.server().port(), std::move(lie));
    const Finished visited = setup_.commune().run({"sync", "--server", relay.url()});
    EXPECT_NE(visited.exit_code(), 0);
    EXPECT_TRUE(is_error_with_code(visited.all(), code)) << visited.all();
  }

  /// One alarm of that kind, with what the log signs now.
  void expect_alarm(const std::string& kind) {
    const json::value rows = setup_.commune().json({"alarms"});
    ASSERT_TRUE(rows.is_array());
    ASSERT_EQ(rows.as_array().size(), 1U);
    const json::object& alarm = rows.as_array()[0].as_object();
    EXPECT_EQ(alarm.at("kind").as_string(), kind);
    EXPECT_TRUE(alarm.at("now").is_object());
    if (kind != "withheld") {
      EXPECT_TRUE(alarm.at("before").is_object());
    }
  }

  /// With the honest server everything of the device becomes official, once.
  void expect_whole_afterwards() {
    EXPECT_EQ(setup_.commune().json({"dossiers"}).as_array().size(), 2U);
    sync_honestly();
    const json::value status = setup_.commune().json({"status"});
    ASSERT_TRUE(status.is_object());
    const json::object& stock = status.as_object();
    EXPECT_EQ(stock.at("official"), stock.at("own_events"));
    EXPECT_EQ(stock.at("device_only").to_number<int>(), 0);
    EXPECT_EQ(setup_.commune().json({"dossiers"}).as_array().size(), 2U);
  }

  /// Everything comes but the signature under where the log is: the device asks for it, and without
  /// it no synchronisation ends well.
  void expect_no_end_without_a_signed_head() {
    std::atomic<bool> has_asked{false};
    const auto strip = [&](const protocol::Hello&, protocol::Message said) -> Frames {
      auto* const mark = std::get_if<protocol::Mark>(&said);
      if (mark == nullptr) return {std::move(said)};
      mark->head.reset();
      if (!has_asked) return {std::move(said)};
      return Frames{std::move(said), protocol::ErrorFrame{ErrorCode::unsupported, 0, "the end"}};
    };
    const auto listen = [&](protocol::Message said) {
      const auto* const prove = std::get_if<protocol::Prove>(&said);
      if (prove != nullptr && prove->blocks.empty()) has_asked = true;
      return said;
    };
    const LyingRelay relay(setup_.server().port(), strip, listen);
    const Finished visited = setup_.commune().run({"sync", "--server", relay.url()});
    EXPECT_TRUE(has_asked) << visited.all();
    EXPECT_NE(visited.exit_code(), 0) << visited.all();
    EXPECT_EQ(visited.all().find("Đã đồng bộ"), std::string::npos) << visited.all();
    const json::value status = setup_.commune().json({"status"});
    EXPECT_NE(status.as_object().at("claim").as_string(), "in_step");
    expect_whole_afterwards();
  }

  /// Says `change` of each WELCOME, under the log's key.
  LyingRelay::Lie in_welcome(std::function<void(protocol::Welcome*)> change) {
    return [this, change = std::move(change)](const protocol::Hello& hello,
                                              protocol::Message said) -> Frames {
      if (auto* const welcome = std::get_if<protocol::Welcome>(&said)) {
        change(welcome);
        protocol::sign(*welcome, *key_, protocol::greeting_digest(hello), std::nullopt);
      }
      return {std::move(said)};
    };
  }

  ScratchDirectory scratch_;
  CommuneSetup setup_{scratch_ / ""};
  std::optional<events::SigningKey> key_;
};

// Yesterday's copy of the log in the place of today's.
TEST_F(CheatingServerTest, AWelcomeBelowASignedHeadIsAnAlarmWithBothStatements) {
  expect_refused(in_welcome([](protocol::Welcome* welcome) { welcome->head.value -= 1; }),
                 "log_alarm");
  expect_alarm("rolled_back");
  expect_whole_afterwards();
}

// The root differs where its first eight bytes, which MARK repeats, do not.
TEST_F(CheatingServerTest, AnotherRootAtASignedPlaceIsAnAlarmWithBothStatements) {
  expect_whole_afterwards();
  const auto fork = [this](const protocol::Hello& hello, protocol::Message said) -> Frames {
    if (auto* const mark = std::get_if<protocol::Mark>(&said); mark != nullptr && mark->caught_up) {
      protocol::SignedHead head;
      head.log = hello.log;
      head.epoch = mark->upto.epoch;
      head.reader = hello.chain;
      head.position = mark->upto.position;
      head.root.bytes.fill(0x5A);
      for (std::size_t index = 0; index < 8; ++index) {
        head.root.bytes[index] =
            static_cast<std::uint8_t>(mark->upto.fingerprint >> (56 - 8 * index));
      }
      mark->head =
          protocol::HeadProof{head.root, head.sum, key_->sign(protocol::head_statement(head))};
    }
    return {std::move(said)};
  };
  expect_refused(fork, "log_alarm");
  expect_alarm("forked");
  expect_whole_afterwards();
}

// A revocation that is kept from one tablet would leave a dismissed officer in office there.
TEST_F(CheatingServerTest, BlocksThatAreKeptBackAreAnAlarm) {
  setup_.admin().record({"officer", "--name", "Vàng A Sở", "--birth", "1980", "--unit", "03316"});
  setup_.admin().json({"sync"});
  const auto withhold = [](const protocol::Hello&, protocol::Message said) -> Frames {
    if (std::holds_alternative<protocol::Events>(said)) return {};
    return {std::move(said)};
  };
  expect_refused(withhold, "log_alarm");
  expect_alarm("withheld");
  expect_whole_afterwards();
}

// The log's key signs heads, not what people did: an event that was changed on its way is not
// theirs.
TEST_F(CheatingServerTest, AnEventThatWasChangedIsNotTaken) {
  setup_.admin().record({"officer", "--name", "Vàng A Sở", "--birth", "1980", "--unit", "03316"});
  setup_.admin().json({"sync"});
  const auto change = [](const protocol::Hello&, protocol::Message said) -> Frames {
    if (auto* const told = std::get_if<protocol::Events>(&said)) {
      events::StoredBlock block = events::unpack_stored_block(told->block).value();
      block.entries.back().canonical.back() ^= 1;
      told->block = events::encode_stored_block(block);
    }
    return {std::move(said)};
  };
  expect_refused(change, "bad_signature");
  expect_whole_afterwards();
}

// A receipt that names another place in another log: the officer would quote it for ever.
TEST_F(CheatingServerTest, AForgedReceiptIsRefusedAndTheTrueOneComes) {
  const auto forge = [](const protocol::Hello&, protocol::Message said) -> Frames {
    if (auto* const ack = std::get_if<protocol::PushAck>(&said)) {
      for (events::BlockReceipt& receipt : ack->receipts) receipt.root_after.bytes[0] ^= 1;
    }
    return {std::move(said)};
  };
  expect_refused(forge, "log_diverged");
  expect_whole_afterwards();
}

// "All is received" of what was never sent: the device would wipe the only copy.
TEST_F(CheatingServerTest, AnAcknowledgementOfWhatWasNeverSentIsRefused) {
  const auto boast = [](const protocol::Hello&, protocol::Message said) -> Frames {
    if (auto* const ack = std::get_if<protocol::PushAck>(&said)) ack->upto_seq += 100;
    return {std::move(said)};
  };
  expect_refused(boast, "malformed");
  expect_whole_afterwards();
}

// The stream ends before the log has signed where it is: what came counts on the server's word
// only, and nobody is told that all is here.
TEST_F(CheatingServerTest, AStreamThatEndsBeforeItsSignedHeadIsNotInStep) {
  setup_.admin().record({"officer", "--name", "Vàng A Sở", "--birth", "1980", "--unit", "03316"});
  setup_.admin().json({"sync"});
  const auto end = [](const protocol::Hello&, protocol::Message said) -> Frames {
    auto* const mark = std::get_if<protocol::Mark>(&said);
    if (mark == nullptr) return {std::move(said)};
    mark->head.reset();
    return Frames{std::move(said), protocol::ErrorFrame{ErrorCode::unsupported, 0, "the end"}};
  };
  const LyingRelay relay(setup_.server().port(), end);
  const Finished visited = setup_.commune().run({"sync", "--server", relay.url()});
  EXPECT_NE(visited.exit_code(), 0) << visited.all();
  EXPECT_EQ(visited.all().find("Đã đồng bộ"), std::string::npos) << visited.all();
  const json::value status = setup_.commune().json({"status"});
  EXPECT_NE(status.as_object().at("claim").as_string(), "in_step");
  expect_whole_afterwards();
}

TEST_F(CheatingServerTest, AHeadThatIsNeverSignedEndsNoSynchronisation) {
  setup_.admin().record({"officer", "--name", "Vàng A Sở", "--birth", "1980", "--unit", "03316"});
  setup_.admin().json({"sync"});
  expect_no_end_without_a_signed_head();
}

// The device greets from a head that it knows; what it sends then makes a later one.
TEST_F(CheatingServerTest, AKnownHeadDoesNotVouchForALaterOne) {
  expect_no_end_without_a_signed_head();
}

// A message without an end must not become the memory of an old phone.
TEST_F(CheatingServerTest, MoreThanAMessageMayHoldIsRefused) {
  const auto swell = [](const protocol::Hello&, protocol::Message said) -> Frames {
    Frames all(12, protocol::Message(protocol::Events{events::Bytes(12'000, 0)}));
    all.insert(all.begin(), std::move(said));
    return all;
  };
  const LyingRelay relay(setup_.server().port(), swell);
  const Finished visited = setup_.commune().run({"sync", "--server", relay.url()});
  EXPECT_NE(visited.exit_code(), 0);
  EXPECT_TRUE(is_error_with_code(visited.all(), "malformed")) << visited.all();
  expect_whole_afterwards();
}

// By that clock the lease of the names would be over, and the next honest server's day long past.
TEST_F(CheatingServerTest, AClockOfAnotherGenerationPurgesNothing) {
  const auto far = events::Timestamp{platform::now().value + 36ULL * 365 * 86'400'000};
  const LyingRelay relay(setup_.server().port(), in_welcome([far](protocol::Welcome* welcome) {
                           welcome->server_time = far;
                         }));
  setup_.commune().run({"sync", "--server", relay.url()});
  EXPECT_TRUE(setup_.commune().json({"alarms"}).as_array().empty());
  EXPECT_FALSE(setup_.commune().json({"people"}).as_array().empty());
  const Finished people = setup_.commune().run({"people"});
  EXPECT_NE(people.output.find("Lò Thị Ánh"), std::string::npos) << people.all();
  expect_whole_afterwards();
}

}  // namespace
}  // namespace e2e
