#include "server/app/application.h"

#include "platform/clock.h"
#include "platform/net/tls_server.h"
#include "platform/random.h"
#include "platform/secret_file.h"
#include "server/api/api_service.h"
#include "server/app/api_ports.h"
#include "server/app/control_socket.h"
#include "server/app/open_doors.h"
#include "server/app/refuse_command.h"
#include "server/app/token_command.h"
#include "server/backup/backup_service.h"
#include "server/base/data_directory.h"
#include "server/base/logging.h"
#include "server/base/security_log.h"
#include "server/bundle/bundle_service.h"
#include "server/channels/certificate_watch.h"
#include "server/channels/listener.h"
#include "server/commit/clock_service.h"
#include "server/commit/clock_watch.h"
#include "server/commit/committer.h"
#include "server/commit/crash_point.h"
#include "server/commit/enrolment.h"
#include "server/commit/pipeline.h"
#include "server/commit/refused_chains.h"
#include "server/feed/projector.h"
#include "server/feed/subscriptions.h"
#include "server/files/disk_file_archive.h"
#include "server/files/file_service.h"
#include "server/page/embedded_page.h"
#include "server/page/page_service.h"
#include "server/repair/repair.h"
#include "server/repair/repair_service.h"
#include "server/session/body_room.h"
#include "server/session/connection_gate.h"
#include "server/session/session_registry.h"
#include "server/store/disk_watch.h"
#include "server/store/parking_store.h"
#include "server/store/readable_records.h"
#include "server/store/rocks_event_log.h"
#include "server/store/rocks_private_store.h"
#include "server/store/rocks_staging_store.h"
#include "server/store/table_check.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
using net::ip::tcp;

namespace {

/// How long peers may take to read their GOAWAY.
constexpr std::chrono::seconds drain_time{3};
/// How long connections that were then cut may take to end.
constexpr std::chrono::seconds last_drain_time{1};
constexpr std::chrono::milliseconds drain_step{20};
constexpr std::chrono::seconds clock_step{5};
constexpr std::chrono::seconds disk_watch_step{5};
/// A little above the floor of the log and of the private records: an append that meets that one
/// ends the pipeline, one that is not begun is only refused.
constexpr std::uint64_t watched_bytes_free = std::uint64_t{72} << 20U;

events::Timestamp system_time() { return platform::now(); }

Result<std::unique_ptr<RocksEventLog>> open_log(const DataDirectory& data,
                                                std::optional<events::LogId> log) {
  RocksEventLog::Options options;
  options.path = data.log();
  options.log = log.value_or(events::LogId{0});
  options.epoch = events::Epoch{1};
  Result<std::unique_ptr<RocksEventLog>> opened = RocksEventLog::open(options);
  if (opened || opened.error().code != ErrorCode::not_found) return opened;
  options.create_if_missing = true;
  options.log = log.value_or(events::LogId{1});
  return RocksEventLog::open(options);
}

Result<std::unique_ptr<DiskFileArchive>> open_files(const DataDirectory& data,
                                                    const Config& config) {
  DiskFloor floor = DiskFloor::of_files(data.path());
  if (config.files_floor_mib) floor.free_bytes_min = *config.files_floor_mib << 20U;
  return DiskFileArchive::open(data.files(), std::move(floor));
}

Result<std::optional<CrashPoint>> crash_point_of_environment() {
  const char* const text = std::getenv("KHUYENHOC_CRASH_AT");
  if (text == nullptr) return std::optional<CrashPoint>{};
  const std::optional<CrashPoint> point = CrashPoint::parse(text);
  if (!point) {
    return Error{ErrorCode::invalid_argument,
                 "KHUYENHOC_CRASH_AT is not <commit number>:before_batch|before_sync|before_ack"};
  }
  return point;
}

/// Until it is stopped.  What a handler throws, most likely for want of memory, ends that handler
/// and neither the thread nor the process.
void run_network(net::io_context& network) {
  for (;;) {
    try {
      network.run();
      return;
    } catch (const std::exception& exception) {
      log_error("handler_broke", {{"error", exception.what()}});
    }
  }
}

/// What bundles need.
struct BundleParts {
  std::unique_ptr<RocksParkingStore> stored_runs;
  std::unique_ptr<ParkedRuns> parked;
  std::unique_ptr<BundleService> desk;
};

Result<BundleParts> open_bundle_parts(const DataDirectory& data, bool new_sealing_key) {
  RocksParkingStore::Options options;
  options.path = data.parked();
  Result<std::unique_ptr<RocksParkingStore>> stored = RocksParkingStore::open(options);
  if (!stored) return stored.error();
  Result<ParkedRuns> parked = ParkedRuns::open(**stored);
  if (!parked) return parked.error();
  Result<SealingKeys> keys = SealingKeys::open(data.sealing_keys(), new_sealing_key);
  if (!keys) return keys.error();
  Result<events::SigningKey> server_key = data.key(false);
  if (!server_key) return server_key.error();
  auto desk = std::make_unique<BundleService>(
      BundleService::Parts{data.bundles(), std::move(*keys), std::move(*server_key)});
  return BundleParts{std::move(*stored), std::make_unique<ParkedRuns>(std::move(*parked)),
                     std::move(desk)};
}

}  // namespace

