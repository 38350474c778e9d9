#include "clients/cli/authority_file.h"
#include "clients/cli/commands.h"
#include "clients/cli/output/bundle_texts.h"
#include "clients/cli/output/output_file.h"
#include "clients/cli/output/progress.h"
#include "clients/cli/output/sync_status_texts.h"
#include "clients/core/bundle/offline_bundle.h"
#include "clients/device/bundle_file.h"
#include "clients/device/bundle_post.h"
#include "clients/device/interrupt_guard.h"
#include "events/bundle/bundle_reader.h"
#include "platform/clock.h"
#include "platform/random.h"

#include <unistd.h>

#include <string>
#include <utility>

// Commands for devices without a line, and for those who carry their bundles.

namespace clients {

using events::ErrorCode;
using events::Result;
namespace bundle = events::bundle;
namespace json = boost::json;

namespace {

std::string range_vi(std::uint64_t first, std::uint64_t last) {
  return first == last ? fmt::format("số {}", first) : fmt::format("số {} đến {}", first, last);
}

/// The wrong file is wrong use, not a fault of the network.
events::Error no_bundle(const events::Error& error) {
  if (error.code != ErrorCode::malformed) return error;
  return {ErrorCode::invalid_argument,
          "Tệp này không phải gói niêm phong, hoặc đã hỏng ngay phần đầu."};
}

// ---- export ----

struct ExportOptions {
  std::string to;
  std::uint64_t since = 0;
  bool no_files = false;
  bool force = false;
  std::uint64_t max_size = bundle::bundle_bytes_max;
};

Result<int> run_export(Session& session, const ExportOptions& options) {
  if (options.max_size > bundle::bundle_bytes_max) {
    return usage_error(
        fmt::format("Máy chủ nhận gói tối đa {}; hãy chọn --max-size nhỏ hơn và xuất nhiều gói.",
                    size_vi(bundle::bundle_bytes_max)));
  }
  const platform::NewFileOptions as_file{.replaces = options.force, .source = {}};
  if (Result<void> free = check_new_file(options.to, as_file); !free) return free.error();
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Result<events::SealingSecret> secret = device_sealing_secret((*device)->keyring());
  if (!secret) return secret.error();
  const InterruptGuard guard;
  Result<platform::NewFile> file = platform::NewFile::make(options.to, as_file);
  if (!file) {
    session.advise(new_file_advice(options.to, file.error()));
    return file.error();
  }
  bool is_file_bad = false;  // The stick is not the device's own disk, which may fail, too.
  const auto append = [&](events::ByteView bytes) -> Result<void> {
    if (InterruptGuard::interrupted()) {
      return events::Error{ErrorCode::closed, "interrupted before the bundle was whole"};
    }
    Result<void> written = file->append(bytes);
    is_file_bad = !written;
    return written;
  };
  BundleMaking making;
  making.now = platform::now();
  making.nonce = platform::random_16();
  making.ephemeral = events::SealingSecret{platform::random_seed().bytes};
  making.reply_to = events::sealing_key_of(*secret);
  making.since = options.since;
  const bool on_terminal = !session.options().json && ::isatty(STDOUT_FILENO) == 1;
  FilePacking packing{.files = (*device)->files(), .bundle_bytes_max = options.max_size};
  packing.on_progress = [&](std::uint64_t done, std::uint64_t total) {
    if (!on_terminal) return;
    print(session.out(), "\r{} {} / {}   ", progress_bar(done, total), size_vi(done),
          size_vi(total));
    session.out() << std::flush;
  };
  if (!options.no_files) making.files = &packing;
  const Result<ExportReport> report = export_bundle((*device)->replica(), making, append);
  if (!report && report.error().code == ErrorCode::not_found) {
    session.advise(
        "Thiết bị chưa có khóa niêm phong của máy chủ; hãy đồng bộ qua mạng một lần rồi xuất lại.");
  }
  if (!report && is_file_bad) session.advise(new_file_advice(options.to, report.error()));
  if (!report && InterruptGuard::interrupted()) {
    print(session.err(), "Đã dừng theo Ctrl-C; chưa có gói nào được ghi.\n");
    return exit_interrupted;
  }
  if (!report) return report.error();
  const PackedFiles& files = report->files;
  if (on_terminal && files.thumbnails.count + files.originals.count > 0) session.out() << "\n";
  if (Result<void> placed = file->put_in_place(); !placed) {
    session.advise(new_file_advice(options.to, placed.error()));
    return placed.error();
  }

  if (session.options().json) {
    print_json(session.out(), json::object{{"first_seq", report->first_seq},
                                           {"last_seq", report->last_seq},
                                           {"unreadable", report->unreadable},
                                           {"bytes", report->bytes},
                                           {"files", clients::json_of(files)}});
    return exit_ok;
  }
  if (report->first_seq == 0) {
    print(session.out(), "Không có việc nào chưa gửi; gói chỉ hỏi tin mới.\n");
  } else {
    print(session.out(), "Đã niêm phong việc {} của thiết bị này.\n",
          range_vi(report->first_seq, report->last_seq));
  }
  if (report->unreadable != 0) {
    const events::ChainNumber chain = (*device)->workspace().identity().chain;
    print(session.out(), "CHÚ Ý: {}\n", unreadable_vi(events::EventId{chain, report->unreadable}));
  }
  print(session.out(), "{}", describe(files, options.max_size));
  print(session.out(),
        "Tệp {}, {}. Người chuyển không đọc được nội dung.\n"
        "Khi nhận tệp trả lời, hãy chạy: khuyenhoc bundle import TỆP\n",
        options.to, size_vi(report->bytes));
  return exit_ok;
}

// ---- import ----

struct FileOptions {
  std::string file;
};

void say_imported(Session& session, const ImportReport& report) {
  if (report.outcome == ImportReport::Outcome::known) {
    print(session.out(), "Gói trả lời này cũ hơn dữ liệu trên thiết bị; không có gì thay đổi.\n");
    return;
  }
  print(session.out(), "Đã nhận gói trả lời máy chủ lập lúc {}. {}.\n", moment_vi(report.created),
        describe(report.progress));
  for (const events::protocol::Parked& parked : report.parked) {
    print(session.out(),
          "Máy chủ đang giữ việc {} và còn thiếu việc {}; hãy xuất lại: khuyenhoc bundle export "
          "--to TỆP --since {}\n",
          range_vi(parked.first_seq, parked.last_seq),
          range_vi(parked.expected_seq, parked.first_seq - 1), parked.expected_seq);
  }
  print(session.out(), "{}", describe(report.files));
  if (report.was_cut) {
    print(session.out(),
          "Tệp bị thiếu phần cuối; phần đầu đã dùng được, phần còn lại sẽ đến với "
          "gói trả lời sau.\n");
  }
  const std::uint64_t left = report.progress.own_events - report.progress.accepted;
  if (left > 0 && report.parked.empty()) {
    print(session.out(), "Còn {} việc máy chủ chưa nhận; hãy xuất gói mới.\n", left);
  }
}

Result<int> run_import(Session& session, const FileOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Result<events::SealingSecret> secret = device_sealing_secret((*device)->keyring());
  if (!secret) return secret.error();
  const Result<std::unique_ptr<BundleFile>> file = BundleFile::open(options.file);
  if (!file) {
    session.advise(read_file_advice(options.file, file.error()));
    return file.error();
  }
  const Result<ImportReport> report =
      import_bundle((*device)->replica(), (*device)->files(), **file, *secret, platform::now());
  if (!report) {
    if (report.error().code == ErrorCode::not_permitted) {
      session.advise("Gói này không phải gói trả lời cho thiết bị này; hãy tìm đúng tệp.");
    } else if (report.error().code == ErrorCode::malformed) {
      return no_bundle(report.error());
    } else if (report.error().code == ErrorCode::bad_signature) {
      session.advise(
          "Tệp đã bị sửa hoặc hỏng; không có gì được nhận. Hãy xin lại tệp trả lời, và báo quản "
          "trị "
          "thiết bị nếu vẫn như vậy.");
    } else {
      session.advise(read_file_advice(options.file, report.error()));
    }
    return report.error();
  }
  if (session.options().json) {
    json::array parked;
    for (const events::protocol::Parked& run : report->parked) {
      parked.push_back(json::object{{"first_seq", run.first_seq},
                                    {"last_seq", run.last_seq},
                                    {"missing_from", run.expected_seq}});
    }
    print_json(session.out(),
               json::object{{"taken", report->outcome == ImportReport::Outcome::taken},
                            {"cut", report->was_cut},
                            {"synced", report->progress.synced()},
                            {"accepted", report->progress.accepted},
                            {"verdicts_known", report->progress.verdicts_known},
                            {"received_to", report->progress.received_to.value},
                            {"files", clients::json_of(report->files)},
                            {"parked", std::move(parked)}});
    return exit_ok;
  }
  say_imported(session, *report);
  return exit_ok;
}

// ---- deliver ----

struct DeliverOptions {
  std::string file, server, answer, authorities;
  bool force = false;
};

Result<int> run_deliver(Session& session, const DeliverOptions& options) {
  const Result<ServerAddress> address = ServerAddress::parse(options.server);
  if (!address) return address.error();
  Result<std::string> authorities = read_authorities(options.authorities);
  if (!authorities) return authorities.error();
  ConnectionOptions line;
  line.authorities = std::move(*authorities);
  {
    const Result<std::unique_ptr<BundleFile>> file = BundleFile::open(options.file);
    if (!file) {
      session.advise(read_file_advice(options.file, file.error()));
      return file.error();
    }
    const Result<bundle::BundleReader> reader = bundle::BundleReader::open(**file);
    if (!reader) return no_bundle(reader.error());
  }
  const platform::NewFileOptions as_file{.replaces = options.force, .source = options.file};
  if (Result<void> free = check_new_file(options.answer, as_file); !free) return free.error();
  const bool on_terminal = !session.options().json && ::isatty(STDOUT_FILENO) == 1;
  const auto show = [&](const PostProgress& progress) {
    if (!on_terminal) return;
    print(session.out(), "\rĐã gửi {} / {} · nhận {}   ", size_vi(progress.sent),
          size_vi(progress.to_send), size_vi(progress.received));
    session.out() << std::flush;
  };
  const Result<PostProgress> posted =
      post_bundle(*address, line, options.file, {options.answer, as_file}, show);
  if (on_terminal) session.out() << "\n";
  if (!posted && posted.error().code == ErrorCode::closed && InterruptGuard::interrupted()) {
    print(session.err(), "Đã dừng theo Ctrl-C; gói trả lời chưa được ghi. Hãy trao lại gói.\n");
    return exit_interrupted;
  }
  if (!posted) {
    const ErrorCode code = posted.error().code;
    if (code == ErrorCode::bad_signature || code == ErrorCode::too_large) {
      session.advise(
          "Máy chủ không nhận: tệp đã bị sửa hoặc hỏng. Hãy xin thiết bị xuất lại gói mới.");
    } else if (code == ErrorCode::revoked) {
      session.advise(
          "Máy chủ không nhận: thiết bị lập gói này đã bị thu hồi; hãy báo quản trị thiết bị.");
    } else if (code == ErrorCode::not_enrolled) {
      session.advise("Máy chủ không nhận: thiết bị lập gói này chưa được ghi danh ở đây.");
    } else if (code == ErrorCode::io_failed || code == ErrorCode::timed_out) {
      session.advise("Chưa trao được gói; hãy thử lại khi có mạng. Trao lại nhiều lần không sao.");
    } else {
      session.advise(new_file_advice(options.answer, posted.error()) +
                     read_file_advice(options.file, posted.error()));
    }
    return posted.error();
  }
  if (session.options().json) {
    print_json(session.out(),
               json::object{{"bytes_sent", posted->sent}, {"bytes_received", posted->received}});
    return exit_ok;
  }
  print(session.out(), "Đã trao gói ({}). Gói trả lời ở tệp {} ({}); hãy mang về cho thiết bị.\n",
        size_vi(posted->sent), options.answer, size_vi(posted->received));
  return exit_ok;
}

// ---- inspect ----

Result<int> run_inspect(Session& session, const FileOptions& options) {
  const Result<std::unique_ptr<BundleFile>> file = BundleFile::open(options.file);
  if (!file) {
    session.advise(read_file_advice(options.file, file.error()));
    return file.error();
  }
  Result<bundle::BundleReader> reader = bundle::BundleReader::open(**file);
  if (!reader) return no_bundle(reader.error());
  while (reader->ending() == bundle::Ending::open) {
    const auto block = reader->next();
    if (block) continue;
    const std::string unread = read_file_advice(options.file, block.error());
    session.advise(unread.empty()
                       ? "Tệp đã bị sửa hoặc hỏng; đừng chuyển, hãy xin thiết bị xuất lại."
                       : unread);
    return block.error();
  }
  const bundle::BundleHeader& header = reader->header();
  const bool up = header.direction == bundle::Direction::to_server;
  const bool whole = reader->ending() == bundle::Ending::complete;
  if (session.options().json) {
    print_json(session.out(), json::object{{"direction", up ? "to_server" : "to_device"},
                                           {"log", header.log.value},
                                           {"chain", header.chain.value},
                                           {"created", events::to_iso(header.created)},
                                           {"first_seq", header.first_seq},
                                           {"last_seq", header.last_seq},
                                           {"blocks", reader->blocks()},
                                           {"bytes", reader->bytes_read()},
                                           {"complete", whole},
                                           {"recipient", fmt::format("{:016x}", header.recipient)},
                                           {"signer", events::to_hex(header.signer.bytes)}});
    return exit_ok;
  }
  print(session.out(), "{} của thiết bị có chuỗi số {}, sổ {}, lập lúc {}.\n",
        up ? "Gói gửi máy chủ" : "Gói trả lời", header.chain.value, header.log.value,
        moment_vi(header.created));
  if (up && header.first_seq != 0) {
    print(session.out(), "Mang việc {}.\n", range_vi(header.first_seq, header.last_seq));
  }
  print(session.out(), "{} khối niêm phong, {}; {}.\n", reader->blocks(),
        size_vi(reader->bytes_read()),
        whole ? "nguyên vẹn, chữ ký đúng"
              : "thiếu phần cuối: phần đầu vẫn dùng được, nên xin xuất lại");
  return exit_ok;
}

}  // namespace

void add_bundle_commands(CommandLine& line) {
  line.add_group(
      "bundle", "Gói niêm phong chuyển tay bằng thẻ nhớ, khi không có mạng",
      "  khuyenhoc --home may-xa bundle export --to /media/usb/na-tau.csb\n"
      "  khuyenhoc bundle deliver /media/usb/na-tau.csb --server ws://127.0.0.1:8470 \\\n"
      "    --return /media/usb/na-tau.tra-loi.csb\n"
      "  khuyenhoc --home may-xa bundle import /media/usb/na-tau.tra-loi.csb");
  add_command<ExportOptions>(
      line, "bundle export", "Niêm phong những gì chưa gửi, cả tệp minh chứng, vào một tệp",
      "  khuyenhoc --home may-xa bundle export --to /media/usb/na-tau.csb\n"
      "  khuyenhoc --home may-xa bundle export --to /media/usb/na-tau.csb --max-size 2G\n"
      "  khuyenhoc --home may-xa bundle export --to /media/usb/na-tau.csb --no-files\n"
      "  khuyenhoc --home may-xa bundle export --to /media/usb/na-tau.csb --since 101",
      [](CommandOptions& command, ExportOptions& options) {
        command.add_option("--to", options.to, "Tệp để ghi, thường trên thẻ nhớ").required();
        command.add_option("--since", options.since,
                           "Từ việc số mấy (mặc định: từ việc đầu tiên chưa có trả lời)");
        command.add_flag("--force", options.force, "Thay tệp đã có tên ấy");
        command.add_flag("--no-files", options.no_files,
                         "Không mang tệp minh chứng, chỉ mang việc");
        command.add_size("--max-size", options.max_size,
                         "Gói lớn nhất, ví dụ 500M, 2G (mặc định và tối đa 2G); ảnh nhỏ đi trước, "
                         "rồi tới tệp gốc vừa chỗ");
      },
      run_export);
  add_command<FileOptions>(
      line, "bundle import", "Nhận gói trả lời của máy chủ",
      "  khuyenhoc --home may-xa bundle import /media/usb/na-tau.tra-loi.csb",
      [](CommandOptions& command, FileOptions& options) {
        command.add_option("file", options.file, "Tệp trả lời").required();
      },
      run_import);
  add_command_without_home<DeliverOptions>(
      line, "bundle deliver", "Trao gói của người khác cho máy chủ, ở nơi có mạng",
      "  khuyenhoc bundle deliver /media/usb/na-tau.csb \\\n"
      "    --server wss://khuyenhoc.example:8470 --return /media/usb/na-tau.tra-loi.csb",
      [](CommandOptions& command, DeliverOptions& options) {
        command.add_option("file", options.file, "Gói cần trao").required();
        command.add_option("--server", options.server, "Địa chỉ máy chủ, wss://… hoặc ws://…")
            .required();
        command.add_option(
            "--ca", options.authorities,
            "Tệp chứng thư gốc (PEM) của máy chủ, nếu không dùng chứng thư công cộng");
        command.add_option("--return", options.answer, "Tệp để ghi gói trả lời").required();
        command.add_flag("--force", options.force, "Thay tệp trả lời đã có tên ấy");
      },
      run_deliver);
  add_command_without_home<FileOptions>(
      line, "bundle inspect", "Xem gói là của ai và còn nguyên vẹn không, không cần khóa",
      "  khuyenhoc bundle inspect /media/usb/na-tau.csb",
      [](CommandOptions& command, FileOptions& options) {
        command.add_option("file", options.file, "Gói cần xem").required();
      },
      run_inspect);
}

}  // namespace clients
