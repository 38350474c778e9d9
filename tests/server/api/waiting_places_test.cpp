#include "server/api/waiting_places.h"

#include <gtest/gtest.h>

#include <string>

namespace server {
namespace {

using Answer = WaitingPlaces::Answer;

TEST(WaitingPlaces, NoReaderTakesMoreThanItsShare) {
  WaitingPlaces places({.all = 8, .of_one = 2});
  EXPECT_EQ(places.enter("token 1"), Answer::entered);
  EXPECT_EQ(places.enter("token 1"), Answer::entered);
  EXPECT_EQ(places.enter("token 1"), Answer::enough);
  EXPECT_EQ(places.enter("token 2"), Answer::entered);
  places.leave("token 1");
  EXPECT_EQ(places.enter("token 1"), Answer::entered);
  EXPECT_EQ(places.enter("token 1"), Answer::enough);
}

TEST(WaitingPlaces, AllTogetherTakeNoMoreThanThereAre) {
  WaitingPlaces places({.all = 3, .of_one = 2});
  for (int reader = 0; reader < 3; ++reader) {
    EXPECT_EQ(places.enter("token " + std::to_string(reader)), Answer::entered);
  }
  EXPECT_EQ(places.enter("token 9"), Answer::full);
  places.leave("token 1");
  EXPECT_EQ(places.enter("token 9"), Answer::entered);
  EXPECT_EQ(places.enter("token 1"), Answer::full);
}

// What was refused takes no place, or the places would go one by one.
TEST(WaitingPlaces, WhoWasRefusedHasNothingToLeave) {
  WaitingPlaces places({.all = 2, .of_one = 1});
  ASSERT_EQ(places.enter("token 1"), Answer::entered);
  for (int attempt = 0; attempt < 5; ++attempt) EXPECT_EQ(places.enter("token 1"), Answer::enough);
  EXPECT_EQ(places.enter("token 2"), Answer::entered);
  for (int attempt = 0; attempt < 5; ++attempt) EXPECT_EQ(places.enter("token 3"), Answer::full);
  places.leave("token 1");
  places.leave("token 2");
  EXPECT_EQ(places.enter("token 3"), Answer::entered);
  EXPECT_EQ(places.enter("token 4"), Answer::entered);
}

}  // namespace
}  // namespace server
