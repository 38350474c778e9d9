#include "clients/core/acts/person_input.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

// A number of eleven digits was kept with a warning, so each corrected try made another person.
TEST(PersonInput, TakesOnlyWholeIdNumbers) {
  EXPECT_EQ(*read_id_number("011090000123"), "011090000123");
  EXPECT_EQ(*read_id_number(" 011 090.000 123 "), "011090000123");
  for (const char* typed : {"01109000012", "0110900001234", "01109000012A", "", "không có"}) {
    EXPECT_FALSE(read_id_number(typed)) << typed;
  }
}

// "Gọi cho tôi" was kept as a telephone number, and nobody could be called.
TEST(PersonInput, BringsPhoneNumbersIntoOneForm) {
  for (const char* typed : {"0912345678", "0912 345 678", "+84 912.345.678", "84912345678",
                            "912345678", "(0912) 345-678"}) {
    const events::Result<std::string> phone = read_phone(typed);
    ASSERT_TRUE(phone) << typed;
    EXPECT_EQ(*phone, "+84912345678") << typed;
  }
  EXPECT_EQ(*read_phone("0215 3825 123"), "+842153825123");
  for (const char* typed :
       {"gọi cho tôi", "abc", "12345", "+1 202 555 0100", "0112345678", "", "09123456789"}) {
    EXPECT_FALSE(read_phone(typed)) << typed;
  }
}

TEST(PersonInput, KnowsTheListOfPeoples) {
  EXPECT_EQ(*read_ethnicity(1), 1);
  EXPECT_EQ(*read_ethnicity(54), 54);
  EXPECT_EQ(*read_ethnicity(55), 55);
  EXPECT_EQ(*read_ethnicity(99), 99);
  for (const std::uint32_t typed : {0U, 56U, 77U, 100U, 257U}) {
    EXPECT_FALSE(read_ethnicity(typed)) << typed;
  }
}

TEST(PersonInput, ReadsABirthAsWellAsPapersKnowIt) {
  EXPECT_EQ(read_birth("1990")->year, 1990);
  EXPECT_EQ(read_birth("03/1990")->month, 3);
  EXPECT_EQ(read_birth("12/03/1990")->day, 12);
  for (const char* typed : {"", "hôm qua", "13/1990", "32/03/1990"}) {
    EXPECT_FALSE(read_birth(typed)) << typed;
  }
}

TEST(PersonInput, ReadsACountFromOne) {
  EXPECT_EQ(*read_count("12", "Số người"), 12U);
  for (const char* typed : {"", "0", "-1", "1,5", "1 người", "5000000000"}) {
    const auto count = read_count(typed, "Số người");
    ASSERT_FALSE(count) << typed;
    EXPECT_EQ(count.error().message.find("Số người"), 0U);
  }
}

}  // namespace
}  // namespace clients
