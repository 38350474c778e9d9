#include "clients/cli/commands.h"
#include "clients/cli/output/alarm_texts.h"
#include "clients/cli/text_file.h"
#include "clients/core/replica/head_comparison.h"
#include "clients/device/owner_file.h"
#include "events/crypto/base64url.h"
#include "platform/clock.h"

#include <boost/json/serialize.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// What the log has signed for this device, compared with what it says elsewhere: alarm, checkpoint,
// compare.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace json = boost::json;
namespace protocol = events::protocol;

namespace {

/// Longest checkpoint that is read from a file.
constexpr std::size_t checkpoint_text_bytes_max = 64 * 1024;

json::value json_of_evidence(const protocol::HeadEvidence& evidence) {
  if (evidence.statement.empty()) return nullptr;  // The device's own count stands against it.
  json::object object;
  // A signed WELCOME says where the log ends, and not with which root.
  if (const auto claim = protocol::read_claim(evidence.statement)) {
    object["epoch"] = claim->epoch.value;
    object["position"] = claim->position.value;
    object["root"] = events::to_hex(claim->root.bytes);
  }
  object["checkpoint"] = protocol::checkpoint_text(evidence);
  return object;
}

json::object json_of_alarm(const LogAlarm& alarm) {
  json::object object;
  object["kind"] = word_of(alarm.kind);
  object["noticed_at"] = events::to_iso(alarm.noticed_at);
  object["before"] = json_of_evidence(alarm.before);
  object["now"] = json_of_evidence(alarm.now);
  if (alarm.kind == AlarmKind::withheld) object["events_here"] = alarm.counted.events;
  return object;
}

json::array json_of_alarms(const std::vector<LogAlarm>& alarms) {
  json::array rows;
  for (const LogAlarm& alarm : alarms) rows.push_back(json_of_alarm(alarm));
  return rows;
}

Result<int> run_alarm(Session& session, const NoOptions& /*options*/) {
  const Result<Device*> device = session.device_as_it_is();
  if (!device) return device.error();
  const std::vector<LogAlarm>& alarms = (*device)->replica().head_store().alarms();
  if (session.options().json) {
    print_json(session.out(), json_of_alarms(alarms));
    return exit_ok;
  }
  if (alarms.empty()) {
    print(session.out(), "Không có báo động nào về sổ.\n");
    return exit_ok;
  }
  for (const LogAlarm& alarm : alarms) {
    print(session.out(), "{}: {} ({}).\n", moment_vi(alarm.noticed_at), name_vi(alarm.kind),
          word_of(alarm.kind));
  }
  print(session.out(), "{}\n", alarm_advice_vi);
  return exit_ok;
}

struct AlarmExportOptions {
  std::string to;
};

Result<int> run_alarm_export(Session& session, const AlarmExportOptions& options) {
  const Result<Device*> device = session.device_as_it_is();
  if (!device) return device.error();
  if (std::filesystem::exists(options.to)) {
    return usage_error("Đã có tệp " + options.to + "; hãy chọn tên khác.");
  }
  const Replica& replica = (*device)->replica();
  json::object content;
  content["log"] = replica.identity().log.value;
  content["chain"] = replica.identity().chain.value;
  content["log_key"] = events::to_base64url(replica.identity().server_key.bytes);
  content["alarms"] = json_of_alarms(replica.head_store().alarms());
  const std::string text = json::serialize(content) + "\n";
  if (auto written = write_owner_file(options.to, events::bytes_of(text)); !written) {
    return written.error();
  }
  if (!session.options().json) {
    print(session.out(), "Đã ghi {} báo động vào {}; hãy giao tệp này cho kiểm toán.\n",
          replica.head_store().alarms().size(), options.to);
  }
  return exit_ok;
}

Result<int> run_checkpoint(Session& session, const NoOptions& /*options*/) {
  const Result<Device*> device = session.device_as_it_is();
  if (!device) return device.error();
  const protocol::HeadEvidence* const newest = (*device)->replica().head_store().newest();
  if (newest == nullptr) {
    return Error{ErrorCode::not_found,
                 "Chưa có chỗ nào của sổ được máy chủ ký cho thiết bị này; hãy chạy lệnh sync."};
  }
  if (session.options().json) {
    print_json(session.out(), json_of_evidence(*newest));
    return exit_ok;
  }
  const Result<protocol::HeadClaim> claim = protocol::read_claim(newest->statement);
  if (!claim) return claim.error();
  print(session.out(), "Sổ {}, đời {}, vị trí {}:\n{}\n", claim->log.value, claim->epoch.value,
        claim->position.value, protocol::checkpoint_text(*newest));
  return exit_ok;
}

struct CompareOptions {
  std::string checkpoint;
};

Result<int> run_compare(Session& session, const CompareOptions& options) {
  const Result<Device*> device = session.device_as_it_is();
  if (!device) return device.error();
  std::string text = options.checkpoint;
  if (!text.starts_with("KHM1")) {
    Result<std::string> content = read_text_file(text, checkpoint_text_bytes_max);
    if (!content) return content.error();
    // A checkpoint that was printed has a line above it that says what it is.
    const std::size_t begin = content->find("KHM1");
    text = begin == std::string::npos ? *content : content->substr(begin);
  }
  const Result<protocol::HeadEvidence> evidence = protocol::read_checkpoint_text(text);
  if (!evidence) return usage_error("Điểm kiểm chứng không đọc được; hãy chép lại đủ từ “KHM1”.");
  const Result<ComparedHead> compared =
      compare_head((*device)->replica(), *evidence, platform::now());
  if (!compared) return compared.error();
  const bool is_same = compared->result == HeadComparison::same;
  if (session.options().json) {
    const std::string_view word = is_same                                       ? "same"
                                  : compared->result == HeadComparison::unknown ? "unknown"
                                                                                : "contradicts";
    print_json(session.out(), json::object{{"result", word},
                                           {"epoch", compared->theirs.epoch.value},
                                           {"position", compared->theirs.position.value}});
  }
  if (compared->result == HeadComparison::contradicts) {
    return Error{ErrorCode::log_alarm, "the log's key signed something else for another device"};
  }
  if (session.options().json) return exit_ok;
  if (is_same) {
    print(session.out(), "Khớp: tới vị trí {} hai thiết bị có cùng một sổ.\n",
          compared->theirs.position.value);
  } else {
    print(session.out(),
          "Không so được ở vị trí {}: thiết bị này không có chỗ ký ấy. Hãy chạy sync trên cả hai "
          "thiết bị rồi lấy điểm kiểm chứng mới.\n",
          compared->theirs.position.value);
  }
  return exit_ok;
}

}  // namespace

