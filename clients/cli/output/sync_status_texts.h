#pragma once

#include "clients/cli/output/words.h"
#include "clients/core/replica/sync_status.h"
#include "clients/core/sync/sync_engine.h"
#include "clients/core/texts/device_texts.h"

#include <optional>
#include <string>
#include <string_view>

/// The words in which a device says how things stand, all in one place: so that no command says
/// more than another.
namespace clients {

/// The status, and behind it why and what to do where that is not plain.
std::string describe(const EventProgress& progress);
/// Why nothing from this event on is sent, and what to do.
std::string unreadable_vi(events::EventId event);
/// That the log is judged by newer rules than this program has, what that means, and what to do.
/// `left_out`: dossiers that are not shown as they are.
std::string needs_newer_build_vi(events::RulesVersion log, events::RulesVersion device,
                                 std::size_t left_out);
/// "12 việc (1,4 KB)".
std::string describe(const Amount& amount);
/// Why nothing is recorded while the lease is over, and what to do.
inline constexpr std::string_view lease_over_vi =
    "Thiết bị đã quá hạn gặp máy chủ nên họ tên bị khóa và không ghi thêm được; việc chưa gửi vẫn "
    "còn nguyên. Hãy chạy lệnh sync.";

/// Why a position cannot be shown, and what to do: the device has the log up to `upto`, or goes on
/// from a snapshot at `base`.
std::string not_reached_vi(events::Position upto);
std::string before_snapshot_vi(events::Position base);

/// "khoảng 3 phút", "dưới 1 phút", "chưa rõ bao lâu".
std::string time_left_vi(std::optional<std::uint64_t> seconds);
/// "Đồng hồ thiết bị nhanh 4 phút", or nothing within a minute.
std::string clock_error_vi(std::int64_t server_minus_device_milliseconds);

/// "Gửi 12/40 · đã có trả lời 12 · nhận tới 812/901".
std::string describe(const SyncProgress& progress);

}  // namespace clients
