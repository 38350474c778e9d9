#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

constexpr std::size_t reading = 48 * 1024;

/// A log of some 400 KB that the clerk's device has not seen.
class ReaderCredit : public ::testing::Test {
 protected:
  ReaderCredit() {
    for (std::uint32_t salt = 0; salt < 4'000; ++salt) {
      founded.introduce(founded.first, salt);
      if (salt % 80 == 79) founded.push_admin();
    }
  }
  protocol::Hello reader_hello(std::uint32_t features) {
    protocol::Hello greeting = a_hello(founded.clerk);
    greeting.features = features;
    greeting.live = true;
    return signed_by(founded.clerk, greeting);
  }
  static std::size_t drain(SyncSession& session) {
    std::size_t bytes = 0;
    for (;;) {
      const events::Bytes out = session.pump(reading);
      if (out.empty()) return bytes;
      bytes += out.size();
    }
  }

  TwoCommunes founded;
};

// Case 38.  A reader on a bad line would make the server read and keep the whole log for it.
TEST_F(ReaderCredit, StopsReadingTheLogForAReaderWithoutRoom) {
  Wire slow(founded, 1);
  slow.send(reader_hello(protocol::feature_files));
  const std::size_t first = drain(slow.session());
  EXPECT_GE(first, protocol::initial_credit_bytes);
  EXPECT_LE(first, protocol::initial_credit_bytes + protocol::frame_bytes_max + 1'000U);
  EXPECT_EQ(drain(slow.session()), 0U) << "no room, no bytes";
  EXPECT_FALSE(slow.session().wants_wake()) << "it lags; it is not caught up";
  slow.send(protocol::Credit{1, 60'000});
  EXPECT_EQ(drain(slow.session()), 0U) << "another group has a count of its own, some day";

  // Others get everything meanwhile.
  Wire other(founded, 2);
  other.send(reader_hello(0));
  const std::size_t everything = drain(other.session());
  EXPECT_GT(everything, 2 * first);
  EXPECT_TRUE(other.session().wants_wake());

  // A little room, a little more; in the end it has everything.
  std::size_t got = first;
  for (int turn = 0; turn < 10'000 && !slow.session().wants_wake(); ++turn) {
    slow.send(protocol::Credit{0, 4'000});
    const std::size_t more = drain(slow.session());
    EXPECT_LE(more, 4'000U + protocol::frame_bytes_max + 1'000U);
    got += more;
  }
  EXPECT_TRUE(slow.session().wants_wake());
  EXPECT_EQ(got, everything);
}

// A device of the first release does not know of credit; it would hang after 64 KB.
TEST_F(ReaderCredit, IsNotAskedOfDevicesThatDoNotSpeakOfIt) {
  Wire old(founded, 1);
  old.send(reader_hello(0));
  EXPECT_GT(drain(old.session()), 2U * protocol::initial_credit_bytes);
  old.send(protocol::Credit{0, 1});
  const auto said = old.receive();
  EXPECT_EQ(error_of(said), events::ErrorCode::not_permitted);
}

// Acknowledgements would wait until a slow reader has room for events.
TEST_F(ReaderCredit, DoesNotHoldBackAcknowledgements) {
  Wire slow(founded, 1);
  slow.send(reader_hello(protocol::feature_files));
  drain(slow.session());
  slow.send(protocol::Push{the_morning, {1, 2, 3}});
  EXPECT_EQ(all_of<protocol::PushNak>(slow.receive()).size(), 1U);
}

}  // namespace
}  // namespace server::test
