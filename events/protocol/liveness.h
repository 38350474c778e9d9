#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace events::protocol {

/// When one end of a connection asks whether the other is still there.  Both ends do: a line that
/// carries bytes one way only is dead for one of them.  Pings become rarer while they are answered,
/// since on a mobile line each of them costs; networks forget silent connections after 30 s to some
/// minutes, so they never stop.
///
/// State: how long silence may last before a ping; the ping that waits for an answer; the longest
///        answer so far.
/// Times are those of a clock that only goes forward.
/// Format:  docs/protocol.md 1.
class Liveness {
 public:
  using Time = std::chrono::milliseconds;
  struct Limits {
    Time first{25'000};     ///< Silence before the first ping.
    Time longest{240'000};  ///< It grows to this.
    Time answer{20'000};    ///< A ping may wait so long, or three round trips if that is longer.
  };
  /// Below this the silence allowed does not shrink.
  static constexpr Time shortest{10'000};

  enum class Step : std::uint8_t {
    wait = 0,
    ping = 1,  ///< Send one now.
    dead = 2,  ///< Close: the other side is not there any more.
  };

  Liveness(Limits limits, Time now) : limits_(limits), interval_(limits.first), heard_(now) {}

  /// What to do at `now`, when the last byte of any kind came at `heard`.
  Step step(Time now, Time heard);
  /// When to ask again, at the latest.
  Time due() const;
  /// How long silence may last now.
  Time interval() const { return interval_; }

 private:
  Time patience() const;

  Limits limits_;
  Time interval_;
  Time heard_;
  std::optional<Time> pinged_;
  Time round_trip_{0};
};

/// The first interval of the next connection, after one with this interval died while it was idle:
/// something on the way forgets connections sooner than that.
Liveness::Time interval_after_death(Liveness::Time interval);

}  // namespace events::protocol
