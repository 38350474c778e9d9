#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace events::protocol {

/// What goes before what on a line, first to last.
enum class FrameClass : std::uint8_t {
  control = 0,     ///< Greetings, acknowledgements, verdicts, credit.
  own_events = 1,  ///< What the sender recorded.
  live_events = 2,
  thumbnails = 3,
  back_fill = 4,  ///< What the reader missed, snapshots.
  originals = 5,
};
inline constexpr std::size_t frame_class_count = 6;

/// Classes that have something to send.
class ReadyClasses {
 public:
  void add(FrameClass each) { bits_ |= 1U << static_cast<unsigned>(each); }
  void remove(FrameClass each) { bits_ &= ~(1U << static_cast<unsigned>(each)); }
  bool has(FrameClass each) const { return (bits_ >> static_cast<unsigned>(each) & 1U) != 0; }
  bool empty() const { return bits_ == 0; }

 private:
  std::uint32_t bits_ = 0;
};

/// Decides whose frame is next: the first class that has one, but the last two, back-fill and
/// originals, get at least a twentieth of the bytes while they have something to send.
///
/// State: what the last two are owed, at most one frame's worth, so that it never becomes a burst.
/// Thread: one at a time.
class FrameScheduler {
 public:
  /// Nothing when nothing is ready.
  std::optional<FrameClass> next(const ReadyClasses& ready) const {
    const std::optional<FrameClass> last = first_of(ready, FrameClass::back_fill);
    if (last && owed_ >= debt_due && !ready.has(FrameClass::control)) return last;
    return first_of(ready, FrameClass::control);
  }

  /// `bytes` of that class were handed to the line.
  void sent(FrameClass of, std::size_t bytes, const ReadyClasses& ready) {
    const auto size = static_cast<std::int64_t>(bytes);
    const bool is_last = of >= FrameClass::back_fill;
    if (is_last) {
      owed_ = std::max<std::int64_t>(owed_ - size * share, 0);
    } else if (first_of(ready, FrameClass::back_fill)) {
      owed_ = std::min(owed_ + size, debt_due);
    }
  }

 private:
  /// 19 bytes of the others are answered by one of theirs.
  static constexpr std::int64_t share = 19;
  static constexpr std::int64_t debt_due = share * 2'000;

  static std::optional<FrameClass> first_of(const ReadyClasses& ready, FrameClass from) {
    for (auto index = static_cast<std::size_t>(from); index < frame_class_count; ++index) {
      const auto each = static_cast<FrameClass>(index);
      if (ready.has(each)) return each;
    }
    return std::nullopt;
  }

  std::int64_t owed_ = 0;
};

}  // namespace events::protocol
