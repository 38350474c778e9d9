#include "clients/cli/output/sync_status_texts.h"

#include "projections/texts/texts.h"

#include <fmt/core.h>

namespace clients {

std::string describe(const EventProgress& progress) {
  const bool says_why = progress.status == EventStatus::waiting ||
                        progress.status == EventStatus::refused || progress.verdict.flags != 0;
  if (!says_why) return std::string(name_vi(progress.status));
  return fmt::format("{} — {}", name_vi(progress.status), projections::explain(progress.verdict));
}

std::string unreadable_vi(events::EventId event) {
  return fmt::format(
      "Phần thông tin cá nhân kèm việc {} trên thiết bị này đã hỏng, không đọc được; việc ấy và "
      "các "
      "việc ghi sau nó chưa gửi được, các việc trước vẫn gửi. Hãy chạy lệnh undo, từ việc ghi sau "
      "cùng tới việc {}, rồi ghi lại.",
      to_string(event), to_string(event));
}

std::string needs_newer_build_vi(events::RulesVersion log, events::RulesVersion device,
                                 std::size_t left_out) {
  const std::string why =
      log > device ? fmt::format("sổ theo quy tắc số {}, chương trình trên máy chỉ biết tới số {}",
                                 log.value, device.value)
                   : std::string("sổ có việc do chương trình mới hơn ghi");
  const std::string dossiers =
      left_out == 0 ? std::string{}
                    : fmt::format(" Có {} hồ sơ đã thay đổi mà máy này chưa đọc được.", left_out);
  return fmt::format(
      "Máy này cần bản chương trình mới hơn: {}. Vẫn ghi và gửi việc được; kết quả hiện trên máy "
      "chỉ là tạm tính, máy chủ mới quyết định.{} Hãy cài bản mới.",
      why, dossiers);
}

std::string describe(const Amount& amount) {
  if (amount.bytes < 1024) return fmt::format("{} ({} byte)", amount.count, amount.bytes);
  return fmt::format("{} ({},{} KB)", amount.count, amount.bytes / 1024,
                     amount.bytes % 1024 * 10 / 1024);
}

std::string not_reached_vi(events::Position upto) {
  return fmt::format("Thiết bị mới có sổ tới vị trí {}; hãy đồng bộ.", upto.value);
}

std::string before_snapshot_vi(events::Position base) {
  return fmt::format(
      "Thiết bị bắt đầu từ bản tóm tắt ở vị trí {}, không biết những gì sớm hơn. Muốn có, chạy: "
      "khuyenhoc sync --no-snapshot",
      base.value);
}

std::string time_left_vi(std::optional<std::uint64_t> seconds) {
  if (!seconds) return "chưa rõ bao lâu";
  if (*seconds < 60) return fmt::format("khoảng {} giây", *seconds);
  return fmt::format("khoảng {} phút", (*seconds + 59) / 60);
}

std::string clock_error_vi(std::int64_t server_minus_device_milliseconds) {
  const std::int64_t seconds = -(server_minus_device_milliseconds / 1'000);
  if (seconds > -60 && seconds < 60) return {};
  return fmt::format("Đồng hồ thiết bị {}; hãy chỉnh lại giờ.",
                     projections::clock_words_vi(seconds));
}

std::string describe(const SyncProgress& progress) {
  return fmt::format("Gửi {}/{} · đã có trả lời {} · nhận tới {}/{}", progress.accepted,
                     progress.own_events, progress.verdicts_known, progress.received_to.value,
                     progress.log_head.value);
}

}  // namespace clients
