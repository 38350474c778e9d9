#include "clients/core/acts/duplicates.h"

#include "tests/clients/core/scripted_server.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::ChainNumber;
using events::EventId;
using events::UnitId;

const UnitId hong_liu{EventId{ChainNumber{1}, 9}};
const UnitId na_tau{EventId{ChainNumber{1}, 10}};

KnownPerson pao(std::uint64_t seq) {
  return {EventId{ChainNumber{7}, seq}, "Giàng A Páo", {1990, 3, 12}, hong_liu, ""};
}

// A citizen who came twice to two tables was counted twice in B01.
TEST(Duplicates, NoticeTheSameNameBirthAndHamlet) {
  KnownPerson typed = pao(0);
  EXPECT_TRUE(is_alike(typed, pao(1)));
  typed.name = " giàng  a PÁO";
  EXPECT_TRUE(is_alike(typed, pao(1)));
  typed.birth = {1990, 0, 0};
  EXPECT_TRUE(is_alike(typed, pao(1))) << "a year alone may be the same birth";
  typed.birth = {1991, 0, 0};
  EXPECT_FALSE(is_alike(typed, pao(1)));
}

TEST(Duplicates, KeepPeopleApartWhoDiffer) {
  KnownPerson typed = pao(0);
  typed.home = na_tau;
  EXPECT_FALSE(is_alike(typed, pao(1)));
  typed = pao(0);
  typed.name = "Giàng A Pao";
  EXPECT_FALSE(is_alike(typed, pao(1))) << "another name";
}

// The number is the person, whatever became of name and hamlet.
TEST(Duplicates, BelieveTheIdNumberFirst) {
  KnownPerson one = pao(1);
  one.id_number = "011090000123";
  KnownPerson other{EventId{ChainNumber{7}, 2}, "Giàng Páo", {1991, 0, 0}, na_tau, "011090000123"};
  EXPECT_TRUE(is_alike(one, other));
  other = pao(2);
  other.id_number = "011090000999";
  EXPECT_FALSE(is_alike(one, other)) << "two numbers are two people";
  EXPECT_TRUE(is_alike(one, pao(3))) << "one of whom the number is not known";
}

TEST(Duplicates, ListEachSuspectedPairOnce) {
  std::vector<KnownPerson> known = {pao(1), pao(2), pao(3)};
  known[0].id_number = known[1].id_number = "011090000123";
  known[2].home = na_tau;
  const auto pairs = suspected_pairs(known);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].first.id, known[0].id);
  EXPECT_EQ(pairs[0].second.id, known[1].id);
}

TEST(Duplicates, NoticeACollectiveOfTheSameKindNameAndPlace) {
  const KnownCollective one{EventId{ChainNumber{7}, 1}, events::CollectiveKind::household,
                            "Hộ ông Lò Văn Pản", na_tau};
  KnownCollective typed = one;
  typed.name = "hộ ông lò văn pản";
  EXPECT_EQ(look_alikes(typed, std::span(&one, 1)).size(), 1U);
  typed.kind = events::CollectiveKind::clan;
  EXPECT_TRUE(look_alikes(typed, std::span(&one, 1)).empty());
}

// What was typed a minute ago and waits for the line is known, too.
TEST(Duplicates, LookAtWhatIsNotSentYet) {
  clients_test::ScriptedServer server;
  clients_test::TestDevice device(server);
  device.sync(server);
  ASSERT_TRUE(
      device.workspace->record_together(device.registration(server, 1), server.world.now()));
  const std::vector<KnownPerson> known = known_people(*device.workspace);
  const auto found = std::ranges::find(known, "Lò Thị Ánh", &KnownPerson::name);
  ASSERT_NE(found, known.end());
  EXPECT_EQ(found->birth.year, 1990);
  KnownPerson typed = *found;
  typed.id = {};
  EXPECT_EQ(look_alikes(typed, known).size(), 1U);

  acts::NewPerson person;
  person.record = {"lò thị ánh", {1990, 0, 0}, 0, "", ""};
  person.home = found->home;
  const auto alike = look_alikes(*device.workspace, person);
  ASSERT_TRUE(alike);
  ASSERT_EQ(alike->size(), 1U);
  EXPECT_EQ(alike->front().id, found->id);
  person.home = hong_liu;
  EXPECT_TRUE(look_alikes(*device.workspace, person)->empty());
  person.record.full_name = "\xC3\x28";
  EXPECT_FALSE(look_alikes(*device.workspace, person));
  const acts::NewCollective household{
      "Hộ ông Lò Văn Pản", events::CollectiveKind::household, found->home, {}, 0};
  EXPECT_TRUE(look_alikes(*device.workspace, household)->empty());
}

}  // namespace
}  // namespace clients
