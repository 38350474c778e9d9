#include "clients/cli/output/progress.h"

#include "clients/cli/output/sync_status_texts.h"
#include "clients/cli/output/table.h"

#include <fmt/core.h>

#include <algorithm>

namespace clients {
namespace {

/// Own events with a verdict and positions received: what a synchronisation gets done.
std::uint64_t done_of(const SyncProgress& progress) {
  return progress.verdicts_known + progress.received_to.value;
}

std::uint64_t total_of(const SyncProgress& progress) {
  return progress.own_events + std::max(progress.log_head, progress.received_to).value;
}

}  // namespace

std::string progress_bar(std::uint64_t done, std::uint64_t total) {
  constexpr std::uint64_t cells = 10;
  const std::uint64_t part = total == 0 ? 0 : std::min(done, total);
  const std::uint64_t percent = total == 0 ? 100 : part * 100 / total;
  std::string bar = "[";
  for (std::uint64_t cell = 0; cell < cells; ++cell) {
    bar += (cell + 1) * 100 / cells <= percent ? "█" : "░";
  }
  return fmt::format("{}] {} %", bar, percent);
}

ProgressLine::~ProgressLine() {
  if (on_terminal_ && !shown_.empty()) target_ << '\n';
}

void ProgressLine::show(const SyncProgress& progress, events::Timestamp now) {
  if (!on_terminal_) return;
  if (!started_) done_before_ = std::min(done_of(progress), total_of(progress));
  started_ = true;
  const std::uint64_t done = done_of(progress) - std::min(done_of(progress), done_before_);
  const std::uint64_t total = total_of(progress) - done_before_;
  pace_.note(now, done);
  std::string text = fmt::format("{} · còn {} · {}", progress_bar(done, total),
                                 time_left_vi(pace_.seconds_left(total)), describe(progress));
  if (progress.snapshot.bytes_total > 0 && !progress.snapshot.loaded) {
    text = fmt::format("{} · Nhận bản tóm tắt thay cho các việc cũ",
                       progress_bar(progress.snapshot.bytes, progress.snapshot.bytes_total));
  }
  if (progress.synced()) {
    text = files_.files_to_send > 0
               ? describe_files()
               : fmt::format("{} · {}", progress_bar(1, 1), describe(progress));
  }
  write(text);
}

std::string ProgressLine::describe_files() const {
  return fmt::format("Việc đã xong · tệp {} · còn {} tệp, {} KB",
                     progress_bar(files_.bytes_sent, files_.bytes_sent + files_.bytes_to_send),
                     files_.files_to_send, files_.bytes_to_send / 1024);
}

void ProgressLine::show_cut() {
  if (on_terminal_) write("Đường truyền bị đứt, đang nối lại…  (việc đã ghi vẫn còn trên máy)");
}

void ProgressLine::write(std::string_view text) {
  // In the last column some terminals go on to the next line, where the next text would not
  // replace this one.
  std::string fitting = cut_text(text, columns_ - 1);
  if (fitting == shown_) return;
  target_ << "\r\x1b[2K" << fitting << std::flush;
  shown_ = std::move(fitting);
}

}  // namespace clients
