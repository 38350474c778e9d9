#include "clients/cli/commands.h"
#include "clients/cli/output/alarm_texts.h"
#include "clients/cli/output/sync_status_texts.h"
#include "platform/clock.h"
#include "projections/texts/texts.h"

#include <utility>

// The command that says how a device stands: status.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

struct StatusOptions {
  bool records = false;
};

json::object amount_json(const Amount& amount) {
  return {{"count", amount.count}, {"bytes", amount.bytes}};
}

json::value moment_json(events::Timestamp moment) {
  return moment.value == 0 ? json::value(nullptr) : json::value(events::to_iso(moment));
}

std::string_view trouble_vi(const std::string& code) {
  if (code == "fork") {
    return projections::advice_vi(events::ErrorCode::fork);
  }
  if (code == "quota") return projections::advice_vi(events::ErrorCode::quota);
  if (code == "revoked") return projections::advice_vi(events::ErrorCode::revoked);
  return {};
}

std::string_view lock_vi(const Keyring& keyring) {
  if (keyring.lock() == LockKind::none) {
    return "CHƯA đặt khóa: ai cầm thiết bị cũng đọc được họ tên; hãy chạy lock set --pin";
  }
  return keyring.is_locked() ? "đang khóa: họ tên không đọc được, ghi và đồng bộ phải mở khóa"
                             : "có khóa, đang mở";
}

