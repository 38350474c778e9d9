#include "tools/pilot/watcher.h"

#include "projections/reports/reports.h"
#include "projections/state/dossiers.h"

#include <fmt/core.h>

#include <chrono>
#include <utility>

namespace pilot {

Watcher::Watcher(std::unique_ptr<clients::Device> device, Say say)
    : device_(std::move(device)), say_(std::move(say)), thread_([this] { run(); }) {}

Watcher::~Watcher() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

std::unique_ptr<clients::Device> Watcher::stop(events::Position position) {
  using namespace std::chrono_literals;
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (seen_ < position.value && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(20ms);
  }
  stopping_ = true;
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
  if (seen_ < position.value) throw PlayError("the city association did not see everything");
  return std::move(device_);
}

void Watcher::run() {
  try {
    clients::SyncOptions options;
    options.live = true;
    options.keep_going = [this] { return !stopping_; };
    options.on_progress = [this](const clients::SyncProgress&) { tell(); };
    need(device_->sync("", options), "the city association's connection");
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void Watcher::tell() {
  const projections::State& state = device_->workspace().confirmed();
  seen_ = state.applied().value;
  std::uint64_t registered = 0;
  std::uint64_t assessed = 0;
  std::uint64_t recognised = 0;
  for (const projections::Dossier& dossier : state.dossiers().all()) {
    if (dossier.subject.kind != events::SubjectKind::person) continue;
    using State = events::DossierState;
    registered += dossier.state != State::draft && dossier.state != State::withdrawn ? 1 : 0;
    assessed += dossier.furthest >= State::self_assessed ? 1 : 0;
    recognised += dossier.state == State::recognized ? 1 : 0;
  }
  if (registered == 0) return;
  using projections::number_vi;
  std::string line = fmt::format("đăng ký {:>3} · tự đánh giá {:>3} · công nhận {:>3}",
                                 number_vi(registered), number_vi(assessed), number_vi(recognised));
  if (line == last_line_) return;
  last_line_ = line;
  say_(fmt::format("vị trí {:>6}  {}", number_vi(state.applied().value), line));
}

}  // namespace pilot
