#include "clients/core/acts/score_input.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using Scores = std::vector<std::uint16_t>;

const std::vector<SheetColumn> three = {{"A1", 5}, {"A2", 5}, {"B1", 5}};

events::Result<Scores> read(std::vector<std::string> typed) { return read_scores(typed, three); }

// Officers write "8,5" on paper; a program that wants a point gets wrong sheets.
TEST(ScoreInput, TakesDecimalCommasWhereValuesStandApart) {
  const Scores expected{85, 80, 75};
  EXPECT_EQ(*read({"8,5", "8", "7.5"}), expected);
  EXPECT_EQ(*read({"8,5 8 7,5"}), expected);
  EXPECT_EQ(*read({"8,5;8;7,5"}), expected);
  EXPECT_EQ(*read({"8,5; 8; 7,5"}), expected);
  EXPECT_EQ(*read({"8.5,8,7.5"}), expected);
  EXPECT_EQ(*read({"8,5,", "8,", "7.5"}), expected);
}

// "9,8,8,5" for 9, 8 and 8,5 was taken as four scores.
TEST(ScoreInput, RefusesWhatCanBeReadInTwoWays) {
  EXPECT_FALSE(read({"9,8,5"}));
  EXPECT_NE(read({"9,8,5"}).error().message.find("“8,5”"), std::string::npos);
  EXPECT_FALSE(read({"9,8,0"}));
  // With the scores apart nothing is in doubt.
  EXPECT_EQ(*read({"9 8 5"}), (Scores{90, 80, 50}));
  // Where every score is whole, a digit behind a comma is a score.
  const std::vector<SheetColumn> whole = {{"A1", 10}, {"A2", 10}};
  const std::vector<std::string> typed{"8,5"};
  EXPECT_EQ(*read_scores(typed, whole), (Scores{80, 50}));
}

TEST(ScoreInput, WantsAsManyScoresAsTheSheetHas) {
  EXPECT_FALSE(read({"8", "8"}));
  EXPECT_FALSE(read({"8", "8", "8", "8"}));
  EXPECT_NE(read({"8", "8"}).error().message.find("3 chỉ số (A1, A2, B1), đã nhập 2"),
            std::string::npos);
  EXPECT_FALSE(read({""}));
}

// `A1=8,A2=8` filled in zeros for all that was not named.
TEST(ScoreInput, FillsInNothingThatWasNotNamed) {
  EXPECT_FALSE(read({"A1=8,A2=8"}));
  EXPECT_NE(read({"A1=8,A2=8"}).error().message.find("Còn thiếu điểm của B1"), std::string::npos);
  EXPECT_EQ(*read({"A1=8,A2=8,rest=0"}), (Scores{80, 80, 0}));
  EXPECT_EQ(*read({"A1=8; còn lại=7,5"}), (Scores{80, 75, 75}));
  EXPECT_EQ(*read({"B1=8,5,A2=7", "A1=9"}), (Scores{90, 70, 85}));
}

TEST(ScoreInput, NamesTheValueThatIsWrong) {
  EXPECT_NE(read({"A1=8", "Z9=8"}).error().message.find("“Z9”"), std::string::npos);
  EXPECT_NE(read({"A1=8", "A1=9", "rest=0"}).error().message.find("hai lần"), std::string::npos);
  EXPECT_NE(read({"A1=8", "7"}).error().message.find("“7”"), std::string::npos);
  EXPECT_NE(read({"8", "tám", "8"}).error().message.find("“tám”"), std::string::npos);
  for (const char* points : {"-1", "7.25", "1001", "", "8..5"}) {
    EXPECT_FALSE(read({"A1=" + std::string(points), "rest=8"})) << points;
  }
}

}  // namespace
}  // namespace clients
