#include "events/base/calendar_end.h"

#include "events/archive/compact.h"
#include "events/log/block.h"
#include "events/packing/packed_events.h"
#include "events/packing/wire_block.h"
#include "tests/support/event_builders.h"

#include <cereal/cereal.hpp>
#include <gtest/gtest.h>

#include <limits>

namespace events {
namespace {

/// The canonical bytes of a registration with these times, as no honest program writes them.
Bytes written_at(Timestamp recorded_at, Day business_day) {
  const Event honest = test_support::an_event(test_support::a_registration());
  EventHeader header = honest.header;
  header.recorded_at = recorded_at;
  header.business_day = business_day;
  Bytes payload;
  CompactOutput fields(payload);
  test_support::a_registration().serialize(fields, header.schema);
  Bytes canonical;
  CompactOutput archive(canonical);
  archive.write_byte(event_form);
  archive(header, bounded<event_bytes_max>(payload));
  return canonical;
}

constexpr Timestamp never{std::numeric_limits<std::uint64_t>::max()};
constexpr Day no_day{std::numeric_limits<std::uint32_t>::max()};
constexpr Timestamp last_moment{calendar_end.value - 1};

// One device with a broken clock would stop every client that reads its commune.
TEST(CalendarEnd, EventsBeyondItAreMalformed) {
  EXPECT_TRUE(read_event(written_at(last_moment, last_day)));
  for (const Timestamp moment : {calendar_end, never}) {
    const auto event = read_event(written_at(moment, test_support::a_day));
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code, ErrorCode::malformed);
    EXPECT_EQ(read_event_header(written_at(moment, test_support::a_day)).error().code,
              ErrorCode::malformed);
  }
  for (const Day day : {Day{last_day.value + 1}, no_day}) {
    const auto event = read_event(written_at(test_support::a_moment, day));
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code, ErrorCode::malformed);
  }
}

// A device whose clock is there must hear of it, not fall.
TEST(CalendarEnd, NoEventIsMadeBeyondIt) {
  EventHeader header = test_support::an_event(test_support::a_registration()).header;
  header.recorded_at = calendar_end;
  EXPECT_FALSE(try_make_event(header, test_support::a_registration()));
  header.recorded_at = last_moment;
  header.business_day = Day{last_day.value + 1};
  EXPECT_FALSE(try_make_event(header, test_support::a_registration()));
  header.business_day = last_day;
  EXPECT_TRUE(try_make_event(header, test_support::a_registration()));
}

// A packed block takes days from times: the last one that counts must survive the way.
TEST(CalendarEnd, TheLastMomentSurvivesEachCodec) {
  StoredBlock block = test_support::a_stored_block(1);
  block.entries.front().canonical = written_at(last_moment, last_day);
  block.first_seq = 1;
  block.run.reset();
  const auto back = unpack_stored_block(pack_block(block));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->entries.front().canonical, block.entries.front().canonical);
}

// Somebody who packs with a program of his own packs what no honest program writes.
TEST(CalendarEnd, PackedEventsBeyondItAreMalformed) {
  const PackedRun run{test_support::a_chain, 1, test_support::a_moment, {}};
  const auto unpacked = [&run](const Bytes& canonical) {
    const ByteView event(canonical);
    Bytes packed;
    CompactOutput output(packed);
    pack_events(output, run, {&event, 1});
    CompactInput input(packed);
    return unpack_events(input, run, 1, event_bytes_max).front();
  };
  const Bytes last = written_at(last_moment, last_day);
  EXPECT_EQ(unpacked(last), last);
  for (const Timestamp moment : {calendar_end, never}) {
    EXPECT_THROW(unpacked(written_at(moment, test_support::a_day)), cereal::Exception);
  }
  for (const Day day : {Day{last_day.value + 1}, no_day}) {
    EXPECT_THROW(unpacked(written_at(test_support::a_moment, day)), cereal::Exception);
  }
}

TEST(CalendarEnd, BlocksReceivedBeyondItAreMalformed) {
  StoredBlock block = test_support::a_stored_block(1);
  block.received_at = last_moment;
  EXPECT_TRUE(decode_stored_block(encode_stored_block(block)));
  block.received_at = calendar_end;
  const auto decoded = decode_stored_block(encode_stored_block(block));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace events
