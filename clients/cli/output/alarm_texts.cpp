#include "clients/cli/output/alarm_texts.h"

namespace clients {

std::string_view name_vi(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::rolled_back:
      return "sổ trên máy chủ đã lùi về trước chỗ máy chủ từng ký";
    case AlarmKind::forked:
      return "máy chủ đã ký hai nội dung khác nhau cho cùng một chỗ của sổ";
    case AlarmKind::withheld:
      return "máy chủ giữ lại hoặc sửa phần sổ mà thiết bị này phải nhận";
    case AlarmKind::disowned:
      return "máy chủ không nhận chỗ của sổ mà chính nó đã ký";
    case AlarmKind::unexplained:
      return "sổ sang đời mới mà không ghi vì sao";
  }
  return "";
}

std::string_view word_of(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::rolled_back:
      return "rolled_back";
    case AlarmKind::forked:
      return "forked";
    case AlarmKind::withheld:
      return "withheld";
    case AlarmKind::disowned:
      return "disowned";
    case AlarmKind::unexplained:
      return "unexplained";
  }
  return "";
}

}  // namespace clients