json::array records_json(const std::vector<OwnRecord>& records) {
  json::array rows;
  for (const OwnRecord& record : records) {
    json::object row;
    row["id"] = json_id(record.id);
    row["type"] = events::event_name(static_cast<std::uint16_t>(record.type));
    row["stream"] = json_id(record.stream.id);
    row["recorded_at"] = events::to_iso(record.recorded_at);
    row["standing"] = word_of(record.progress.status);
    row["position"] = record.progress.position.value == 0
                          ? json::value(nullptr)
                          : json::value(record.progress.position.value);
    row["verdict"] = clients::json_of(record.progress.verdict);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::object status_json(Device& device, const DeviceStatus& status, const FileCounts& files,
                         const std::vector<Branch>& branches) {
  const Identity& identity = device.workspace().identity();
  const ContactNotes& notes = device.contact_notes();
  json::object answer;
  answer["label"] = identity.label;
  answer["log"] = identity.log.value;
  answer["chain"] = identity.chain.value;
  answer["server"] = device.server_url();
  answer["claim"] = word_of(status.sync);
  answer["alarms"] = status.alarms;
  answer["unproved_blocks"] = status.unproved;
  answer["own_events"] = status.own_events;
  answer["device_only"] = status.device_only;
  answer["received"] = status.received;
  answer["official"] = status.official;
  answer["waiting"] = status.waiting;
  answer["refused"] = status.refused;
  answer["pending"] = json::object{{"events", amount_json(status.unsent_events)},
                                   {"private_records", amount_json(status.unsent_privates)},
                                   {"thumbnails", amount_json(files.thumbnails)},
                                   {"originals", amount_json(files.originals)}};
  answer["damaged_files"] = files.damaged;
  answer["unreadable"] =
      status.unreadable == events::EventId{} ? json::value(nullptr) : json_id(status.unreadable);
  answer["position"] = status.synced_upto.value;
  const std::optional<events::Position> base = device.replica().base_position();
  answer["snapshot_position"] = base ? json::value(base->value) : json::value(nullptr);
  answer["rules"] = json::object{{"log", status.log_rules.value},
                                 {"device", status.newest_rules.value},
                                 {"needs_newer_build", status.needs_newer_build},
                                 {"dossiers_left_out", status.left_out}};
  answer["last_synced"] = moment_json(notes.last_synced);
  answer["last_contact"] = moment_json(notes.last_contact);
  answer["clock_difference_milliseconds"] = notes.clock_difference_milliseconds;
  answer["trouble"] = notes.trouble.empty() ? json::value(nullptr) : json::value(notes.trouble);
  answer["lease_end"] = moment_json(device.lease_end());
  answer["lease_over"] = device.lease_is_over();
  answer["purge_open"] = device.purge_is_open();
  answer["has_lock"] = device.keyring().lock() != LockKind::none;
  answer["locked"] = device.keyring().is_locked();
  json::array& persons = answer["persons"].emplace_array();
  for (const events::PersonId person : identity.persons) persons.push_back(json_id(person.event));
  json::array& left = answer["left_chains"].emplace_array();
  for (const Branch& branch : branches) left.push_back(branch.chain.value);
  return answer;
}

void print_status(Session& session, Device& device, const DeviceStatus& status,
                  const FileCounts& files, const std::vector<Branch>& branches) {
  std::ostream& out = session.out();
  Workspace& workspace = device.workspace();
  const Identity& identity = workspace.identity();
  const ContactNotes& notes = device.contact_notes();
  for (const LogAlarm& alarm : device.replica().head_store().alarms()) {
    print(out, "BÁO ĐỘNG: {} ({}). {}\n", name_vi(alarm.kind), moment_vi(alarm.noticed_at),
          alarm_advice_vi);
  }
  print(out, "Thiết bị “{}”, chuỗi {}, máy chủ {}\n", identity.label, identity.chain.value,
        device.server_url());
  const bool locked = device.keyring().is_locked();
  for (const events::PersonId person : identity.persons) {
    print(out, "Người dùng: {} {}\n", to_string(person),
          locked ? "(đã khóa)" : workspace.name_of(person.event));
  }
  if (const std::string_view trouble = trouble_vi(notes.trouble); !trouble.empty()) {
    print(out, "CHÚ Ý: {}\n", trouble);
  }
  if (const auto behind = seconds_behind_contact(notes, platform::now())) {
    print(out, "CHÚ Ý: Đồng hồ của thiết bị {} so với lần gặp máy chủ trước; hãy chỉnh lại giờ.\n",
          projections::clock_words_vi(*behind));
  }
  print(out, "{}\n", name_vi(status.sync));
  print(out, "Đã ghi {}: {} {} → {} {} → {} {} | {} {} | {} {}\n", status.own_events,
        status.device_only, name_vi(EventStatus::device_only), status.received,
        name_vi(EventStatus::received), status.official, name_vi(EventStatus::official),
        status.waiting, name_vi(EventStatus::waiting), status.refused,
        name_vi(EventStatus::refused));
  if (status.unproved != 0) {
    print(out, "CHÚ Ý: {} khối việc của người khác {}; hãy chạy lệnh sync.\n", status.unproved,
          name_vi(EventStatus::unproved));
  }
  if (status.needs_newer_build)
    print(out, "CHÚ Ý: {}\n",
          needs_newer_build_vi(status.log_rules, status.newest_rules, status.left_out));
  if (status.unreadable != events::EventId{}) {
    print(out, "CHÚ Ý: {}\n", unreadable_vi(status.unreadable));
  }
  for (const Branch& branch : branches) {
    print(out, "Chuỗi {} đã để lại cho một bản sao của thiết bị này; {}\n", branch.chain.value,
          branch.continued ? "việc riêng của máy này đã chuyển sang chuỗi mới"
                           : "hãy chạy lệnh sync để chuyển việc riêng của máy này sang chuỗi mới");
  }
  if (status.unsent_events.count != 0) {
    print(out, "Chờ gửi: việc {}, thông tin cá nhân {}\n", describe(status.unsent_events),
          describe(status.unsent_privates));
  }
  if (files.thumbnails.count + files.originals.count != 0) {
    print(out, "Chờ gửi: ảnh nhỏ {}, ảnh gốc {}\n", describe(files.thumbnails),
          describe(files.originals));
  }
  if (files.damaged != 0) {
    print(out, "CHÚ Ý: {} tệp minh chứng hỏng trên máy này, hãy chụp lại; xem lệnh files.\n",
          files.damaged);
  }
  print(out, "Sổ chính thức trên thiết bị: tới vị trí {}\n", status.synced_upto.value);
  if (notes.last_contact.value != 0) {
    print(out, "Gặp máy chủ lần cuối: {}\n", moment_vi(notes.last_contact));
  }
  if (notes.last_synced.value != 0) {
    print(out, "Đồng bộ xong lần cuối: {}\n", moment_vi(notes.last_synced));
  }
  if (const std::string clock = clock_error_vi(notes.clock_difference_milliseconds);
      !clock.empty()) {
    print(out, "{}\n", clock);
  }
  if (device.lease_is_over()) {
    print(out, "CHÚ Ý: {}\n", lease_over_vi);
  } else if (device.lease_end().value != 0) {
    print(out, "Được giữ họ tên không cần gặp máy chủ tới: {}\n", moment_vi(device.lease_end()));
  }
  if (device.purge_is_open()) {
    print(out, "Còn dữ liệu phải xóa theo phạm vi mới, hoặc máy chủ chưa nhận xác nhận đã xóa.\n");
  }
  print(out, "Khóa: {}\n", lock_vi(device.keyring()));
}

void print_records(Session& session, const std::vector<OwnRecord>& records) {
  Listing listing;
  listing.columns = {
      {"id", "Mã"}, {"type", "Việc"}, {"recorded_at", "Ghi lúc"}, {"say", "Đang ở đâu"}};
  for (const OwnRecord& record : records) {
    listing.rows.push_back({json_id(record.id), json::value(projections::name_vi(record.type)),
                            json::value(moment_vi(record.recorded_at)),
                            json::value(describe(record.progress))});
  }
  print_table(session.out(), listing);
}

Result<int> run_status(Session& session, const StatusOptions& options) {
  const Result<Device*> opened = session.device_as_it_is();
  if (!opened) return opened.error();
  Device& device = **opened;
  const DeviceStatus status =
      device_status_of(device.workspace(), device.replica(), device.contact());
  const Result<FileCounts> files = file_counts_of(device.replica(), device.files());
  if (!files) return files.error();
  const Result<std::vector<Branch>> branches = device.replica().store().branches();
  if (!branches) return branches.error();
  std::vector<OwnRecord> records;
  if (options.records) records = own_records(device.workspace(), device.replica());
  if (session.options().json) {
    json::object answer = status_json(device, status, *files, *branches);
    if (options.records) answer["records"] = records_json(records);
    print_json(session.out(), answer);
    return exit_ok;
  }
  print_status(session, device, status, *files, *branches);
  if (options.records) print_records(session, records);
  return exit_ok;
}

}  // namespace

void add_device_status_command(CommandLine& line) {
  add_reading_command<StatusOptions>(
      line, "status", "Thiết bị này đang thế nào: đã gửi gì, đang chờ gì, bị từ chối gì",
      "  khuyenhoc --home H status\n  khuyenhoc --home H status --records",
      [](CommandOptions& command, StatusOptions& options) {
        command.add_flag("--records", options.records, "Kể từng việc đã ghi trên thiết bị");
      },
      run_status);
}

}  // namespace clients
