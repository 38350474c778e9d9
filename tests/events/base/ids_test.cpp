#include "events/base/ids.h"

#include "events/archive/compact.h"
#include "events/archive/json_writer.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace events {
namespace {

using test_support::from_hex;

std::string json_of(const EventId& id) {
  std::string text;
  JsonWriter writer(text);
  JsonOutput archive(writer);
  PersonId person{id};
  archive(person);
  return text;
}

// Two things with one id would share their history.
TEST(EventId, KeepsChainAndSeqApart) {
  const EventId greatest{ChainNumber{chain_number_max}, sequence_max};
  EXPECT_EQ(greatest.chain().value, chain_number_max);
  EXPECT_EQ(greatest.seq(), sequence_max);
  std::set<std::uint64_t> keys;
  for (std::uint32_t chain = 1; chain < 40; ++chain) {
    for (std::uint64_t seq = 1; seq < 40; ++seq)
      keys.insert(EventId{ChainNumber{chain}, seq}.key());
  }
  EXPECT_EQ(keys.size(), 39U * 39U);
}

// Ids are most of what travels on a bad line, and they are on disk for ever.
TEST(EventId, IsTwoVarints) {
  EXPECT_EQ(to_hex(encode(EventId{ChainNumber{7}, 300})), "07ac02");
  EXPECT_EQ(to_hex(encode(DossierId{EventId{ChainNumber{7}, 300}})), "07ac02");
  EXPECT_EQ(to_hex(encode(EventId{})), "0000");
  EXPECT_EQ(*decode<EventId>(from_hex("07ac02")), (EventId{ChainNumber{7}, 300}));
}

// A number that does not fit would silently become the id of another thing.
TEST(EventId, RefusesNumbersThatDoNotFit) {
  EXPECT_TRUE(
      decode<EventId>(from_hex("ffffff07"
                               "ffffffffff1f")));
  EXPECT_FALSE(
      decode<EventId>(from_hex("80808008"
                               "01")));  // chain 2^24
  EXPECT_FALSE(
      decode<EventId>(from_hex("01"
                               "808080808020")));  // seq 2^40
  EXPECT_FALSE(decode<EventId>(from_hex("0001"))) << "half an id";
  EXPECT_FALSE(decode<EventId>(from_hex("0100"))) << "half an id";
}

// Operators and the web page copy ids as text; the copy must name the same thing.
TEST(EventId, HasATextFormThatReadsBack) {
  for (const EventId id : {EventId{}, EventId{ChainNumber{1}, 1}, EventId{ChainNumber{7}, 300},
                           EventId{ChainNumber{chain_number_max}, sequence_max}}) {
    EXPECT_EQ(EventId::parse_or_throw(to_string(id)), id);
  }
  EXPECT_EQ(to_string(EventId{ChainNumber{7}, 300}), "7.300");
  EXPECT_EQ(to_string(EventId{}), "-");
  EXPECT_EQ(json_of(EventId{ChainNumber{7}, 300}), "\"7.300\"");
}

// A mistyped id must not open somebody else's dossier.
TEST(EventId, RefusesOtherTexts) {
  for (const char* text : {"",           "7",
                           "7.",         ".300",
                           "7.300.1",    "7,300",
                           " 7.300",     "7.300 ",
                           "-7.300",     "7.-300",
                           "+7.300",     "0.1",
                           "1.0",        "0.0",
                           "07.300",     "7.0300",
                           "16777216.1", "1.1099511627776",
                           "--",         "99999999999999999999.1"}) {
    SCOPED_TRACE(text);
    EXPECT_THROW(EventId::parse_or_throw(text), cereal::Exception);
  }
}

}  // namespace
}  // namespace events
