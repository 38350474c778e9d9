#pragma once

#include "events/base/ids.h"
#include "events/base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

namespace server {

/// Why nothing is judged by the server's clock.
enum class ClockFault : std::uint8_t {
  none,
  before_release,  ///< Before this software existed: the clock was never set.
  behind_log,      ///< Before the last receipt of the server's own log.
  stepped,         ///< It was set while the server ran.
  doubted,         ///< Days after the last receipt, and devices say otherwise.
};
/// "behind_log", as in the log lines and in JSON.
std::string_view name_of(ClockFault fault);
/// What is wrong and what to do, one English sentence each, for the operator.
std::string_view explain(ClockFault fault);

/// Whether the server's clock may be believed, see docs/decisions/0025-clocks.md.
///
/// State: the last time that was found plausible and a count of the machine's steady clock with it;
///        whether that time is still doubted, and the devices that disagree; whether the operator
///        knows that the log ran ahead.
/// Thread: one at a time.  It has no clock: every call is told the time.
class ClockGuard {
 public:
  /// A look at both clocks at once.
  struct Sample {
    events::Timestamp wall;
    std::uint64_t steady_milliseconds{};  ///< Since any moment; nobody can set it.
  };

  static constexpr std::uint64_t behind_max = 60'000;
  static constexpr std::uint64_t step_max = 120'000;
  /// A server that was off for longer asks the first devices before it believes its clock.
  static constexpr std::uint64_t unquestioned_gap = events::milliseconds_per_day;
  static constexpr std::uint64_t agreement = events::milliseconds_per_day;
  static constexpr std::size_t doubters_needed = 3;

  /// `earliest`: the clock of a running server is never before it.
  explicit ClockGuard(events::Timestamp earliest) : earliest_(earliest) {}

  /// What is wrong at this moment.  `last_received_at`: of the log; 0 when it is empty.
  ClockFault look(const Sample& sample, events::Timestamp last_received_at);

  /// The clock of a device that signed for it, beside the server's, after look() found nothing.
  /// False: as long as nobody else vouches for the server's clock, nothing of this device is judged
  /// by it.
  bool hear(events::ChainNumber device, events::Timestamp device_time, const Sample& sample);

  /// The operator says that the clock is right, and with it that a later last receipt is not.
  /// Nothing else settles `stepped` and `doubted`, but for a clock that is set back to where it
  /// belongs.
  void confirm(const Sample& sample, events::Timestamp last_received_at);

  /// Whether the log, a device or the operator vouches for the clock, after look() found nothing.
  bool is_settled() const { return anchor_ && anchor_->settled; }
  /// The operator confirmed a time before the last receipt, and the log does not say so yet.  A log
  /// under repair goes on beforehand.
  bool owes_correction() const { return owes_correction_; }

 private:
  struct Anchor {
    Sample sample;
    bool settled = false;  ///< Nobody needs to vouch for it, or somebody did.
  };

  bool has_stepped(const Sample& sample) const;

  events::Timestamp earliest_;
  std::optional<Anchor> anchor_;
  std::set<events::ChainNumber> doubters_;
  bool owes_correction_ = false;
};

}  // namespace server
