#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace server {

/// The newest finished version of a value.  Readers keep the version they took for as long as they
/// like; publishing another one never waits for them.
///
/// Thread: any.
template <class T>
class Published {
 public:
  /// Never null; before the first publish a value made by default.
  std::shared_ptr<const T> get() const {
    const std::scoped_lock lock(mutex_);
    return newest_;
  }

  void publish(T value) {
    auto next = std::make_shared<const T>(std::move(value));
    const std::scoped_lock lock(mutex_);
    newest_.swap(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> newest_ = std::make_shared<const T>();
};

}  // namespace server
