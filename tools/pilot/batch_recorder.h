#pragma once

#include "clients/device/device.h"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

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

/// What officers write down on one device, in order.  Entries gather and are recorded together:
/// one write to the disk for a page instead of one for each line.
///
/// Errors: a refused entry throws PlayError with the rule; the page it stood on is not recorded.
class BatchRecorder {
 public:
  /// Lifetime: `device` outlives the notebook.
  explicit BatchRecorder(clients::Device& device) : device_(device) {}

  /// Who writes from here on, and on which day of the paper.
  void by(events::PersonId actor) { actor_ = actor; }
  void on(events::Day day) { day_ = day; }

  /// The id the entry will have.
  events::EventId write(events::Payload payload, std::optional<events::StreamId> about = {},
                        std::optional<events::PrivateFields> fields = {});
  events::EventId write_about(events::DossierId dossier, events::Payload payload,
                              std::optional<events::PrivateFields> fields = {}) {
    return write(std::move(payload), events::StreamId{events::StreamKind::dossier, dossier.event},
                 std::move(fields));
  }
  /// Records what is on the page.  Called by `write` when it is full.
  void turn_page();

  /// Entries recorded so far, and those of them that wait.
  std::size_t recorded() const { return recorded_; }
  std::size_t held() const { return held_; }

 private:
  static constexpr std::size_t page_entries = 200;

  clients::Device& device_;
  events::PersonId actor_;
  events::Day day_;
  std::vector<clients::RecordRequest> page_;
  std::size_t recorded_ = 0;
  std::size_t held_ = 0;
};

}  // namespace pilot
