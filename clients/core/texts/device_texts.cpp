#include "clients/core/texts/device_texts.h"

namespace clients {

using projections::cover;
using projections::EnumTexts;
using projections::TextRow;

// Tables: one value a row, Vietnamese and English.
// clang-format off

const EnumTexts& texts_of(EventStatus /*any*/) {
  using enum EventStatus;
  static constexpr TextRow rows[] = {
      {device_only, "chỉ có trên thiết bị này", "on this device only"},
      {received, "máy chủ đã nhận", "received by the server"},
      {official, "chính thức", "official"},
      {waiting, "đang chờ", "waiting"},
      {refused, "bị từ chối", "refused"},
      {unproved, "chưa kiểm chứng", "not verified yet"},
  };
  static_assert(cover<EventStatus>(rows));
  static constexpr EnumTexts texts{{"Tình trạng của việc", "Status of an event"}, rows};
  return texts;
}

const EnumTexts& texts_of(SyncStatus /*any*/) {
  using enum SyncStatus;
  static constexpr TextRow rows[] = {
      {never_met,
       "Chưa đồng bộ lần nào; hãy chạy lệnh sync.",
       "Never synchronised; run the command sync."},
      {unsent,
       "Còn việc chỉ có trên thiết bị này; hãy chạy lệnh sync khi có mạng.",
       "Some work is on this device only; run the command sync when there is a network."},
      {not_official,
       "Máy chủ đã nhận mọi việc; phần sổ quanh đó chưa về, hãy chạy lại lệnh sync.",
       "The server has received all work; the log around it is not here yet, run the command sync again."},
      {behind,
       "Mọi việc của thiết bị đã có trả lời; sổ chưa về hết, hãy chạy lại lệnh sync.",
       "All work of this device is answered; the log is not all here yet, run the command sync again."},
      {in_step,
       "Đã đồng bộ: mọi việc của thiết bị đã có trả lời và sổ đã về hết.",
       "Synchronised: all work of this device is answered, and the log is all here."},
      {unproved,
       "Sổ đã về hết nhưng có phần chưa kiểm chứng chữ ký; hãy chạy lại lệnh sync.",
       "The log is all here, but some signatures are not verified yet; run the command sync again."},
      {revoked,
       "Thiết bị đã bị thu hồi: máy chủ không nhận thêm việc của thiết bị này.",
       "The device is revoked: the server takes no more work from it."},
  };
  static_assert(cover<SyncStatus>(rows));
  static constexpr EnumTexts texts{{"Tình trạng đồng bộ", "Status of the synchronisation"}, rows};
  return texts;
}

const EnumTexts& texts_of(AlarmKind /*any*/) {
  using enum AlarmKind;
  static constexpr TextRow rows[] = {
      {rolled_back,
       "sổ trên máy chủ đã lùi về trước chỗ máy chủ từng ký",
       "the log of the server went back before a place that the server had signed"},
      {forked,
       "máy chủ đã ký hai nội dung khác nhau cho cùng một chỗ của sổ",
       "the server signed two different contents for one place of the log"},
      {withheld,
       "máy chủ giữ lại hoặc sửa phần sổ mà thiết bị này phải nhận",
       "the server keeps back or alters what this device must receive of the log"},
      {disowned,
       "máy chủ không nhận chỗ của sổ mà chính nó đã ký",
       "the server denies a place of the log that it signed itself"},
      {unexplained,
       "sổ sang đời mới mà không ghi vì sao",
       "the log went on in a new epoch and does not say why"},
  };
  static_assert(cover<AlarmKind>(rows));
  static constexpr EnumTexts texts{{"Loại báo động", "Kind of alarm"}, rows};
  return texts;
}

// clang-format on

}  // namespace clients
