#pragma once

#include "events/base/bytes.h"
#include "server/store/rocks_event_log.h"
#include "tools/bench/figure.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace bench {

/// How much each measurement does.  Every loop is bounded by these.
struct Effort {
  std::filesystem::path directory;  ///< Scratch space on the disk to be measured.
  std::uint64_t append_pushes = 600;
  std::uint64_t rebuild_events = 400'000;
  std::uint64_t memory_dossiers = 100'000;  ///< Slope between this many and twice as many.
  std::uint64_t size_dossiers = 400'000;    ///< What figures of size are measured on.
  std::uint64_t served_dossiers = 0;        ///< 0: figures of one dossier, extrapolated.
  std::uint64_t push_blocks = 600;
  std::uint64_t latency_pushes = 300;
  std::uint64_t idle_connections = 9'000;
  std::uint64_t sync_events = 5'000;  ///< Behind which a long-offline client is.
  std::uint64_t cut_rounds = 200;     ///< Days of work over lines that are cut again and again.
};

/// `append`, `append_cpu`, `event_bytes`: judged, durable appends in pushes of 100 events, against
/// one RocksDB Put an event of the same bytes with as many events a sync.  Turns alternate.
std::vector<Figure> measure_append(const Effort& effort);

/// `rebuild`, `rebuild_hashed`: refolding all projections from the blocks on disk, against reading
/// and decoding them, and against SHA-256 over 200 bytes.
std::vector<Figure> measure_rebuild(const Effort& effort);

/// `memory_per_dossier`: what the judging state and the views grow by for each dossier.
std::vector<Figure> measure_memory(const Effort& effort);

/// `open_dossier`, `closed_dossier`, `copy_state`, `live_totals_change`, `checkpoint_whole`,
/// `restore` and the like: what a province costs in memory, and what its size costs in time.
/// `served_memory`, `served_checkpoint`, `served_restore` instead: of a whole log of that size.
std::vector<Figure> measure_size(const Effort& effort);

/// `push`, `push_latency_p50`, `push_latency_p99`: one client over a loopback WebSocket to a whole
/// server, pipelined and one at a time.
std::vector<Figure> measure_push(const Effort& effort);

/// `wire_push_bytes`, `wire_pull_bytes`, `wire_push_one`, `wire_live_one`: what blocks weigh on the
/// wire, against the plain codec.
std::vector<Figure> measure_wire(const Effort& effort);

/// `resume_bytes` and the like: a device over the design line, 64 kbit/s and
/// 600 ms there and back, to a whole server.  Takes about a minute, which the line needs.
std::vector<Figure> measure_sync(const Effort& effort);

/// `pilot_push_bytes`, `photo_kilobytes`, `urgent_seconds` and the like: what whole devices carry
/// over the design line.  About two minutes.
std::vector<Figure> measure_field(const Effort& effort);

/// `cuts_push_p95` and the like: days of work over the design line with 3 % of its packets lost and
/// cuts after 20 s for 10 s, means of each.  About four seconds for each of `cut_rounds`, four at a
/// time.
std::vector<Figure> measure_cuts(const Effort& effort);

/// `idle_memory`, `idle_tls_memory`: what the server holds for each silent live connection, plain
/// and in TLS.
std::vector<Figure> measure_idle(const Effort& effort);

// ---- helpers shared by the measurements ----

/// Seconds on a clock that only goes forward.
double wall_seconds();
/// Processor seconds of the calling thread.
double thread_cpu_seconds();
/// Times of `count` fdatasync calls after a 4 KiB append in `directory`, in seconds.
std::vector<double> time_fdatasync(const std::filesystem::path& directory, std::size_t count);

/// A new log on disk, as a server opens it.
std::unique_ptr<server::RocksEventLog> open_scratch_log(const std::filesystem::path& path);

/// A plain RocksDB with one row an event: what the append figures are compared with.
class PlainStore {
 public:
  explicit PlainStore(const std::filesystem::path& path);
  ~PlainStore();
  PlainStore(const PlainStore&) = delete;
  PlainStore& operator=(const PlainStore&) = delete;

  /// One Put an event, one synced batch.
  void append(const std::vector<events::Bytes>& rows);

 private:
  struct Database;
  std::unique_ptr<Database> database_;
  std::uint64_t next_ = 1;
};

}  // namespace bench
