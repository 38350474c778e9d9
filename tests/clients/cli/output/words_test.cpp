#include "clients/cli/output/words.h"

#include "clients/cli/output/choice.h"
#include "events/text/normalize.h"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace clients {
namespace {

template <class Enum>
void expect_read(Enum value, std::initializer_list<const char*> typed) {
  for (const char* const text : typed) {
    const auto read = parse_word<Enum>(text);
    ASSERT_TRUE(read) << text << ": " << read.error().message;
    EXPECT_EQ(*read, value) << text;
  }
}

// Nobody at a commune knows that a farmer is called farmer_rural.
TEST(Words, AreReadInVietnameseWithAndWithoutMarks) {
  expect_read(events::GroupCode::farmer_rural,
              {"nông dân", "Nông Dân", "nong dan", "NÔNG DÂN, lao động nông thôn",
               "lao dong nong thon", "farmer_rural", "farmer-rural"});
  expect_read(events::GroupCode::learner, {"người học", "nguoi hoc", "learner"});
  expect_read(events::Gender::female, {"nữ", "Nữ", "nu", "female"});
  expect_read(events::Gender::male, {"nam", "Nam", "male"});
  expect_read(events::TitleKind::learning_citizen, {"Công dân học tập", "cong dan hoc tap"});
  expect_read(events::TitleKind::learning_community_hamlet, {"cộng đồng học tập"});
  expect_read(events::OrganisationKind::association, {"Hội Khuyến học", "hoi khuyen hoc"});
  expect_read(events::SigningCapacity::tm, {"TM.", "tm", "thay mặt"});
  expect_read(events::UnitKind::commune, {"xã", "Xa", "commune"});
  expect_read(events::Role::commune_assoc_chair, {"chủ tịch", "chủ tịch Hội Khuyến học cấp xã"});
  expect_read(events::EvidenceKind::certificate, {"chứng chỉ", "văn bằng"});
  expect_read(events::LatePolicy::accept_flagged, {"nhận và ghi chú là muộn", "accept_flagged"});
}

TEST(Words, AWrongOneNamesTheFieldTheNearestAndTheChoice) {
  const auto wrong = parse_word<events::GroupCode>("nông dan dan");
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(wrong.error().message.starts_with("Nhóm đối tượng “nông dan dan” không có."))
      << wrong.error().message;
  EXPECT_NE(parse_word<events::GroupCode>("nguoi hocc").error().message.find("“người học”"),
            std::string::npos);
  const auto several = parse_word<events::Role>("cán bộ");
  ASSERT_FALSE(several);
  EXPECT_NE(several.error().message.find("chưa rõ"), std::string::npos) << several.error().message;
  EXPECT_FALSE(parse_word<events::GroupCode>(""));
}

constexpr std::array<Choice, 8> places{{{"council", "hội đồng xã"},
                                        {"chair", "chủ tịch hội đồng"},
                                        {"staff", "cán bộ, viên chức"},
                                        {"commune_staff", "cán bộ cấp xã, thôn"},
                                        {"on_behalf", "thay mặt (TM)"},
                                        {"home", "nơi ở"},
                                        {"farmer", "nông dân"},
                                        {"other", "lý do khác (...)"}}};

/// The word of the place that was meant; empty where the text names none, or more than one.
std::string_view place_of(std::string_view typed) {
  const auto found = find_choice("Nơi", typed, places);
  return found ? places[*found].word : std::string_view{};
}

// Two names begin alike; who types the whole of a part means that one.
TEST(Words, APartOfANameCountsMoreThanAPiece) {
  EXPECT_EQ(place_of("cán bộ"), "staff");
  EXPECT_EQ(place_of("TM"), "on_behalf");
  EXPECT_EQ(place_of("thay mặt"), "on_behalf");
  EXPECT_EQ(place_of("hội đồng"), "council") << "a beginning counts more than what is further on";
}

// A letter or half a word stands in many names: a slip would choose one of them.
TEST(Words, APieceIsMadeOfWholeWords) {
  EXPECT_EQ(place_of("cấp xã"), "commune_staff") << "a comma ends a word";
  EXPECT_EQ(place_of("chủ tịch"), "chair");
  for (const char* const typed : {"ông", "nông d", "ộ viên", "ở"}) EXPECT_EQ(place_of(typed), "");
}

TEST(Words, NothingTypedIsNoChoice) {
  for (const char* const typed : {"", " ", "...", "-"}) EXPECT_EQ(place_of(typed), "") << typed;
}

// A list of one and the same word twice cannot be chosen from.
TEST(Words, WhereTwoBeginAlikeTheWholeNamesAreListed) {
  constexpr std::array<Choice, 3> alike{
      {{"one", "ban học tập, xã"}, {"two", "ban học tập, thôn"}, {"three", "chi hội, thôn"}}};
  EXPECT_EQ(listed(alike), "ban học tập, xã; ban học tập, thôn; chi hội");
}

// What is offered must be understood, and no word of JSON stands among it.
template <class Enum>
void expect_listed_are_read() {
  std::string rest = words_of<Enum>() + "; ";
  EXPECT_EQ(rest.find('_'), std::string::npos) << rest;
  EXPECT_TRUE(events::is_nfc(rest));
  for (std::size_t end = rest.find("; "); end != std::string::npos; end = rest.find("; ")) {
    const std::string name = rest.substr(0, end);
    EXPECT_TRUE(parse_word<Enum>(name)) << name;
    rest.erase(0, end + 2);
  }
}

TEST(Words, WhatHelpListsIsUnderstood) {
  expect_listed_are_read<events::Role>();
  expect_listed_are_read<events::UnitKind>();
  expect_listed_are_read<events::AreaType>();
  expect_listed_are_read<events::OrganisationKind>();
  expect_listed_are_read<events::TitleKind>();
  expect_listed_are_read<events::CollectiveKind>();
  expect_listed_are_read<events::Gender>();
  expect_listed_are_read<events::GroupCode>();
  expect_listed_are_read<events::DossierState>();
  expect_listed_are_read<events::LawfulBasis>();
  expect_listed_are_read<events::ProxyReason>();
  expect_listed_are_read<events::Confirmation>();
  expect_listed_are_read<events::ReturnReason>();
  expect_listed_are_read<events::EvidenceKind>();
  expect_listed_are_read<events::SigningCapacity>();
  expect_listed_are_read<events::NotRecognizedReason>();
  expect_listed_are_read<events::CycleKind>();
  expect_listed_are_read<events::LatePolicy>();
  expect_listed_are_read<events::DeadlineBasis>();
}

}  // namespace
}  // namespace clients