/// In the order in which they stand on one another; they end in the opposite order.
struct Application::Parts {
  DataDirectory data;
  std::unique_ptr<RocksEventLog> stored_log;
  std::unique_ptr<server::RocksPrivateStore> stored_records;
  std::unique_ptr<FileArchive> stored_files;
  std::optional<CrashingLog> crashing_log;
  events::EventLog& log;
  ReadableRecords private_records;
  DiskWatch disk;
  TableCheck tables;
  RefusedChains refused;
  TokenStore tokens;
  BundleParts bundles;
  Pipeline pipeline;
  Enrolment enrolment;
  ClockWatch clock_watch{look_at_machine, software_begins};
  bool owes_words = false;  // Log thread: of the server itself, when its clock is right.
  std::unique_ptr<RocksStagingStore> staging;  // Of a restored log.
  std::optional<Repair> repair;
  std::atomic<bool> is_repairing{false};
  PackedBlocks packed;
  Subscriptions subscriptions;
  SessionRegistry sessions;
  // What connections hold that end with the network.
  ConnectionGate gate;
  SecurityLog security;
  BodyRoom bodies;
  WorkBudgets budgets;
  std::unique_ptr<PageService> page;

  net::thread_pool file_thread{1};
  net::thread_pool log_thread{1};
  net::thread_pool projection_thread{1};
  net::io_context network;
  net::thread_pool snapshot_thread{1};
  net::thread_pool api_thread{1};
  Projector projector;
  SnapshotService snapshots;
  Committer committer;
  std::unique_ptr<network::TlsServer> tls;
  FileQuota file_quota;
  FileService files;
  GreetingProofs proofs;
  ApiService api;
  Services services;
  std::optional<Listener> listener;
  std::optional<CertificateWatch> certificate_watch;
  net::signal_set signals;
  net::steady_timer disk_timer;
  net::steady_timer drain_timer;
  net::steady_timer clock_timer;
  std::size_t threads;
  std::unique_ptr<ControlSocket> control;  // Ends first: a backup under way reads the stores.

