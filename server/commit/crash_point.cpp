#include "server/commit/crash_point.h"

#include <charconv>
#include <csignal>

namespace server {

std::optional<CrashPoint> CrashPoint::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view number = text.substr(0, colon);
  const std::string_view stage = text.substr(colon + 1);

  CrashPoint point;
  const char* const end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, point.commit_);
  if (error != std::errc{} || rest != end || point.commit_ == 0) return std::nullopt;
  if (stage == "before_batch") {
    point.stage_ = Stage::before_batch;
  } else if (stage == "before_sync") {
    point.stage_ = Stage::before_sync;
  } else if (stage == "before_ack") {
    point.stage_ = Stage::before_ack;
  } else {
    return std::nullopt;
  }
  return point;
}

void CrashPoint::reach(std::uint64_t commit, Stage stage) const {
  // Answers may wait for more than one append: the founding's do.
  const bool is_due = stage == Stage::before_ack ? commit >= commit_ : commit == commit_;
  if (is_due && stage == stage_) std::raise(SIGKILL);
}

events::Result<void> CrashingLog::append(std::span<const events::StoredBlock> blocks,
                                         const events::Frontier& after) {
  ++appends_;
  crash_point_.reach(appends_, CrashPoint::Stage::before_batch);
  events::Result<void> appended = log_.append(blocks, after);
  crash_point_.reach(appends_, CrashPoint::Stage::before_sync);
  return appended;
}

}  // namespace server
