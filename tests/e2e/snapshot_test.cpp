#include "events/archive/compact.h"
#include "events/protocol/snapshot_messages.h"
#include "tests/e2e/corpus_device.h"
#include "tests/e2e/lying_relay.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/stored_log.h"
#include "tools/bench/away_device.h"
#include "tools/bench/pusher.h"
#include "tools/link/relay_thread.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace e2e {
namespace {

namespace protocol = events::protocol;

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

// ---- a server that cheats with a snapshot ----

/// Offers every snapshot with another manifest, under the log's key, and asks the true server for
/// the true one.
class SnapshotCheat {
 public:
  using Change = std::function<void(protocol::SnapshotManifest*)>;

  SnapshotCheat(const std::filesystem::path& data, std::uint16_t server_port, Change change)
      : key_(key_of_log(data)),
        change_(std::move(change)),
        relay_(
            server_port,
            [this](const protocol::Hello&, protocol::Message said) { return lie(std::move(said)); },
            [this](protocol::Message said) { return ask(std::move(said)); }) {}

  std::string url() const { return relay_.url(); }

 private:
  static events::SigningKey key_of_log(const std::filesystem::path& data) {
    events::SecretSeed seed;
    std::ifstream file(data / "server.key", std::ios::binary);
    file.read(reinterpret_cast<char*>(seed.bytes.data()), 32);
    return events::SigningKey::from_seed(seed);
  }

  std::vector<protocol::Message> lie(protocol::Message said) {
    if (auto* const offer = std::get_if<protocol::SnapOffer>(&said)) {
      auto manifest = events::decode<protocol::SnapshotManifest>(offer->manifest);
      EXPECT_TRUE(manifest.has_value());
      true_name_ = protocol::snapshot_name(*manifest);
      change_(&*manifest);
      manifest->signature = key_.sign(protocol::snapshot_statement(*manifest));
      false_name_ = protocol::snapshot_name(*manifest);
      offer->manifest = events::encode(*manifest);
    }
    return {std::move(said)};
  }

  protocol::Message ask(protocol::Message said) const {
    auto* const want = std::get_if<protocol::SnapWant>(&said);
    if (want != nullptr && want->name == false_name_) want->name = true_name_;
    return said;
  }

  events::SigningKey key_;
  Change change_;
  events::Digest true_name_;
  events::Digest false_name_;
  LyingRelay relay_;
};

// A snapshot stands for events that the device never sees: what it is said to have counted must be
// what the log signs at its head.
TEST_F(AfterASeason, ASnapshotOfFewerEventsThanTheLogSignsIsAnAlarm) {
  bench::AwayDevice away(scratch / "away", {server->url()});
  const SnapshotCheat cheat(data(), server->port(), [](protocol::SnapshotManifest* manifest) {
    ASSERT_FALSE(manifest->sums.empty());
    manifest->sums.front().events -= 1;
  });
  const auto cheated = sync(away, cheat.url(), true);
  ASSERT_FALSE(cheated);
  EXPECT_EQ(cheated.error().code, events::ErrorCode::log_alarm) << cheated.error().message;
  ASSERT_EQ(away.device().replica().head_store().alarms().size(), 1U);
  EXPECT_EQ(away.device().replica().head_store().alarms().front().kind,
            clients::AlarmKind::withheld);
}

// Bytes that are not those of the manifest: the log comes instead, whole.
TEST_F(AfterASeason, ASnapshotThatDoesNotFitItsManifestIsLeftForTheLog) {
  bench::AwayDevice away(scratch / "away", {server->url()});
  bench::AwayDevice honest(scratch / "honest", {server->url()});
  const LyingRelay relay(server->port(), [](const protocol::Hello&, protocol::Message said) {
    auto* const snap = std::get_if<protocol::Snap>(&said);
    if (snap != nullptr && !snap->bytes.empty()) snap->bytes.back() ^= 1;
    return std::vector<protocol::Message>{std::move(said)};
  });
  const auto visited = sync(away, relay.url(), true);
  ASSERT_TRUE(visited) << visited.error().message;
  EXPECT_TRUE(visited->progress.synced());
  EXPECT_FALSE(away.device().replica().base_position());
  ASSERT_TRUE(sync(honest, server->url(), true));
  expect_same(away, honest);
  ASSERT_TRUE(sync(away, server->url(), true));
  expect_same(away, honest);
}

}  // namespace
}  // namespace e2e
