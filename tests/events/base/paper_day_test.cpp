#include "events/base/paper_day.h"

#include <gtest/gtest.h>

namespace events {
namespace {

// A diploma of 1965 would be filed without its date, or as one of the year 9999.
TEST(PaperDay, SaysDatesFrom1900On) {
  const auto day = parse_paper_day("15/06/1965");
  ASSERT_TRUE(day);
  EXPECT_EQ(days_since_1970(*day), -1661);
  EXPECT_EQ(to_vietnamese(*day), "15/06/1965");
  EXPECT_EQ(to_iso(*day), "1965-06-15");
  EXPECT_EQ(parse_paper_day("1965-06-15"), day);
  EXPECT_EQ(parse_paper_day("01/01/1900"), first_paper_day);
  EXPECT_EQ(to_vietnamese(first_paper_day), "01/01/1900");
  EXPECT_EQ(days_since_1970(*parse_paper_day("31/12/1969")), -1);
}

TEST(PaperDay, ReadsLaterDatesAsAllDays) {
  EXPECT_EQ(parse_paper_day("02/09/2025"), parse_day("02/09/2025"));
  EXPECT_FALSE(is_before_1970(last_day));
  for (const char* text : {"31/12/1899", "30/02/1965", "1965", "06/1965", "hôm qua", ""}) {
    EXPECT_FALSE(parse_paper_day(text)) << text;
  }
}

}  // namespace
}  // namespace events
