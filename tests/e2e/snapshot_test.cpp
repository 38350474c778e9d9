#include "tests/e2e/corpus_device.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/stored_log.h"
#include "tools/bench/away_device.h"
#include "tools/bench/pusher.h"
#include "tools/link/relay_thread.h"

#include <gtest/gtest.h>

#include <memory>

namespace e2e {
namespace {

constexpr std::chrono::milliseconds patience{20'000};

/// A server with a commune where much has happened, and a second device of that commune.
class AfterASeason : public ::testing::Test {
 protected:
  void SetUp() override {
    bench::found_server_data(data(), corpus, [this](server::Pipeline& pipeline) {
      bench::AwayDevice::enrol(corpus, pipeline);
    });
    start();
    push(2'000);
  }

  std::filesystem::path data() const { return scratch / "server"; }

  void start() {
    server = std::make_unique<ServerChild>(data());
    ASSERT_TRUE(server->listens()) << server->errors();
  }

  void push(std::uint64_t count) {
    bench::Pusher pusher(corpus, {server->url()}, corpus.events_handed_out());
    const std::uint64_t upto = corpus.events_handed_out() + count;
    std::uint64_t last = 0;
    while (corpus.events_handed_out() < upto) {
      const events::DeviceBlock block = corpus.next_block(100);
      last = block.last_seq();
      pusher.send(pusher.frames_of(block));
    }
    pusher.wait_for(last);
  }

  events::Result<clients::SyncReport> sync(bench::AwayDevice& away, const std::string& url,
                                           bool snapshots) {
    clients::SyncOptions options;
    options.snapshots = snapshots;
    options.retries = 100;
    options.patience = patience;
    options.backoff = clients::Backoff::Limits{.shortest = std::chrono::milliseconds{10},
                                               .longest = std::chrono::milliseconds{50}};
    return away.device().sync(url, options);
  }

  /// Two devices of the same commune show the same, names included.
  static void expect_same(bench::AwayDevice& left, bench::AwayDevice& right) {
    const projections::State& state = left.device().workspace().confirmed();
    EXPECT_EQ(events::encode(state), events::encode(right.device().workspace().confirmed()));
    EXPECT_GT(state.subjects().persons().size(), 100U);
    for (const projections::Person& person : state.subjects().persons()) {
      const std::string name = left.device().workspace().name_of(person.id.event);
      EXPECT_EQ(name, right.device().workspace().name_of(person.id.event));
    }
  }

  const ScratchDirectory scratch;
  bench::Corpus corpus;
  std::unique_ptr<ServerChild> server;
};

// A device that was away for a season must show what the others show, for a fraction of the bytes.
TEST_F(AfterASeason, ASnapshotGivesWhatTheWholeLogGives) {
  bench::AwayDevice by_log(scratch / "by-log", {server->url()});
  bench::AwayDevice by_snapshot(scratch / "by-snapshot", {server->url()});
  const auto long_way = sync(by_log, "", false);
  ASSERT_TRUE(long_way) << long_way.error().message;
  const auto short_way = sync(by_snapshot, "", true);
  ASSERT_TRUE(short_way) << short_way.error().message;
  EXPECT_FALSE(by_log.device().replica().base_position());
  ASSERT_TRUE(by_snapshot.device().replica().base_position());
  EXPECT_LT(short_way->bytes_received * 3, long_way->bytes_received * 2);
  expect_same(by_snapshot, by_log);

  push(300);
  by_snapshot.restart();
  ASSERT_TRUE(sync(by_log, "", false));
  ASSERT_TRUE(sync(by_snapshot, "", true));
  expect_same(by_snapshot, by_log);
  EXPECT_EQ(server->stop(), (Ending{0, 0})) << server->errors();
  expect_audited(data());
}

// On a line that breaks every few kilobytes, over a server that is started anew and has forgotten
// the snapshot, no chunk that is here may come again, or the device never gets to the end.
TEST_F(AfterASeason, CutsAndARestartRepeatAtMostOneChunkEach) {
  bench::AwayDevice calm(scratch / "calm", {server->url()});
  const auto uncut = sync(calm, "", true);
  ASSERT_TRUE(uncut) << uncut.error().message;

  bench::AwayDevice away(scratch / "away", {server->url()});
  link_emulator::Profile breaking;
  breaking.cut_bytes = 12'000;
  breaking.seed = 7;
  std::uint64_t received = 0;
  std::uint64_t connections = 0;
  {
    link_emulator::RelayThread line(server->port(), breaking);
    clients::SyncOptions once;
    once.snapshots = true;
    once.retries = 0;
    once.patience_after_use = std::chrono::milliseconds{0};
    const auto cut = away.device().sync(line.url(), once);
    EXPECT_FALSE(cut) << "the line breaks before everything is over it";
    received += line.carried().down;
    ++connections;
  }
  server->stop();
  start();
  push(100);
  away.restart();
  link_emulator::RelayThread line(server->port(), breaking);
  const auto report = sync(away, line.url(), true);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->progress.synced());
  ASSERT_TRUE(away.device().replica().base_position());
  received += line.carried().down;
  connections += static_cast<std::uint64_t>(report->connections);
  EXPECT_GT(connections, 2U);
  // Each connection repeats the greeting and the offer, and one chunk or frame that was cut.
  constexpr std::uint64_t a_connection = 1'500 + 16 * 1024;
  EXPECT_LT(received, uncut->bytes_received + 20'000 + connections * a_connection);

  ASSERT_TRUE(sync(calm, server->url(), true));
  expect_same(away, calm);
}

// Who needs every event gets them, also after a snapshot, and own work is untouched by either.
TEST_F(AfterASeason, TheWholeLogReplacesTheSnapshotWhenItIsAskedFor) {
  bench::AwayDevice away(scratch / "away", {server->url()});
  ASSERT_TRUE(sync(away, "", true));
  ASSERT_TRUE(away.device().replica().base_position());
  const events::Bytes before = events::encode(away.device().workspace().confirmed());
  ASSERT_TRUE(away.device().give_up_snapshot());
  EXPECT_FALSE(away.device().replica().base_position());
  ASSERT_TRUE(sync(away, "", false));
  EXPECT_EQ(events::encode(away.device().workspace().confirmed()), before);
  away.restart();
  EXPECT_EQ(events::encode(away.device().workspace().confirmed()), before);
}

}  // namespace
}  // namespace e2e