  Parts(DataDirectory directory, std::unique_ptr<RocksEventLog> rocks_log,
        std::unique_ptr<server::RocksPrivateStore> rocks_records,
        std::unique_ptr<FileArchive> disk_files, BundleParts bundle_parts, events::SigningKey key,
        std::optional<events::Digest> founding_code, std::optional<CrashPoint> crash_point,
        Folded folded, std::array<std::uint8_t, 32> challenge_secret,
        std::unique_ptr<network::TlsServer> tls_server, std::size_t network_threads,
        std::size_t connections_max, std::set<events::ChainNumber> refused_chains,
        std::vector<ApiToken> api_tokens)
      : data(std::move(directory)),
        stored_log(std::move(rocks_log)),
        stored_records(std::move(rocks_records)),
        stored_files(std::move(disk_files)),
        crashing_log(crash_point
                         ? std::optional<CrashingLog>(std::in_place, *stored_log, *crash_point)
                         : std::nullopt),
        log(crashing_log ? static_cast<events::EventLog&>(*crashing_log) : *stored_log),
        private_records(*stored_records),
        disk(data.path(), DiskFloor{.free_bytes_min = watched_bytes_free, .free_bytes = {}}),
        tables({data.log(), data.private_records()}),
        refused(data.refused_chains(), std::move(refused_chains)),
        tokens(data.api_tokens(), std::move(api_tokens)),
        bundles(std::move(bundle_parts)),
        pipeline(log, private_records, std::move(key), bundles.parked.get()),
        enrolment(pipeline, founding_code),
        gate(GateLimits{connections_max}),
        projector(stored_log->checkpoints(), ProjectionExecutor{projection_thread.get_executor()},
                  std::move(folded)),
        snapshots(log, SnapshotExecutor{snapshot_thread.get_executor()}, network.get_executor()),
        committer(committer_parts()),
        tls(std::move(tls_server)),
        file_quota(system_time),
        files(FileTransfers(*stored_files, &file_quota), FileExecutor{file_thread.get_executor()},
              committer),
        proofs(pipeline.signing_key(), challenge_secret),
        api({.state = api_state_of(log, projector),
             .credentials = credential_ports_of(committer, system_time, tokens),
             .is_repairing = [this] { return is_repairing.load(); },
             .api_thread = ApiExecutor{api_thread.get_executor()},
             .network = NetworkExecutor{network.get_executor()}}),
        services{.log = log,
                 .private_store = private_records,
                 .packed = packed,
                 .committer = committer,
                 .subscriptions = subscriptions,
                 .projector = projector,
                 .snapshots = snapshots,
                 .sessions = sessions,
                 .files = files,
                 .gate = gate,
                 .security = security,
                 .bodies = bodies,
                 .proofs = proofs,
                 .budgets = budgets,
                 .file_thread = FileExecutor{file_thread.get_executor()},
                 .clock = system_time,
                 .tls = tls.get(),
                 .bundles = bundles.desk.get(),
                 .api = &api,
                 .disk = &disk,
                 .tables = &tables},
        signals(network, SIGINT, SIGTERM),
        disk_timer(network),
        drain_timer(network),
        clock_timer(network),
        threads(network_threads) {}

  Committer::Parts committer_parts() {
    return {.pipeline = pipeline,
            .enrolment = enrolment,
            .log_thread = LogExecutor{log_thread.get_executor()},
            .clock = system_time,
            .clock_watch = &clock_watch,
            .check_room = [this] { return disk.check(); },
            .on_commit = [this](const Commit& commit) { subscriptions.committed(commit); },
            .on_founded =
                [this] {
                  data.remove_founding_code();
                  publish_sealing_key();
                },
            .before_answers =
                [this] {
                  if (crashing_log) crashing_log->before_answers();
                }};
  }

  /// What the operator asks of the running server.
  Result<boost::json::object> serve_operator(const boost::json::object& request,
                                             const OnProgress& on_progress) {
    const boost::json::value* const what = request.if_contains("do");
    if (what != nullptr && *what == "backup") {
      const BackupSource source{*stored_log, *stored_records, data.path(), pipeline.signing_key()};
      return serve_backup(source, request, on_progress);
    }
    if (what != nullptr && *what == "clock") return serve_clock(committer, request);
    if (what != nullptr && *what == "refuse") return serve_refusing(refused, request);
    if (what != nullptr && *what == "token") {
      return serve_tokens(tokens, api_state_of(log, projector), system_time(), request);
    }
    if (what != nullptr && *what == "heal") {
      return serve_repair(committer, files.wants(), request);
    }
    return Error{ErrorCode::unsupported, "this server does not know such a request"};
  }