void add_alarm_commands(CommandLine& line) {
  add_command<NoOptions>(
      line, "alarms", "Báo động về sổ: máy chủ nói khác điều nó đã ký",
      "  khuyenhoc --home may-xa alarms\n  khuyenhoc --home may-xa alarms --json", declare_nothing,
      run_alarm);
  line.add_group("alarm", "Giao báo động về sổ cho kiểm toán",
                 "  khuyenhoc --home may-xa alarm export --to bao-dong.json");
  add_command<AlarmExportOptions>(
      line, "alarm export", "Ghi các báo động cùng lời đã ký của máy chủ vào một tệp",
      "  khuyenhoc --home may-xa alarm export --to bao-dong.json",
      [](CommandOptions& command, AlarmExportOptions& options) {
        command.add_option("--to", options.to, "Tệp để ghi").required();
      },
      run_alarm_export);
  add_command<NoOptions>(line, "checkpoint",
                         "Điểm kiểm chứng: chỗ mới nhất của sổ mà máy chủ đã ký, để in hoặc chép",
                         "  khuyenhoc --home may-xa checkpoint", declare_nothing, run_checkpoint);
  add_command<CompareOptions>(
      line, "compare", "So sổ trên thiết bị này với điểm kiểm chứng của thiết bị khác",
      "  khuyenhoc --home may-xa compare KHM1…\n  khuyenhoc --home may-xa compare kiem-chung.txt",
      [](CommandOptions& command, CompareOptions& options) {
        command.add_option("checkpoint", options.checkpoint, "Điểm kiểm chứng, hoặc tệp chứa nó")
            .required();
      },
      run_compare);
}

}  // namespace clients
