#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace server {

/// Who waits for the thread of the interface.  Readers whose credentials hold take a place, and no
/// one of them can take all.
///
/// State: how many requests of each reader wait.
/// Thread: any.
class WaitingPlaces {
 public:
  struct Limits {
    std::size_t all = 64;
    std::size_t of_one = 16;
  };
  enum class Answer {
    entered,
    full,   ///< Too many wait.
    enough  ///< Too many of this reader wait.
  };

  explicit WaitingPlaces(Limits limits) : limits_(limits) {}

  Answer enter(const std::string& reader);
  /// Expects: the reader has entered once more often than left.
  void leave(const std::string& reader);

  const Limits& limits() const { return limits_; }

 private:
  const Limits limits_;
  std::mutex mutex_;  // Guards everything below.
  std::map<std::string, std::size_t, std::less<>> of_reader_;
  std::size_t all_ = 0;
};

}  // namespace server