  /// A log that was restored takes back what it lost before it accepts anything.
  Result<void> begin_repair() {
    if (!stored_log->repair_since()) return {};
    RocksStagingStore::Options options;
    options.path = data.repair();
    auto opened = RocksStagingStore::open(options);
    if (!opened) return opened.error();
    staging = std::move(*opened);
    Result<Repair> begun = Repair::begin({.pipeline = pipeline,
                                          .store = *staging,
                                          .restored = *stored_log->repair_since(),
                                          .end_mark = [this] { return stored_log->end_repair(); },
                                          .on_end = [this] { repair_ended(); }});
    if (!begun) return begun.error();
    repair.emplace(std::move(*begun));
    is_repairing = true;
    committer.repair(*repair);
    return {};
  }

  /// Log thread.  What the server says by itself waited, too.
  void repair_ended() {
    is_repairing = false;
    log_info("healed", {{"head", log.head().position.value}});
    if (auto adopted = pipeline.adopt_rules(system_time()); !adopted) {
      log_error("adopt_rules", {{"error", adopted.error().message}});
    }
    publish_sealing_key();
    look_for_lost_files();
  }

  /// A log that was repaired calls files stored that lay on the disk that was lost; who has them is
  /// asked for them.
  void look_for_lost_files() {
    const events::Position repaired = pipeline.state().rulebook().repaired_to();
    if (repaired.value == 0) return;
    files.look_for_lost(repaired, [](const Result<std::size_t>& lost) {
      if (!lost) return log_error("lost_files", {{"error", lost.error().message}});
      log_info("lost_files", {{"count", *lost}});
    });
  }

  /// Log thread, or before it runs: what a server says by itself when it starts.
  /// Errors: storage_failed.
  Result<void> say_own_words() {
    owes_words = false;
    if (auto adopted = pipeline.adopt_rules(system_time()); !adopted) return adopted;
    publish_sealing_key();
    return {};
  }

  /// Health and log tell of a wrong clock also while nobody comes, and what the log owes because a
  /// day came is appended when it comes.
  void watch_clock() {
    committer.look_at_clock([this] {
      if (!owes_words) return;
      if (auto said = say_own_words(); !said) {
        log_error("adopt_rules", {{"error", said.error().message}});
      }
    });
    clock_timer.expires_after(until_next_look());
    clock_timer.async_wait([this](boost::system::error_code error) {
      if (!error) watch_clock();
    });
  }

  /// The step of the watch, or less where the log owes something before that.
  std::chrono::milliseconds until_next_look() const {
    const std::uint64_t deadline = committer.next_deadline().value;
    const std::uint64_t now = system_time().value;
    constexpr std::chrono::milliseconds step = clock_step;
    const auto most = static_cast<std::uint64_t>(step.count());
    if (deadline <= now || deadline - now > most) return step;
    return std::chrono::milliseconds(static_cast<std::int64_t>(deadline - now) + 1);
  }

  /// Log thread.  A failure is the log's, and everything says so from then on.
  void publish_sealing_key() {
    const Result<void> published =
        pipeline.publish_sealing_key(bundles.desk->published_key(), system_time());
    if (!published) log_error("sealing_key", {{"error", published.error().message}});
  }

  /// Looks at the disk now and then, so that readiness is true also when nobody pushes.
  void watch_disk() {
    disk_timer.expires_after(disk_watch_step);
    disk_timer.async_wait([this](boost::system::error_code error) {
      if (error) return;
      net::post(file_thread, [this] { static_cast<void>(disk.check()); });
      watch_disk();
    });
  }

