#include "server/channels/bundle_driver.h"

#include "tests/server/bundle/bundle_fixture.h"
#include "tests/server/channels/served_log.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace server::test {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;

class BundleDriverTest : public testing::Test {
 protected:
  /// Carries a bundle; how that ended.
  Result<void> carry(const events::Bytes& bytes) {
    bundle::MemorySource source(bytes);
    auto opener = bundle::BundleOpener::open(source, server_secret);
    if (!opener) return opener.error();
    const events::SigningKey server_key = test_support::a_key(1);
    auto exchange = BundleExchange::begin(
        {opener->header(), a_secret(0x60), server_key, scene_.now, 900}, scene_.log,
        scene_.private_store, served_.packed, [this](events::ByteView written) {
          events::append_bytes(answer_, written);
          return Result<void>();
        });
    EXPECT_TRUE(exchange);
    const auto driver =
        std::make_shared<BundleDriver>(served_.machine.get_executor(), served_.services,
                                       std::move(*exchange), [this] { return keep_answer(); });
    std::optional<Result<void>> ended;
    net::co_spawn(served_.machine, driver->carry(*opener),
                  [&](const std::exception_ptr& thrown, Result<void> result) {
                    EXPECT_FALSE(thrown);
                    ended.emplace(std::move(result));
                  });
    served_.machine.restart();
    served_.machine.run_for(std::chrono::seconds(20));
    EXPECT_TRUE(ended) << "it still waits";
    return ended.value_or(Error{ErrorCode::timed_out, "it still waits"});
  }
  Task<Result<void>> keep_answer() {
    ++kept_;
    kept_bytes_ = answer_.size();
    if (disk_is_full_) co_return Error{ErrorCode::storage_failed, "the disk is full"};
    co_return Result<void>();
  }
  /// A bundle with these messages, signed by the clerk's device.
  events::Bytes a_bundle(const std::vector<protocol::Message>& messages) {
    bundle::BundleHeader header;
    header.direction = bundle::Direction::to_server;
    header.log = the_log;
    header.chain = scene_.clerk.chain();
    header.reply_to = events::sealing_key_of(device_secret);
    events::Bytes bytes;
    auto writer =
        bundle::BundleWriter::begin(header, events::sealing_key_of(server_secret), a_secret(0x61),
                                    scene_.clerk.key(), [&](events::ByteView written) {
                                      events::append_bytes(bytes, written);
                                      return Result<void>();
                                    });
    EXPECT_TRUE(writer);
    for (const auto& message : messages) EXPECT_TRUE(writer->add(protocol::encode_frame(message)));
    EXPECT_TRUE(writer->finish());
    return bytes;
  }

  BundleScene scene_;
  ServedLog served_{scene_};
  events::Bytes answer_;
  std::size_t kept_bytes_ = 0;
  int kept_ = 0;
  bool disk_is_full_ = false;
};

TEST_F(BundleDriverTest, TheEventsAreCommittedAndTheAnswerIsTheDevices) {
  scene_.record(3);
  const auto carried = carry(scene_.export_bundle());
  ASSERT_TRUE(carried) << carried.error().message;
  EXPECT_EQ(scene_.logged(), 3U);
  const auto report = scene_.import_bundle(answer_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->progress.synced());
  EXPECT_EQ(scene_.replica->own().verdicts_known(), 3U);
  EXPECT_EQ(served_.gate.known(), 0U);
}

// The answer to a hamlet's season is longer than the memory that one bundle may take.
TEST_F(BundleDriverTest, TheAnswerIsTakenAwayWhileItIsWritten) {
  scene_.record(1'200);
  ASSERT_TRUE(carry(scene_.export_bundle()));
  EXPECT_GE(kept_, 2);
  EXPECT_GT(kept_bytes_, 0U);
  EXPECT_LT(answer_.size() - kept_bytes_, 64U * 1024);
}

TEST_F(BundleDriverTest, ABundleWithoutAGreetingIsMalformed) {
  const auto carried = carry(a_bundle({}));
  ASSERT_FALSE(carried);
  EXPECT_EQ(carried.error().code, ErrorCode::malformed);
  EXPECT_EQ(carried.error().message, "the bundle holds no greeting");
}

TEST_F(BundleDriverTest, AnAnswerThatCannotBeKeptEndsIt) {
  scene_.record(3);
  disk_is_full_ = true;
  const auto carried = carry(scene_.export_bundle());
  ASSERT_FALSE(carried);
  EXPECT_EQ(carried.error().code, ErrorCode::storage_failed);
  EXPECT_EQ(kept_, 1);
}

// A greeting that was heard on a line without TLS, in a bundle of the thief's own making, which
// here even has the device's key on its outside.
TEST_F(BundleDriverTest, AGreetingOfAnotherChainIsRefusedAndNothingIsFinished) {
  const auto carried = carry(a_bundle({signed_by(scene_.admin, a_hello(scene_.admin))}));
  ASSERT_FALSE(carried);
  EXPECT_NE(carried.error().code, ErrorCode::malformed);
  bundle::MemorySource source(answer_);
  const auto opened = bundle::open_bundle(source, device_secret, nullptr);
  EXPECT_FALSE(opened && opened->ending == bundle::Ending::complete);
}

// A stick pulled out while it is written holds half a day's work.
TEST_F(BundleDriverTest, ABundleThatWasCutCountsAsFarAsItGoes) {
  scene_.record(1'200);
  events::Bytes bytes = scene_.export_bundle();
  bytes.resize(bytes.size() - 5'000);
  const auto carried = carry(bytes);
  ASSERT_TRUE(carried) << carried.error().message;
  EXPECT_GT(scene_.logged(), 0U);
  EXPECT_LT(scene_.logged(), 1'200U);
  ASSERT_TRUE(scene_.import_bundle(answer_));
  EXPECT_EQ(scene_.replica->own().verdicts_known(), scene_.logged());
}

}  // namespace
}  // namespace server::test
