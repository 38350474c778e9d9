#include "clients/cli/progress.h"

#include <fmt/core.h>

namespace clients {

std::string describe(const SyncProgress& progress) {
  return fmt::format("Gửi {}/{} · đã có trả lời {} · nhận tới {}/{}", progress.accepted,
                     progress.own_events, progress.verdicts_known, progress.received_to.value,
                     progress.log_head.value);
}

ProgressLine::~ProgressLine() {
  if (on_terminal_ && !shown_.empty()) target_ << '\n';
}

void ProgressLine::show(const SyncProgress& progress) {
  if (!on_terminal_) return;
  std::string text = describe(progress);
  if (text == shown_) return;
  target_ << "\r\x1b[2K" << text << std::flush;
  shown_ = std::move(text);
}

}  // namespace clients