  void wait_for_signal() {
    signals.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      log_info("stopping", {{"signal", signal}, {"connections", listener->connections()}});
      // From now on the signals do what they do by default: end the process at once.
      signals.clear();
      listener->close();
      drain(drain_time, false);
    });
  }

  void drain(std::chrono::seconds patience, bool is_last) {
    sessions.goodbye_all(events::protocol::GoawayReason::shutting_down);
    wait_for_drain(std::chrono::steady_clock::now() + patience, is_last);
  }
  void wait_for_drain(std::chrono::steady_clock::time_point end, bool is_last) {
    if (listener->connections() == 0) return network.stop();
    if (std::chrono::steady_clock::now() >= end) {
      return is_last ? network.stop() : drain(last_drain_time, true);
    }
    drain_timer.expires_after(drain_step);
    drain_timer.async_wait(
        [this, end, is_last](boost::system::error_code) { wait_for_drain(end, is_last); });
  }
};

Application::Application(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Application::~Application() = default;

Result<std::unique_ptr<Application>> Application::open(const Config& config) {
  const Result<std::optional<CrashPoint>> crash_point = crash_point_of_environment();
  if (!crash_point) return crash_point.error();
  Result<std::unique_ptr<network::TlsServer>> tls = std::unique_ptr<network::TlsServer>{};
  if (!config.tls_certificate.empty()) {
    tls = network::TlsServer::open(config.tls_certificate, config.tls_key);
    if (!tls) return tls.error();
    const Result<void> holds = check_holds((*tls)->validity(), std::chrono::system_clock::now());
    if (!holds && !config.allow_expired_certificate) return holds.error();
  }
  Result<std::unique_ptr<PageService>> page = PageService::open(config.page);
  if (!page) return page.error();
  Result<DataDirectory> data = DataDirectory::open(config.data);
  if (!data) return data.error();
  Result<std::unique_ptr<RocksEventLog>> log = open_log(*data, config.log);
  if (!log) return log.error();
  server::RocksPrivateStore::Options private_options;
  private_options.path = data->private_records();
  private_options.create_if_missing = (*log)->head().position.value == 0;
  Result<std::unique_ptr<server::RocksPrivateStore>> records =
      server::RocksPrivateStore::open(private_options);
  if (!records) return records.error();

  Result<std::unique_ptr<DiskFileArchive>> files = open_files(*data, config);
  if (!files) return files.error();

  Result<std::set<events::ChainNumber>> refused = RefusedChains::read(data->refused_chains());
  if (!refused) return refused.error();
  Result<std::vector<ApiToken>> tokens = TokenStore::read(data->api_tokens());
  if (!tokens) return tokens.error();

  const bool is_empty = (*log)->head().position.value == 0;
  Result<events::SigningKey> key = data->key(is_empty);
  if (!key) return key.error();
  std::optional<events::Digest> founding_code;
  if (is_empty) {
    const Result<std::string> code = data->make_founding_code(key->public_key());
    if (!code) return code.error();
    founding_code = code_digest_of(*code);
  } else {
    data->remove_founding_code();  // A crash may have come between the founding and this.
  }

  Result<BundleParts> bundles = open_bundle_parts(*data, config.new_sealing_key);
  if (!bundles) return bundles.error();

  std::array<std::uint8_t, 32> challenge_secret{};
  platform::fill_random(challenge_secret);

  Folded folded = restore_checkpoint((*log)->checkpoints());
  Folded recovered_to = folded;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  std::optional<events::protocol::Moved> moved;
  if (!config.moved_to.empty()) {
    moved = events::protocol::sign_moved((*log)->head().log, config.moved_to, *key);
  }
  auto parts = std::make_unique<Parts>(
      std::move(*data), std::move(*log), std::move(*records), std::move(*files),
      std::move(*bundles), std::move(*key), founding_code, *crash_point, std::move(folded),
      challenge_secret, std::move(*tls), config.threads == 0 ? cores : config.threads,
      config.connections_max, std::move(*refused), std::move(*tokens));
  parts->pipeline.set_lease_days(config.lease_days);
  parts->pipeline.set_refused(parts->refused);
  parts->pipeline.set_quotas(times(config.quota_factor, QuotaLimits{}));
  parts->page = std::move(*page);
  parts->services.page = parts->page.get();
  parts->services.moved = std::move(moved);
  if (parts->services.moved) parts->services.bundles = nullptr;
  if (parts->services.moved) parts->services.api = nullptr;
  const auto follow = recovered_to.views.on_effect();
  projections::State restored = std::exchange(recovered_to.state, {});
  if (auto recovered = parts->pipeline.recover(std::move(restored), follow); !recovered) {
    return recovered.error();
  }
  recovered_to.state = parts->pipeline.state();
  parts->projector.begin(std::move(recovered_to));
  parts->pipeline.feed_changes(
      [&projector = parts->projector](Changes changes) { projector.take(std::move(changes)); });
  parts->file_quota.begin(parts->pipeline.state().evidence_files());
  // A log that lives elsewhere gets no event more here.
  if (!parts->services.moved) {
    if (auto repair = parts->begin_repair(); !repair) return repair.error();
    // Nothing is appended by a wrong clock; the words come when it is right.
    parts->owes_words = !parts->clock_watch.now(parts->pipeline.last_received_at());
    if (!parts->owes_words) {
      if (auto said = parts->say_own_words(); !said) return said.error();
    }
    if (!parts->pipeline.is_repairing()) parts->look_for_lost_files();
  }

  Result<std::vector<Door>> doors = open_doors(config, parts->network.get_executor());
  if (!doors) return doors.error();
  const tcp::endpoint endpoint = doors->front().acceptor.local_endpoint();
  ConnectionLimits limits;
  limits.sessions_max = config.connections_max;
  limits.liveness.first = config.ping_after;
  limits.write_timeout = config.write_timeout;
  allow_connections(config.connections_max);
  parts->listener.emplace(std::move(*doors), NetworkExecutor{parts->network.get_executor()},
                          parts->services, limits);
  Parts* const running = parts.get();
  Result<std::unique_ptr<ControlSocket>> control = ControlSocket::open(
      parts->data.path(),
      [running](const boost::json::object& request, const OnProgress& on_progress) {
        return running->serve_operator(request, on_progress);
      });
  if (!control) return control.error();
  parts->control = std::move(*control);
  const events::LogHead head = parts->log.head();
  log_info("listening", {{"address", endpoint.address().to_string()},
                         {"port", endpoint.port()},
                         {"log", head.log.value},
                         {"head", head.position.value},
                         {"founded", is_empty ? "no" : "yes"},
                         {"healing", parts->pipeline.is_repairing() ? "yes" : "no"},
                         {"tls", parts->tls ? "1.3" : "no"}});
  if (config.page.empty() && !is_embedded_page_built_in()) log_info("page_not_built_in");
  if (parts->tls) {
    log_info("certificate_loaded", {{"valid_until", parts->tls->valid_until()}});
    parts->certificate_watch.emplace(parts->network.get_executor(), *parts->tls);
  }
  return std::unique_ptr<Application>(new Application(std::move(parts)));
}

void Application::run() {
  parts_->wait_for_signal();
  parts_->watch_clock();
  parts_->watch_disk();
  parts_->tables.start();
  for (std::size_t door = 0; door < parts_->listener->doors(); ++door) {
    net::co_spawn(parts_->network, parts_->listener->run(door), net::detached);
  }
  net::co_spawn(parts_->network, parts_->listener->report(), net::detached);
  std::vector<std::thread> threads;
  for (std::size_t index = 1; index < parts_->threads; ++index) {
    threads.emplace_back([this] { run_network(parts_->network); });
  }
  run_network(parts_->network);
  for (std::thread& thread : threads) thread.join();

  parts_->control.reset();
  parts_->api_thread.join();  // It waits for the projection thread.
  parts_->tables.stop();
  parts_->file_thread.join();
  parts_->snapshots.stop();
  parts_->snapshot_thread.join();
  parts_->log_thread.join();  // Finishes what waits; its answers find nobody any more.
  parts_->projector.finish();
  parts_->projection_thread.join();
  parts_->security.write();
  log_info("stopped", {{"head", parts_->log.head().position.value}});
}

}  // namespace server
