#include "clients/cli/authority_file.h"
#include "clients/cli/commands.h"
#include "clients/cli/output/connection_news.h"
#include "clients/cli/output/progress.h"
#include "clients/cli/output/sync_status_texts.h"
#include "clients/cli/secret_input.h"
#include "clients/device/connection_fault.h"
#include "clients/device/disk_error.h"
#include "clients/device/interrupt_guard.h"
#include "platform/clock.h"
#include "projections/texts/texts.h"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <utility>

// Commands that need the server: init, enrol, sync, watch.

namespace clients {

using events::Position;
using events::Result;
namespace json = boost::json;

namespace {

/// Says that nothing is lost when it is only the line that failed.
events::Error network_error(Session& session, const events::Error& error) {
  using enum events::ErrorCode;
  if (const std::optional<ConnectionFault> fault = fault_of(error)) {
    session.advise(advice_vi(*fault));
  } else if (error.code == io_failed || error.code == timed_out || error.code == closed) {
    session.advise(
        "Không nối được với máy chủ. Những gì đã ghi vẫn còn trên thiết bị; hãy thử lại khi có "
        "mạng.");
  } else if (error.code == device_storage) {
    session.advise(disk_advice_vi(error, DiskWork::receiving));
  }
  return error;
}

/// The server has taken the device out of use: what still lies on it only.
events::Error revoked_error(Session& session, Device& device) {
  const DeviceStatus status =
      device_status_of(device.workspace(), device.replica(), device.contact());
  session.advise(
      status.device_only == 0
          ? std::string("Thiết bị đã bị thu hồi: máy chủ không nhận và không gửi gì thêm. Mọi việc "
                        "đã ghi ở đây máy chủ đều đã nhận.")
          : fmt::format("Thiết bị đã bị thu hồi: máy chủ không nhận và không gửi gì thêm. Còn {} "
                        "việc chỉ có trên thiết bị này; hãy giữ nguyên và giao cho quản trị thiết "
                        "bị.",
                        status.device_only));
  return {events::ErrorCode::revoked, "the device was revoked"};
}

/// Why a synchronisation did not come to its end.
events::Error sync_error(Session& session, Device& device, const events::Error& error) {
  if (error.code == events::ErrorCode::revoked) return revoked_error(session, device);
  if (error.code == events::ErrorCode::storage_corrupt) {
    const DeviceStatus status =
        device_status_of(device.workspace(), device.replica(), device.contact());
    if (status.unreadable != events::EventId{}) session.advise(unreadable_vi(status.unreadable));
  }
  return network_error(session, error);
}

// ---- init, enrol ----

struct InitOptions {
  std::string server, authorities, code, code_file, name, origin, label = "Thiết bị quản trị";
};

Result<int> say_enrolled(Session& session, std::unique_ptr<Device> device) {
  const Identity& identity = device->workspace().identity();
  if (session.options().json) {
    json::object answer;
    answer["chain"] = identity.chain.value;
    answer["device"] = json_id(identity.device.event);
    json::array& persons = answer["persons"].emplace_array();
    for (const events::PersonId person : identity.persons) persons.push_back(json_id(person.event));
    print_json(session.out(), answer);
  } else {
    print(session.out(), "Đã ghi danh thiết bị “{}”, chuỗi số {}.\n", identity.label,
          identity.chain.value);
    for (const events::PersonId person : identity.persons) {
      print(session.out(), "Người dùng có mã {}; khi ghi việc, thêm --actor {}\n",
            to_string(person), to_string(person));
    }
    print(session.out(), "Hãy chạy lệnh sync để nhận dữ liệu và họ tên.\n");
  }
  session.use(std::move(device));
  return exit_ok;
}

Result<int> run_init(Session& session, const InitOptions& options) {
  const auto name = typed_text(options.name, "full_name", events::text_limits::person_name);
  if (!name) return name.error();
  const auto origin = typed_text(options.origin, "origin", events::text_limits::log_origin);
  if (!origin) return origin.error();
  const auto label = typed_text(options.label, "label", events::text_limits::device_label);
  if (!label) return label.error();
  events::PersonRecord administrator;
  administrator.full_name = *name;
  const Result<std::string> authorities = read_authorities(options.authorities);
  if (!authorities) return authorities.error();
  const CodeSources sources{"--founding-code", options.code, options.code_file};
  const Result<std::string> code = one_time_code(sources, "Mã lập sổ: ");
  if (!code) return code.error();
  Result<std::unique_ptr<Device>> device = Device::found(
      session.home(), options.server, *code, *origin, administrator, *label, *authorities);
  if (!device) return network_error(session, device.error());
  return say_enrolled(session, std::move(*device));
}

struct EnrolOptions {
  std::string server, authorities, code, code_file, label;
};

Result<int> run_enrol(Session& session, const EnrolOptions& options) {
  const auto label = typed_text(options.label, "label", events::text_limits::device_label);
  if (!label) return label.error();
  const Result<std::string> authorities = read_authorities(options.authorities);
  if (!authorities) return authorities.error();
  const CodeSources sources{"--code", options.code, options.code_file};
  const Result<std::string> code = one_time_code(sources, "Mã mời: ");
  if (!code) return code.error();
  Result<std::unique_ptr<Device>> device =
      Device::enrol(session.home(), options.server, *code, *label, *authorities);
  if (!device) return network_error(session, device.error());
  return say_enrolled(session, std::move(*device));
}

// ---- sync ----

struct SyncCommandOptions {
  std::string server, authorities;
  bool no_snapshot = false;
  bool watch = false;
  bool http = false;
  bool insecure_plain = false;
};

/// Trusts the roots in the file from now on, if one was named.
Result<void> trust(Device& device, const std::string& path) {
  if (path.empty()) return {};
  const Result<std::string> authorities = read_authorities(path);
  if (!authorities) return authorities.error();
  return device.trust(*authorities);
}

json::object describe_json(const SyncReport& report) {
  json::object object;
  object["synced"] = report.progress.synced();
  object["own_events"] = report.progress.own_events;
  object["accepted"] = report.progress.accepted;
  object["verdicts_known"] = report.progress.verdicts_known;
  object["received_to"] = report.progress.received_to.value;
  object["log_head"] = report.progress.log_head.value;
  object["events_received"] = report.progress.events_received;
  object["snapshot_bytes"] = report.progress.snapshot.bytes;
  object["bytes_sent"] = report.bytes_sent;
  object["bytes_received"] = report.bytes_received;
  object["connections"] = report.connections;
  object["over_http"] = report.over_http;
  if (report.left_chain.value != 0) object["left_chain"] = report.left_chain.value;
  object["recorded_again"] = report.recorded_again;
  if (!report.moved_to.empty()) object["moved_to"] = report.moved_to;
  object["healing"] = report.repairing;
  object["given_back_blocks"] = report.blocks_returned;
  object["clock_difference_milliseconds"] = report.clock_difference_milliseconds;
  object["files_sent"] = report.files.files_sent;
  object["files_fetched"] = report.files.files_fetched;
  object["files_held_back"] = report.files.files_held_back;
  object["file_bytes_sent"] = report.files.bytes_sent;
  return object;
}

/// Own events that were answered since `before`, when the answer is not plain acceptance.
void print_answers(Session& session, Workspace& workspace, const OfflineLog& own,
                   std::uint64_t before) {
  for (std::uint64_t seq = before + 1; seq <= own.verdicts_known(); ++seq) {
    const EventProgress progress = workspace.progress_of_own(seq);
    if (progress.verdict.code == events::VerdictCode::accepted && progress.verdict.flags == 0) {
      continue;
    }
    print(session.out(), "  {}: {}\n", to_string(own.entry(seq).event.id()), describe(progress));
  }
}

/// A copy of the device goes on with its old chain: what happened, and that nothing was lost.
void print_new_chain(Session& session, Device& device, const SyncReport& report) {
  if (report.left_chain.value != 0) {
    print(
        session.out(),
        "Chuỗi số {} đang được một bản sao của thiết bị này dùng tiếp (máy bị sao chép, hoặc được "
        "phục hồi từ bản cũ). Máy chủ đã cấp cho thiết bị này chuỗi số {}.\n",
        report.left_chain.value, device.replica().identity().chain.value);
  }
  if (report.recorded_again > 0) {
    print(session.out(),
          "{} việc chỉ có trên thiết bị này đã được ghi lại trên chuỗi mới và gửi đi.\n",
          report.recorded_again);
  }
  print(session.out(),
        "Không mất việc nào. Hãy báo người quản trị biết thiết bị có bản sao, và xem lệnh inbox: "
        "việc trùng nhau giữa hai máy sẽ chờ người quyết định.\n");
}

void print_files(Session& session, const FileProgress& files) {
  if (files.files_sent > 0) print(session.out(), "Đã gửi {} tệp minh chứng.\n", files.files_sent);
  if (files.files_fetched > 0) {
    print(session.out(), "Đã nhận {} tệp minh chứng.\n", files.files_fetched);
  }
  if (files.files_held_back > 0) {
    print(session.out(),
          "{} ảnh gốc chờ đường truyền tốt hơn; gửi ngay: files policy --originals “luôn gửi”.\n",
          files.files_held_back);
  }
}

/// The server was restored from a backup: what goes on, and that there is nothing to do.
void print_repair(Session& session, const SyncReport& report) {
  print(session.out(),
        "Máy chủ vừa được phục hồi từ bản sao lưu và đang nhận lại những gì đã mất từ các thiết "
        "bị.\n");
  if (report.blocks_returned > 0) {
    print(session.out(), "Thiết bị này đã gửi trả {} khối dữ liệu.\n", report.blocks_returned);
  }
  if (!report.repairing) return;
  print(session.out(),
        "Còn phải chờ các thiết bị khác gửi trả. Việc của bạn vẫn còn nguyên trên thiết bị này, "
        "không mất gì; cứ ghi tiếp và đồng bộ lại sau.\n");
}

struct WatchOptions {
  std::string server, authorities;
  std::uint64_t count = 0;
  std::uint64_t until_position = 0;
  bool http = false;
  bool insecure_plain = false;
};

Result<int> run_watch(Session& session, const WatchOptions& options);

Result<int> run_sync(Session& session, const SyncCommandOptions& options) {
  if (options.watch) {
    return run_watch(session, {.server = options.server,
                               .authorities = options.authorities,
                               .http = options.http,
                               .insecure_plain = options.insecure_plain});
  }
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  if (Result<void> done = trust(**device, options.authorities); !done) return done.error();
  const std::uint64_t known_before = (*device)->replica().own().verdicts_known();

  if (options.no_snapshot) {
    if (Result<void> done = (*device)->give_up_snapshot(); !done) return done.error();
  }
  SyncOptions sync;
  sync.http = options.http;
  sync.insecure_plain = options.insecure_plain;
  sync.snapshots = !options.no_snapshot;
  std::optional<ProgressLine> line;
  line.emplace(session.out(), !session.options().json && ::isatty(STDOUT_FILENO) == 1);
  sync.on_progress = [&line](const SyncProgress& progress) {
    line->show(progress, platform::now());
  };
  sync.on_cut = [&line](const events::Error&, std::chrono::milliseconds) { line->show_cut(); };
  sync.on_files = [&line](const FileProgress& files) { line->note(files); };
  const InterruptGuard guard;
  sync.keep_going = [] { return !InterruptGuard::interrupted(); };
  const Result<SyncReport> report = (*device)->sync(options.server, sync);
  line.reset();
  if (!report) return sync_error(session, **device, report.error());
  if ((*device)->is_revoked()) return revoked_error(session, **device);
  const bool is_cut_short = InterruptGuard::interrupted() && !report->progress.synced();
  const int ended = is_cut_short ? exit_interrupted : exit_ok;
  if (session.options().json) {
    json::object answer = describe_json(*report);
    answer["interrupted"] = is_cut_short;
    print_json(session.out(), answer);
    return ended;
  }
  if (is_cut_short) {
    print(session.out(), "Đã dừng theo Ctrl-C; những gì đã gửi và đã nhận vẫn được giữ.\n");
  }
  if (report->repairing || report->blocks_returned > 0) print_repair(session, *report);
  const DeviceStatus status =
      device_status_of((*device)->workspace(), (*device)->replica(), (*device)->contact());
  print(session.out(), "{}\n{}.\n", name_vi(status.sync), describe(report->progress));
  if (report->progress.snapshot.loaded) {
    print(session.out(),
          "Đã nhận bản tóm tắt ({} byte) thay cho các việc cũ; chi tiết các việc ấy ở máy chủ.\n",
          report->progress.snapshot.bytes);
  }
  print(session.out(), "Gửi {} byte, nhận {} byte{}.\n", report->bytes_sent, report->bytes_received,
        report->over_http ? "; đi qua HTTP" : "");
  if (!report->moved_to.empty()) {
    print(session.out(), "Máy chủ đã chuyển tới {}; thiết bị đã ghi nhớ địa chỉ này.\n",
          report->moved_to);
  }
  print_files(session, report->files);
  if (report->left_chain.value != 0 || report->recorded_again > 0) {
    print_new_chain(session, **device, *report);
    return ended;
  }
  print_answers(session, (*device)->workspace(), (*device)->replica().own(), known_before);
  return ended;
}

// ---- watch ----

void print_event(Session& session, Workspace& workspace, const events::StoredEvent& stored) {
  const events::EventHeader& header = stored.event.header;
  if (session.options().json) {
    json::object row;
    row["position"] = stored.position.value;
    row["id"] = json_id(header.id());
    row["type"] = events::event_name(header.type);
    row["stream"] = json_id(header.stream.id);
    row["actor"] = json_id(header.actor.event);
    row["received_at"] = events::to_iso(stored.received_at);
    row["verdict"] = clients::json_of(stored.verdict);
    print_json(session.out(), row);
  } else {
    print(session.out(), "{:>6}  {}  {} {}  {}  {}\n", stored.position.value,
          moment_vi(stored.received_at),
          projections::name_vi(static_cast<events::EventType>(header.type)),
          to_string(header.stream.id), workspace.name_of(header.actor.event),
          projections::explain(stored.verdict));
  }
  session.out() << std::flush;
}

Result<int> run_watch(Session& session, const WatchOptions& watch) {
  const Result<Device*> opened = session.device();
  if (!opened) return opened.error();
  Device& device = **opened;
  if (Result<void> done = trust(device, watch.authorities); !done) return done.error();
  const InterruptGuard guard;
  Position shown = device.replica().pull().synced_upto;
  std::uint64_t printed = 0;
  const auto reached_end = [&watch](Position position) {
    return watch.until_position != 0 && position.value >= watch.until_position;
  };
  bool enough = reached_end(shown);

  ConnectionNews news(session.err());
  SyncOptions options;
  options.live = true;
  options.http = watch.http;
  options.insecure_plain = watch.insecure_plain;
  options.on_met = [&news] { news.met(); };
  options.on_cut = [&news](const events::Error& why, std::chrono::milliseconds next_try) {
    news.cut(why, next_try);
  };
  options.retries = 1'000'000;
  options.keep_going = [&] { return !enough && !InterruptGuard::interrupted(); };
  options.on_progress = [&](const SyncProgress&) {
    const Position synced_upto = device.replica().pull().synced_upto;
    if (synced_upto <= shown) return;
    const Position from = std::exchange(shown, synced_upto);
    const auto visit = [&](const events::StoredEvent& stored, const events::ScopeSet&) {
      if (enough) return;
      print_event(session, device.workspace(), stored);
      ++printed;
      if (watch.count != 0 && printed >= watch.count) enough = true;
    };
    const Result<void> read = device.replica().replay(from, synced_upto, visit);
    if (!read) enough = true;
    if (reached_end(synced_upto)) enough = true;
  };
  const Result<SyncReport> report = device.sync(watch.server, options);
  if (!report) return sync_error(session, device, report.error());
  if (!news.has_met() && !enough) {
    const events::Error never{events::ErrorCode::closed, "the server has never answered"};
    return network_error(session, news.trouble().value_or(never));
  }
  return exit_ok;
}

void add_authority_option(CommandOptions& command, std::string& path) {
  command.add_option("--ca", path,
                     "Tệp chứng thư gốc (PEM) của máy chủ, nếu không dùng chứng thư công cộng");
}

void add_plain_flag(CommandOptions& command, bool& insecure_plain) {
  command.add_flag("--insecure-plain", insecure_plain,
                   "Cho phép --server ws://… (không mã hóa), chỉ để thử trên chính máy chủ");
}

}  // namespace

void add_connection_commands(CommandLine& line) {
  add_command<InitOptions>(
      line, "init", "Lập sổ mới: người đầu tiên quản trị hệ thống",
      "  khuyenhoc --home admin init --server wss://khuyenhoc.example:8470 \\\n"
      "    --founding-code-file founding-code --name \"Lò Văn An\" \\\n"
      "    --origin titles.example/default",
      [](CommandOptions& command, InitOptions& options) {
        command.add_option("--server", options.server, "Địa chỉ máy chủ, wss://…").required();
        add_authority_option(command, options.authorities);
        command.add_option("--founding-code-file", options.code_file,
                           "Tệp có mã lập sổ; không có thì chương trình hỏi");
        command.add_option("--founding-code", options.code, "“-”: đọc mã từ đầu vào");
        command.add_option("--name", options.name, "Họ tên người quản trị").required();
        command.add_option("--origin", options.origin, "Tên của sổ, ví dụ titles.example/default")
            .required();
        command.add_option("--label", options.label, "Tên thiết bị");
      },
      run_init);
  add_command<EnrolOptions>(
      line, "enrol", "Ghi danh thiết bị này bằng mã mời",
      "  khuyenhoc --home may-xa enrol --server wss://khuyenhoc.example:8470 \\\n"
      "    --label \"Máy tính Hội Khuyến học xã Nà Tấu\"      # chương trình hỏi mã mời\n"
      "  khuyenhoc --home may-xa enrol --server wss://khuyenhoc.example:8470 \\\n"
      "    --code-file ma-moi --label \"Máy tính Hội Khuyến học xã Nà Tấu\"",
      [](CommandOptions& command, EnrolOptions& options) {
        command.add_option("--server", options.server, "Địa chỉ máy chủ, wss://…").required();
        add_authority_option(command, options.authorities);
        command.add_option("--code-file", options.code_file,
                           "Tệp có mã mời; không có thì chương trình hỏi");
        command.add_option("--code", options.code, "“-”: đọc mã mời từ đầu vào");
        command.add_option("--label", options.label, "Tên thiết bị").required();
      },
      run_enrol);
  add_command<SyncCommandOptions>(
      line, "sync", "Đồng bộ với máy chủ",
      "  khuyenhoc --home may-xa sync\n  khuyenhoc --home may-xa sync --watch\n"
      "  khuyenhoc --home may-xa sync --no-snapshot        # lấy đủ mọi việc cũ về máy\n"
      "  khuyenhoc --home may-xa sync --ca goc-moi.crt     # cơ quan đổi chứng thư gốc",
      [](CommandOptions& command, SyncCommandOptions& options) {
        command.add_option("--server", options.server,
                           "Địa chỉ mới của máy chủ; nối được thì thiết bị nhớ địa chỉ này");
        add_authority_option(command, options.authorities);
        command.add_flag("--http", options.http, "Đi qua HTTP, khi mạng chặn WebSocket");
        add_plain_flag(command, options.insecure_plain);
        command.add_flag("--no-snapshot", options.no_snapshot,
                         "Tải đủ mọi việc, không dùng bản tóm tắt khi thiếu nhiều");
        command.add_flag("--watch", options.watch, "Ở lại và nhận tiếp, tới khi bấm Ctrl-C");
      },
      run_sync);
  add_command<WatchOptions>(
      line, "watch", "Theo dõi trực tiếp những gì mới vào sổ, tới khi bấm Ctrl-C",
      "  khuyenhoc --home may-xa watch\n  khuyenhoc --home may-xa watch --count 10 --json",
      [](CommandOptions& command, WatchOptions& options) {
        command.add_option("--server", options.server,
                           "Địa chỉ mới của máy chủ; nối được thì thiết bị nhớ địa chỉ này");
        add_authority_option(command, options.authorities);
        command.add_flag("--http", options.http, "Đi qua HTTP, khi mạng chặn WebSocket");
        add_plain_flag(command, options.insecure_plain);
        command.add_option("--count", options.count, "Dừng sau ngần này việc");
        command.add_option("--until-position", options.until_position,
                           "Dừng khi đã nhận tới vị trí này");
      },
      run_watch);
}

}  // namespace clients
