#include "clients/device/ws_client.h"
#include "events/base/check.h"
#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"
#include "tools/bench/away_device.h"
#include "tools/bench/measure.h"
#include "tools/bench/pusher.h"
#include "tools/bench/server_process.h"
#include "tools/link/relay_thread.h"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

namespace protocol = events::protocol;

constexpr std::chrono::milliseconds patience{60'000};
constexpr std::size_t events_a_push = 100;
constexpr std::uint64_t day_of_work = 500;  ///< Events of the middle figures.

using Line = link_emulator::RelayThread;

/// What a stretch of work cost on the line.
class Stretch {
 public:
  explicit Stretch(Line& line) : line_(line), before_(line.carried()), start_(wall_seconds()) {}
  double seconds() const { return wall_seconds() - start_; }
  double up() const { return static_cast<double>(line_.carried().up - before_.up); }
  double down() const { return static_cast<double>(line_.carried().down - before_.down); }

 private:
  Line& line_;
  link_emulator::Carried before_;
  double start_;
};

/// What a device remembers of the server from one connection to the next.
struct Known {
  std::uint64_t verdicts = 0;
  std::uint64_t scope_digest = 0;
};

/// The registrar's device, which may read the whole log and has no events of its own to send.
class Reader {
 public:
  Reader(const Corpus& corpus, const Endpoint& server, const protocol::Cursor& cursor, bool live,
         const Known& known)
      : corpus_(corpus) {
    const events::SigningKey key = events::SigningKey::from_seed(corpus.administrator_seed());
    protocol::Hello hello;
    hello.log = corpus.log();
    hello.chain = events::ChainNumber{2};
    hello.head_hash = events::chain_start(hello.chain, key.public_key());
    hello.verdicts_known = known.verdicts;
    hello.cursor = cursor;
    hello.scope_digest = known.scope_digest;
    hello.live = live;
    Greeted greeted = greet(server, hello, key);
    if (greeted.welcome) remember(*greeted.welcome);
    link_ = std::move(greeted.link);
  }

  /// Until nothing is missing.  Cursors behind each block that came.
  std::vector<protocol::Cursor> catch_up() {
    std::vector<protocol::Cursor> cursors;
    for (;;) {
      const auto frames = link_->receive(patience);
      CHECK(frames && *frames, "the server answers");
      for (const protocol::Message& frame : **frames) {
        CHECK(!std::holds_alternative<protocol::ErrorFrame>(frame), "the cursor fits the log");
        if (const auto* const block = std::get_if<protocol::Events>(&frame)) {
          const auto stored = events::unpack_stored_block(block->block).value();
          cursors.push_back(
              {stored.epoch, stored.last(), events::fingerprint_of(stored.root_after)});
          events_ += stored.entries.size();
        }
        if (const auto* const live = std::get_if<protocol::Live>(&frame)) {
          const events::LiveBlock block =
              events::unpack_live_block(live->block, corpus_.log(), cursors_epoch_).value();
          events_ += block.block.entries.size();
          if (!live->caught_up) continue;
          cursors.push_back({block.block.epoch, block.block.last(), block.fingerprint});
          return cursors;
        }
        if (const auto* const welcome = std::get_if<protocol::Welcome>(&frame)) remember(*welcome);
        const auto* const mark = std::get_if<protocol::Mark>(&frame);
        if (mark == nullptr || !mark->caught_up) continue;
        cursors.push_back(mark->upto);
        return cursors;
      }
    }
  }
  std::uint64_t events() const { return events_; }
  const Known& known() const { return known_; }
  /// Both ways, heads of the upgrade and of messages included, without TLS.
  double application_bytes() const {
    return static_cast<double>(link_->bytes_sent() + link_->bytes_received());
  }
  double bytes_down() const { return static_cast<double>(link_->bytes_received()); }
  double bytes_up() const { return static_cast<double>(link_->bytes_sent()); }
  const std::string& ticket() const { return link_->ticket(); }

 private:
  void remember(const protocol::Welcome& welcome) {
    known_ = {welcome.accepted_seq, protocol::scope_digest_of(welcome.scope)};
    cursors_epoch_ = welcome.epoch;
  }

  const Corpus& corpus_;
  std::unique_ptr<clients::WsClient> link_;
  std::uint64_t events_ = 0;
  events::Epoch cursors_epoch_;
  Known known_;
};

/// Pushes `count` events in blocks and waits for the last answer.
void push(Corpus& corpus, Pusher& pusher, std::uint64_t count, std::size_t events_a_block) {
  std::uint64_t last = 0;
  for (std::uint64_t done = 0; done < count;) {
    const events::DeviceBlock block = corpus.next_block(events_a_block);
    done += block.events.size();
    last = block.last_seq();
    pusher.send(pusher.frames_of(block));
  }
  pusher.wait_for(last);
}

/// The cursor about `count` events below the head.
protocol::Cursor below(const std::vector<protocol::Cursor>& cursors, std::uint64_t count) {
  const std::uint64_t head = cursors.back().position.value;
  const auto place = std::ranges::lower_bound(
      cursors, head - std::min(head, count), {},
      [](const protocol::Cursor& cursor) { return cursor.position.value; });
  return *place;
}

std::vector<Figure> measure_resume(const Corpus& corpus, Line& line, const Endpoint& server,
                                   const protocol::Cursor& head, const Known& known) {
  Stretch resume(line);
  Reader reader(corpus, server, head, false, known);
  reader.catch_up();
  const double seconds = resume.seconds();
  const bool tls = !server.authorities.empty();
  const std::string how = tls ? "TLS session resumed" : "plain text";
  const std::string prefix = tls ? "resume" : "resume_plain";
  Figure bytes = ceiling("", reader.application_bytes(), "B", 760, "");
  bytes.name = prefix + "_bytes";
  bytes.note = "both ways, heads of the upgrade included, TLS not; nothing new; " + how;
  Figure wire = ceiling("", resume.up() + resume.down(), "B", tls ? 2'000 : 760, "");
  wire.name = prefix + "_wire_bytes";
  wire.note = "the same with everything TLS adds; " + how;
  Figure time = ceiling("", seconds, "s", 2.0, "");
  time.name = prefix + "_seconds";
  time.note = tls ? "TCP, TLS, upgrade with greeting: 3 round trips" : "2 round trips";
  return {bytes, wire, time};
}

std::vector<Figure> measure_pulls(const Corpus& corpus, Line& line, const Endpoint& server,
                                  const std::vector<protocol::Cursor>& cursors,
                                  const Known& known) {
  std::vector<Figure> figures;
  {
    Stretch day(line);
    Reader reader(corpus, server, below(cursors, day_of_work), false, known);
    reader.catch_up();
    figures.push_back(ceiling("pull_500_seconds", day.seconds(), "s", 5, "connect included"));
    figures.push_back(ceiling("pull_500_bytes", day.down() / static_cast<double>(reader.events()),
                              "B", 30, "an event, all bytes down"));
  }
  Stretch all(line);
  Reader reader(corpus, server, below(cursors, 5'000), false, known);
  reader.catch_up();
  figures.push_back(ceiling("pull_5000_seconds", all.seconds(), "s", 21, "a long-offline client"));
  figures.push_back(ceiling("pull_5000_bytes", all.down() / 1000, "KB", 150, "all bytes down"));
  return figures;
}

/// A device of the commune that was away, private records of its people included.
std::vector<Figure> measure_snapshot(const Effort& effort, Line& line, const Endpoint& server) {
  std::vector<Figure> figures;
  for (const bool snapshots : {true, false}) {
    const auto home = effort.directory / (snapshots ? "away" : "away-by-log");
    AwayDevice away(home, {server.url, server.authorities});
    clients::SyncOptions options;
    options.snapshots = snapshots;
    Stretch all(line);
    const auto report = away.device().sync("", options);
    CHECK(report && report->progress.synced(), "the line holds");
    CHECK(report->progress.snapshot.loaded == snapshots, "a snapshot is offered for so much");
    Figure seconds = ceiling("", all.seconds(), "s", snapshots ? 10 : 30, "");
    Figure bytes = ceiling("", all.down() / 1000, "KB", snapshots ? 60 : 200, "");
    seconds.name = snapshots ? "snapshot_5000_seconds" : "snapshot_not_taken_seconds";
    bytes.name = snapshots ? "snapshot_5000_bytes" : "snapshot_not_taken_bytes";
    seconds.note = snapshots ? "a new device of the commune, names of its people included"
                             : "the same device by the log";
    bytes.note = snapshots ? "all bytes down; the snapshot itself has " +
                                 std::to_string(report->progress.snapshot.bytes)
                           : "all bytes down, by the log";
    figures.push_back(std::move(seconds));
    figures.push_back(std::move(bytes));
  }
  return figures;
}

std::vector<Figure> measure_pushes(Corpus& corpus, Line& line, const Endpoint& server,
                                   std::uint64_t pushed) {
  std::vector<Figure> figures;
  Stretch day(line);
  Pusher pusher(corpus, server, pushed);
  push(corpus, pusher, day_of_work, events_a_push);
  figures.push_back(ceiling("push_500_seconds", day.seconds(), "s", 5.5,
                            "connect, private records and durable answers included"));
  figures.push_back(ceiling("push_500_bytes", day.up() / static_cast<double>(day_of_work), "B", 45,
                            "an event, all bytes up, private records included"));
  return figures;
}

std::vector<Figure> measure_live(Corpus& corpus, Line& line, const Endpoint& server,
                                 const Endpoint& direct, const protocol::Cursor& head,
                                 std::uint64_t pushed, const Known& known) {
  Pusher pusher(corpus, direct, pushed);
  Reader reader(corpus, server, head, true, known);
  reader.catch_up();
  constexpr std::uint64_t lives = 200;
  const double down = reader.bytes_down();
  const double up = reader.bytes_up();
  Stretch live(line);
  for (std::uint64_t index = 0; index < lives; ++index) {
    push(corpus, pusher, 1, 1);
    reader.catch_up();
  }
  return {ceiling("live_event_bytes", (reader.bytes_down() - down) / lives, "B", 60,
                  "a block of one event without its proof, its message's head included, TLS not; "
                  "the reader answers with " +
                      std::to_string(std::lround((reader.bytes_up() - up) / lives)) + " B"),
          ceiling("live_event_wire_bytes", live.down() / lives, "B", 90, "the same in TLS records"),
          ceiling("live_event_ms", live.seconds() / lives * 1000, "ms", 500,
                  "pushed elsewhere until read; the line alone takes 300")};
}

}  // namespace

std::vector<Figure> measure_sync(const Effort& effort) {
  Corpus corpus;
  const std::filesystem::path data = effort.directory / "sync-server";
  found_server_data(data, corpus,
                    [&](server::Pipeline& pipeline) { AwayDevice::enrol(corpus, pipeline); });
  const auto profile = link_emulator::read_profile(link_emulator::design_line).value();
  std::vector<protocol::Cursor> cursors;
  Known known;
  std::vector<Figure> figures;
  const auto add = [&figures](std::vector<Figure> more) {
    figures.insert(figures.end(), more.begin(), more.end());
  };
  {
    const ServerProcess plain(data);
    Pusher pusher(corpus, plain.endpoint());
    push(corpus, pusher, effort.sync_events + 100, events_a_push);
    Reader first(corpus, plain.endpoint(), {}, false, {});
    cursors = first.catch_up();
    known = first.known();
    Line line(plain.port(), profile);
    add(measure_resume(corpus, line, plain.through(line.port()), cursors.back(), known));
  }
  std::uint64_t pushed = corpus.events_handed_out();
  const ServerProcess server(data, true);
  Line line(server.port(), profile);
  Endpoint far = server.through(line.port());
  {
    Reader first(corpus, server.endpoint(), cursors.back(), false, known);
    first.catch_up();
    far.session = first.ticket();
  }
  add(measure_resume(corpus, line, far, cursors.back(), known));
  add(measure_pulls(corpus, line, far, cursors, known));
  add(measure_snapshot(effort, line, far));
  add(measure_pushes(corpus, line, far, pushed));
  pushed = corpus.events_handed_out();
  const protocol::Cursor head =
      Reader(corpus, server.endpoint(), cursors.back(), false, known).catch_up().back();
  add(measure_live(corpus, line, far, server.endpoint(), head, pushed, known));
  return figures;
}

}  // namespace bench
