#include "clients/cli/commands.h"
#include "clients/cli/output/choice.h"
#include "clients/cli/output/output.h"
#include "clients/cli/output/output_file.h"
#include "clients/cli/output/sync_status_texts.h"
#include "clients/cli/output/words.h"

#include <boost/json/object.hpp>
#include <fmt/core.h>

#include <array>
#include <string>
#include <utility>

// Files of evidence on this device: what is where, what is to be sent, what somebody asks for.

namespace clients {

using events::FilePart;
using events::Result;
namespace json = boost::json;
namespace protocol = events::protocol;

namespace {

struct FileStatusWord {
  std::string_view word;
  std::string_view name_vi;
};

/// How a file stands, never better than it is.
FileStatusWord status_word_of(const FileHere& file, bool is_damaged, bool is_confirmed,
                              OriginalsPolicy policy, bool is_asked) {
  if (file.is_stored) return {"stored", "máy chủ đã có"};
  if (!file.is_own) return {"elsewhere", "còn ở máy đã chụp"};
  if (is_damaged) return {"damaged", "tệp hỏng, hãy chụp lại và đính kèm lại"};
  if (!file.is_here) return {"gone", "tệp không còn trên máy này, hãy đính kèm lại"};
  if (!is_confirmed) return {"waiting_for_event", "chờ gửi việc đính kèm trước"};
  if (file.name.part == FilePart::original && !is_asked) {
    if (policy == OriginalsPolicy::asked) return {"held_back", "giữ lại đến khi có người hỏi"};
    if (policy == OriginalsPolicy::good_link) return {"to_send", "chờ gửi khi đường truyền tốt"};
  }
  return {"to_send", "chờ gửi"};
}

std::string_view part_vi(FilePart part) {
  return part == FilePart::original ? "ảnh gốc" : "ảnh nhỏ";
}
std::string_view part_word(FilePart part) {
  return part == FilePart::original ? "original" : "thumbnail";
}

constexpr std::array policies = {
    Choice{"always", "luôn gửi"},
    Choice{"good-link", "khi đường truyền tốt"},
    Choice{"asked", "khi có người hỏi"},
};

struct FilesOptions {
  std::string verb, file, output, originals;
  bool thumbnail = false;
  bool force = false;
};

Result<int> list_files(Session& session, Device& device) {
  FileRecords book = device.file_records();
  const Result<OriginalsPolicy> policy = book.policy();
  if (!policy) return policy.error();
  const Result<FileRecords::Names> damaged = book.damaged();
  if (!damaged) return damaged.error();
  const Result<FileRecords::Names> asked = book.asked();
  if (!asked) return asked.error();
  const projections::State& pending = device.workspace().pending();
  const projections::State& confirmed = device.replica().overlay().confirmed();

  Listing listing;
  listing.columns = {{"file", "Mã"},         {"part", "Loại"},       {"dossier", "Hồ sơ"},
                     {"bytes", "Byte"},      {"to_send", "Còn gửi"}, {"here", "Trên máy"},
                     {"state", "Tình trạng"}};
  for (const FileHere& file :
       files_here(pending, device.replica().identity().chain, device.files())) {
    bool is_damaged = damaged->contains(file.name);
    if (file.is_own && file.is_here && !file.is_stored && !is_damaged) {
      is_damaged = !device.files().read(file.sha256);
    }
    const bool is_confirmed = confirmed.evidence_files().find(file.name.attached) != nullptr;
    const FileStatusWord status =
        status_word_of(file, is_damaged, is_confirmed, *policy, asked->contains(file.name));
    const bool goes = status.word == "to_send" || status.word == "waiting_for_event" ||
                      status.word == "held_back";
    listing.rows.push_back({json_id(file.name.attached),
                            named_cell(part_word(file.name.part), part_vi(file.name.part)),
                            json_id(file.dossier.event), file.size, goes ? file.size : 0U,
                            named_cell(file.is_here ? "yes" : "no", file.is_here ? "có" : "không"),
                            named_cell(status.word, status.name_vi)});
  }
  return session.show(listing);
}

Result<int> show_policy(Session& session, Device& device, const std::string& originals) {
  FileRecords book = device.file_records();
  if (!originals.empty()) {
    const Result<std::size_t> chosen = find_choice("Cách gửi ảnh gốc", originals, policies);
    if (!chosen) return chosen.error();
    const std::optional<OriginalsPolicy> policy = parse_policy(policies.at(*chosen).word);
    if (Result<void> kept = book.set_policy(policy.value()); !kept) return kept.error();
  }
  const Result<OriginalsPolicy> policy = book.policy();
  if (!policy) return policy.error();
  if (session.options().json) {
    json::object answer;
    answer["originals"] = word_of(*policy);
    print_json(session.out(), answer);
    return exit_ok;
  }
  constexpr std::string_view names[] = {"luôn gửi", "gửi khi đường truyền từ 32 KB/giây",
                                        "chỉ gửi khi có người hỏi"};
  print(session.out(), "Ảnh gốc: {}.\n", names[static_cast<std::size_t>(*policy) - 1]);
  return exit_ok;
}

/// The file that --file and --thumbnail name.
Result<FileHere> chosen_file(Device& device, const FilesOptions& options) {
  const Result<events::EventId> attached = parse_event_id(options.file);
  if (!attached) return attached.error();
  const FilePart part = options.thumbnail ? FilePart::thumbnail : FilePart::original;
  for (FileHere& file : files_here(device.workspace().pending(), device.replica().identity().chain,
                                   device.files())) {
    if (file.name == protocol::FileName{*attached, part}) return std::move(file);
  }
  return usage_error(
      fmt::format("Không có tệp “{}”; hãy xem danh sách bằng lệnh files.", options.file));
}

Result<int> want_file(Session& session, Device& device, const FilesOptions& options) {
  const Result<FileHere> file = chosen_file(device, options);
  if (!file) return file.error();
  if (!file->is_here) {
    if (Result<void> noted = device.file_records().want(file->name); !noted) return noted.error();
  }
  if (session.options().json) {
    json::object answer;
    answer["wanted"] = !file->is_here;
    print_json(session.out(), answer);
  } else if (file->is_here) {
    print(session.out(), "Tệp đã có trên máy này; hãy lưu ra bằng lệnh files get.\n");
  } else {
    print(session.out(), "Đã ghi yêu cầu; tệp được lấy về khi đồng bộ{}.\n",
          file->is_stored ? "" : ", sau khi máy đã chụp gửi lên máy chủ");
  }
  return exit_ok;
}

Result<int> get_file(Session& session, Device& device, const FilesOptions& options) {
  const Result<FileHere> file = chosen_file(device, options);
  if (!file) return file.error();
  if (device.lease_is_over()) {
    return events::Error{events::ErrorCode::locked, std::string(lease_over_vi)};
  }
  if (options.output.empty()) return usage_error("Hãy cho biết lưu vào đâu: --output ảnh.jpg");
  const auto bytes = device.files().read(file->sha256);
  if (!bytes) return bytes.error();
  if (!*bytes) {
    return usage_error("Tệp chưa có trên máy này; hãy chạy files want, rồi sync.");
  }
  const platform::NewFileOptions making{.replaces = options.force, .source = {}};
  if (Result<void> free = check_new_file(options.output, making); !free) return free.error();
  const Result<void> saved = platform::write_new_file(options.output, making, **bytes);
  if (!saved) {
    session.advise(new_file_advice(options.output, saved.error()));
    return saved.error();
  }
  if (session.options().json) {
    json::object answer;
    answer["bytes"] = (*bytes)->size();
    answer["output"] = options.output;
    print_json(session.out(), answer);
    return exit_ok;
  }
  print(session.out(), "Đã lưu {} byte vào {}.\n", (*bytes)->size(), options.output);
  return exit_ok;
}

Result<int> run_files(Session& session, const FilesOptions& options) {
  const bool sets_policy = options.verb == "policy" && !options.originals.empty();
  if (options.verb != "want" && !sets_policy) session.only_read();
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  if (options.verb.empty() || options.verb == "list") return list_files(session, **device);
  if (options.verb == "policy") return show_policy(session, **device, options.originals);
  if (options.verb == "want") return want_file(session, **device, options);
  if (options.verb == "get") return get_file(session, **device, options);
  return usage_error(
      fmt::format("Không có việc “{}”; hãy chọn list, want, get hoặc policy.", options.verb));
}

}  // namespace

void add_file_commands(CommandLine& line) {
  add_command<FilesOptions>(
      line, "files", "Tệp minh chứng: danh sách, lấy về, cách gửi ảnh gốc",
      "  khuyenhoc --home H files\n"
      "  khuyenhoc --home H files want 7.12\n"
      "  khuyenhoc --home H files get 7.12 --output chung-chi.jpg\n"
      "  khuyenhoc --home H files policy --originals \"khi có người hỏi\"",
      [](CommandOptions& command, FilesOptions& options) {
        command.add_option("verb", options.verb, "list, want, get hoặc policy");
        command.add_option("file", options.file, "Mã tệp trong danh sách");
        command.add_flag("--thumbnail", options.thumbnail, "Ảnh nhỏ, không phải ảnh gốc");
        command.add_option("--output", options.output, "get: lưu vào tệp này");
        command.add_flag("--force", options.force, "get: thay tệp đã có tên ấy");
        command.add_option("--originals", options.originals,
                           "policy: cách gửi ảnh gốc: " + listed(policies));
      },
      run_files);
}

}  // namespace clients
