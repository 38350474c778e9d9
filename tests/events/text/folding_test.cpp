#include "events/text/folding.h"

#include <gtest/gtest.h>

namespace events {
namespace {

// One citizen typed twice, once by a tablet that capitalises, would be two people.
TEST(Folding, ForgetsCaseBlanksAndTheFormOfTheLetters) {
  EXPECT_EQ(folded("  GIÀNG  A Páo "), folded("Giàng A Páo"));
  EXPECT_EQ(folded("Đỗ Thị Ánh"), folded("ĐỖ THỊ A\u0301NH"));
  EXPECT_EQ(folded("Bản Hồng Líu"), folded("bản hồng líu"));
}

// Lò and Lo are names of two families.
TEST(Folding, KeepsMarks) { EXPECT_NE(folded("Lò Văn Ín"), folded("Lo Van In")); }

// Somebody without a Vietnamese keyboard would be told only that there is no such hamlet.
TEST(Folding, WithoutMarksIsWhatAPlainKeyboardTypes) {
  EXPECT_EQ(without_marks("Bản Hồng Líu"), "ban hong liu");
  EXPECT_EQ(without_marks("Đỗ Đức"), "do duc");
}

TEST(Folding, SaysNothingOfWhatIsNotText) {
  EXPECT_EQ(folded("\xFF\xFE"), "");
  EXPECT_EQ(without_marks("\xC3"), "");
  EXPECT_EQ(folded(""), "");
}

}  // namespace
}  // namespace events
