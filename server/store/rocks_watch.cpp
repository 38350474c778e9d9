#include "server/store/rocks_watch.h"

#include "server/store/rocks_error.h"

#include <rocksdb/env.h>
#include <rocksdb/listener.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <utility>

namespace server {

struct RocksWatch::State {
  std::mutex mutex;  // Guards everything below.
  std::optional<events::Error> failure;
  std::string complaint;

  void fail(events::Error why) {
    const std::lock_guard lock(mutex);
    if (!failure) failure = std::move(why);
  }
};

namespace {

template <class State>
class Listener final : public rocksdb::EventListener {
 public:
  explicit Listener(std::shared_ptr<State> state) : state_(std::move(state)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* status) override {
    if (status->ok()) return;
    events::Error error = error_of(*status, "background work of the database");
    if (error.code == events::ErrorCode::not_found) error.code = events::ErrorCode::storage_failed;
    state_->fail(std::move(error));
  }

 private:
  std::shared_ptr<State> state_;
};

template <class State>
class ComplaintBox final : public rocksdb::Logger {
 public:
  explicit ComplaintBox(std::shared_ptr<State> state)
      : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL), state_(std::move(state)) {}

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 1024> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    // The words of RocksDB's recovery: "/data/log/000004.log: dropping 512 bytes; Corruption: …".
    if (std::string_view(line.data()).find(": dropping ") == std::string_view::npos) return;
    const std::lock_guard lock(state_->mutex);
    state_->complaint = line.data();
  }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace

RocksWatch::RocksWatch() : state_(std::make_shared<State>()) {}

bool RocksWatch::healthy() const { return !failure(); }

std::optional<events::Error> RocksWatch::failure() const {
  const std::lock_guard lock(state_->mutex);
  return state_->failure;
}

void RocksWatch::fail(events::Error why) { state_->fail(std::move(why)); }

std::string RocksWatch::complaint() const {
  const std::lock_guard lock(state_->mutex);
  return state_->complaint;
}

std::shared_ptr<rocksdb::EventListener> RocksWatch::listener() const {
  return std::make_shared<Listener<State>>(state_);
}

std::shared_ptr<rocksdb::Logger> RocksWatch::logger() const {
  return std::make_shared<ComplaintBox<State>>(state_);
}

}  // namespace server
