#include "events/protocol/frame_scheduler.h"

#include <gtest/gtest.h>

namespace events::protocol {
namespace {

ReadyClasses ready(std::initializer_list<FrameClass> classes) {
  ReadyClasses set;
  for (const FrameClass each : classes) set.add(each);
  return set;
}

// A verdict that somebody waits for would come behind the photos of the whole hamlet.
TEST(FrameScheduler, TakesTheFirstClassThatHasSomething) {
  const FrameScheduler scheduler;
  EXPECT_EQ(scheduler.next({}), std::nullopt);
  EXPECT_EQ(scheduler.next(ready({FrameClass::originals})), FrameClass::originals);
  EXPECT_EQ(scheduler.next(ready({FrameClass::originals, FrameClass::thumbnails})),
            FrameClass::thumbnails);
  EXPECT_EQ(scheduler.next(ready({FrameClass::thumbnails, FrameClass::live_events})),
            FrameClass::live_events);
  EXPECT_EQ(scheduler.next(ready({FrameClass::control, FrameClass::own_events})),
            FrameClass::control);
}

// A busy log would keep a photo from ever arriving, or a newcomer from ever having everything.
TEST(FrameScheduler, GivesTheLastClassesTheirTwentieth) {
  FrameScheduler scheduler;
  const ReadyClasses both = ready({FrameClass::live_events, FrameClass::originals});
  constexpr std::size_t frame = 2'000;
  std::size_t live = 0;
  std::size_t originals = 0;
  for (int turn = 0; turn < 4'000; ++turn) {
    const FrameClass next = *scheduler.next(both);
    (next == FrameClass::originals ? originals : live) += frame;
    scheduler.sent(next, frame, both);
  }
  EXPECT_GE(originals * 20, live + originals);
  EXPECT_LT(originals * 18, live + originals) << "more than their share";
}

// After an hour of events the debt would be paid as a burst that blocks the line for minutes.
TEST(FrameScheduler, PaysWhatItOwesInOneFrame) {
  FrameScheduler scheduler;
  const ReadyClasses both = ready({FrameClass::live_events, FrameClass::back_fill});
  for (int turn = 0; turn < 10'000; ++turn) scheduler.sent(FrameClass::live_events, 2'000, both);
  EXPECT_EQ(scheduler.next(both), FrameClass::back_fill);
  scheduler.sent(FrameClass::back_fill, 2'000, both);
  EXPECT_EQ(scheduler.next(both), FrameClass::live_events);
}

// Acknowledgements would wait behind a debt, and with them everybody's next push.
TEST(FrameScheduler, NeverLetsControlWait) {
  FrameScheduler scheduler;
  const ReadyClasses all =
      ready({FrameClass::control, FrameClass::live_events, FrameClass::originals});
  for (int turn = 0; turn < 1'000; ++turn) scheduler.sent(FrameClass::live_events, 2'000, all);
  EXPECT_EQ(scheduler.next(all), FrameClass::control);
}

// Live events alone owe nobody anything.
TEST(FrameScheduler, OwesNothingToThoseWhoHaveNothing) {
  FrameScheduler scheduler;
  const ReadyClasses live = ready({FrameClass::live_events});
  for (int turn = 0; turn < 1'000; ++turn) scheduler.sent(FrameClass::live_events, 2'000, live);
  EXPECT_EQ(scheduler.next(ready({FrameClass::live_events, FrameClass::originals})),
            FrameClass::live_events);
}

}  // namespace
}  // namespace events::protocol
