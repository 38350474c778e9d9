#include "events/base/time.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace events {
namespace {

// A deadline would fall on another day than the one printed in the plan.
TEST(Calendar, CountsEveryDayOfFourCenturies) {
  CalendarDate expected{1970, 1, 1};
  for (std::uint32_t number = 0; number < 146'097; ++number) {
    const CalendarDate date = calendar_date(Day{number});
    ASSERT_EQ(date, expected) << number;
    ASSERT_EQ(day_of(date).value, number);
    ++expected.day;
    if (expected.day > days_in_month(expected.year, expected.month)) {
      expected.day = 1;
      expected.month = expected.month % 12 + 1;
      if (expected.month == 1) ++expected.year;
    }
  }
  EXPECT_EQ(expected, (CalendarDate{2370, 1, 1}));
}

// February of a leap year decides whether a birth date on paper is taken.
TEST(Calendar, KnowsLeapYears) {
  EXPECT_EQ(days_in_month(2024, 2), 29);
  EXPECT_EQ(days_in_month(2025, 2), 28);
  EXPECT_EQ(days_in_month(2000, 2), 29);
  EXPECT_EQ(days_in_month(1900, 2), 28);
  EXPECT_EQ(days_in_month(2025, 4), 30);
  EXPECT_EQ(days_in_month(2025, 0), 0);
  EXPECT_EQ(days_in_month(2025, 13), 0);
}

// A hostile device may send any number as its day; reading it must stay an ordinary date.
TEST(Calendar, EndsWithTheYear9999) {
  EXPECT_EQ(to_iso(Day{2'932'896}), "9999-12-31");
  EXPECT_EQ(to_iso(Day{2'932'897}), "9999-12-31");
  const Day farthest{std::numeric_limits<std::uint32_t>::max() / 2};
  EXPECT_EQ(calendar_date(farthest), (CalendarDate{9999, 12, 31}));
  EXPECT_EQ(to_vietnamese(farthest), "31/12/9999");
  const Timestamp end_of_time{std::numeric_limits<std::uint64_t>::max()};
  EXPECT_EQ(to_iso(end_of_time).substr(0, 11), "9999-12-31T");
  EXPECT_EQ(calendar_date(day_in_vietnam(end_of_time)), (CalendarDate{9999, 12, 31}));
}

// An act of the evening would be booked on the day before.
TEST(Calendar, TurnsTheDayAtMidnightInVietNam) {
  const Day day = day_of({2025, 9, 2});
  const std::uint64_t midnight = day.value * milliseconds_per_day - vietnam_offset_milliseconds;
  EXPECT_EQ(day_in_vietnam(Timestamp{midnight}), day);
  EXPECT_EQ(day_in_vietnam(Timestamp{midnight - 1}), Day{day.value - 1});
  EXPECT_EQ(day_in_vietnam(Timestamp{midnight + milliseconds_per_day - 1}), day);
}

// People read documents in their own form and machines in theirs.
TEST(Calendar, WritesBothForms) {
  const Day day = day_of({2020, 11, 5});
  EXPECT_EQ(to_iso(day), "2020-11-05");
  EXPECT_EQ(to_vietnamese(day), "05/11/2020");
  EXPECT_EQ(to_iso(Timestamp{day.value * milliseconds_per_day + 30'600'125}),
            "2020-11-05T08:30:00.125Z");
  EXPECT_EQ(parse_day("2020-11-05"), day);
  EXPECT_EQ(parse_day("05/11/2020"), day);
  EXPECT_EQ(parse_day("5/11/2020"), day) << "people leave the zero out";
}

// A slip of the finger must be asked about, not guessed.
TEST(Calendar, RefusesOtherTexts) {
  for (const char* text : {"",
                           "-",
                           "2020",
                           "11/2020",
                           "2020-11",
                           "31/04/2020",
                           "29/02/2025",
                           "2020-13-01",
                           "2020-00-10",
                           "00/11/2020",
                           "2020/11/05",
                           "05-11-2020",
                           "5.11.2020",
                           "05/11/2020 ",
                           " 05/11/2020",
                           "05/11/2020/1",
                           "05//2020",
                           "+5/11/2020",
                           "-5/11/2020",
                           "31/12/1969",
                           "01/01/10000",
                           "00005/11/2020",
                           "05/11/02020",
                           "05/11/99999999999999",
                           "hôm nay"}) {
    EXPECT_EQ(parse_day(text), std::nullopt) << text;
  }
}

// Many papers know only the year; a made-up day would be a false statement about a person.
TEST(BirthDate, KeepsWhatThePaperKnows) {
  const PartialDate year{1990, 0, 0};
  const PartialDate month{1990, 3, 0};
  const PartialDate day{1990, 3, 12};
  EXPECT_EQ(to_vietnamese(year), "1990");
  EXPECT_EQ(to_vietnamese(month), "03/1990");
  EXPECT_EQ(to_vietnamese(day), "12/03/1990");
  for (const PartialDate date : {year, month, day}) {
    EXPECT_EQ(parse_partial_date(to_vietnamese(date)), date);
  }
  EXPECT_EQ(parse_partial_date("1990-03-12"), day);
  for (const char* text : {"", "12/13/1990", "32/01/1990", "1990-03", "01/02/03/1990", "199O",
                           "10000", "12 /03/1990", "năm 1990"}) {
    EXPECT_EQ(parse_partial_date(text), std::nullopt) << text;
  }
}

// V02: an impossible birth date is found while the person still stands at the desk.
TEST(BirthDate, IsCheckedAgainstTheCalendar) {
  EXPECT_TRUE(is_valid_birth_date({1900, 0, 0}, 2025));
  EXPECT_TRUE(is_valid_birth_date({2025, 0, 0}, 2025));
  EXPECT_TRUE(is_valid_birth_date({2024, 2, 29}, 2025));
  EXPECT_TRUE(is_valid_birth_date({1990, 12, 0}, 2025));
  EXPECT_FALSE(is_valid_birth_date({0, 0, 0}, 2025));
  EXPECT_FALSE(is_valid_birth_date({1899, 12, 31}, 2025));
  EXPECT_FALSE(is_valid_birth_date({2026, 0, 0}, 2025));
  EXPECT_FALSE(is_valid_birth_date({1990, 13, 0}, 2025));
  EXPECT_FALSE(is_valid_birth_date({1990, 0, 12}, 2025)) << "a day without a month";
  EXPECT_FALSE(is_valid_birth_date({2025, 2, 29}, 2025));
  EXPECT_FALSE(is_valid_birth_date({1990, 4, 31}, 2025));
}

}  // namespace
}  // namespace events
