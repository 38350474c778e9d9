#pragma once

#include "clients/cli/output/words.h"
#include "clients/core/texts/device_texts.h"

#include <string_view>

namespace clients {

/// What to do about an alarm of any kind.
inline constexpr std::string_view alarm_advice_vi =
    "Xin giữ nguyên thiết bị, chạy lệnh “alarm export --to TỆP” và giao tệp ấy cho kiểm toán.";

}  // namespace clients
