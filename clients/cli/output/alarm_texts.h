#pragma once

#include "clients/core/log/head_store.h"

#include <string_view>

namespace clients {

/// What the log did, as an officer reads it.
std::string_view name_vi(AlarmKind kind);
/// "rolled_back", "forked" …
std::string_view word_of(AlarmKind kind);
/// What to do about any of them.
inline constexpr std::string_view alarm_advice_vi =
    "Xin giữ nguyên thiết bị, chạy lệnh “alarm export --to TỆP” và giao tệp ấy cho kiểm toán.";

}  // namespace clients
