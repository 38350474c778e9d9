#pragma once

#include "clients/core/acts/draft.h"
#include "clients/device/device.h"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

namespace pilot {

/// Stops the play with a sentence for the person who started it.
class PlayError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws PlayError when `result` is an error; otherwise its value.
template <class T>
T need(events::Result<T> result, const std::string& what) {
  if (!result) {
    throw PlayError(what + ": " + result.error().message + " [" +
                    events::name_of(result.error().code) + "]");
  }
  return std::move(*result);
}
inline void need(const events::Result<void>& result, const std::string& what) {
  if (!result) {
    throw PlayError(what + ": " + result.error().message + " [" +
                    events::name_of(result.error().code) + "]");
  }
}

/// What officers write down on one device, in order.  Acts gather on a page and are recorded
/// together: one write to the disk for a page instead of one for each line.
///
/// Errors: a refused event throws PlayError with the rule; the page it stood on is not recorded.
class BatchRecorder {
 public:
  /// Lifetime: `device` outlives the recorder.
  explicit BatchRecorder(clients::Device& device) : device_(device), page_(device.workspace()) {}

  /// Who writes from here on, and on which day of the paper.
  void by(events::PersonId actor) { actor_ = actor; }
  void on(events::Day day) { day_ = day; }

  /// Where the next act goes.  A full page is recorded first.
  clients::acts::Draft& page();
  clients::acts::Occasion occasion() const;
  /// Records what is on the page.
  void turn_page();

  /// Events recorded so far, and those of them that wait.
  std::size_t recorded() const { return recorded_; }
  std::size_t held() const { return held_; }

 private:
  static constexpr std::size_t page_entries = 200;

  clients::Device& device_;
  events::PersonId actor_;
  events::Day day_;
  clients::acts::Draft page_;
  std::size_t recorded_ = 0;
  std::size_t held_ = 0;
};

}  // namespace pilot
