#include "clients/core/replica/contact_notes.h"

#include "clients/core/log/memory_store.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::Timestamp;

constexpr std::uint64_t contact = 1'756'774'800'000;

ContactNotes notes(std::int64_t difference_milliseconds) {
  return {Timestamp{contact}, Timestamp{contact}, true, difference_milliseconds, ""};
}

// Without a line this is all that an officer can be told of how things stand.
TEST(ContactNotes, AreKeptAcrossARestart) {
  MemoryStore store;
  EXPECT_EQ(load_contact_notes(store)->last_contact, Timestamp{}) << "never";
  const ContactNotes kept{Timestamp{17}, Timestamp{11}, true, -250, "quota"};
  ASSERT_TRUE(keep_contact_notes(store, kept));
  const auto read = load_contact_notes(store);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->last_contact, kept.last_contact);
  EXPECT_EQ(read->last_synced, kept.last_synced);
  EXPECT_TRUE(read->caught_up);
  EXPECT_EQ(read->clock_difference_milliseconds, -250);
  EXPECT_EQ(read->trouble, "quota");
}

// A battery that ran out dates a registration to 1970; the device says so before it is recorded.
TEST(ContactNotes, AClockBehindTheLastContactIsWrong) {
  EXPECT_EQ(seconds_behind_contact(notes(0), Timestamp{contact - 301'000}), -301);
  EXPECT_EQ(seconds_behind_contact(notes(0), Timestamp{}),
            -static_cast<std::int64_t>(contact / 1'000));
  EXPECT_FALSE(seconds_behind_contact(notes(0), Timestamp{contact - 300'000}))
      << "what people set a clock back by";
  EXPECT_FALSE(seconds_behind_contact(notes(0), Timestamp{contact}));
  EXPECT_FALSE(seconds_behind_contact(ContactNotes{}, Timestamp{})) << "nothing to compare with";
}

// Whoever puts a fast clock right must not be told that it is wrong now.
TEST(ContactNotes, AClockThatWasFastAndIsRightNowIsNotBehind) {
  constexpr std::int64_t hour = 3'600'000;
  EXPECT_FALSE(seconds_behind_contact(notes(-hour), Timestamp{contact - hour}));
  EXPECT_EQ(seconds_behind_contact(notes(-hour), Timestamp{contact - hour - 400'000}), -400);
  EXPECT_EQ(seconds_behind_contact(notes(hour), Timestamp{contact - 400'000}), -400)
      << "a slow clock gives no leave";
}

}  // namespace
}  // namespace clients
