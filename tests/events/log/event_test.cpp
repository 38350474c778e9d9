#include "events/log/event.h"

#include "events/archive/compact.h"
#include "tests/support/event_builders.h"
#include "tests/support/random_values.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace events {
namespace {

using test_support::a_grant;
using test_support::a_header;
using test_support::a_registration;
using test_support::an_event;
using test_support::RandomInput;

/// A canonical event with any header and payload, as another build may have made it.
Bytes canonical_of(EventHeader header, const Bytes& payload, std::uint8_t form = event_form) {
  Bytes bytes;
  CompactOutput archive(bytes);
  archive.write_byte(form);
  archive(header);
  archive.write_varint(payload.size());
  archive.write_bytes(payload);
  return bytes;
}

EventHeader typed_header(EventType type, std::uint32_t schema = 1) {
  EventHeader header = a_header();
  header.type = static_cast<std::uint16_t>(type);
  header.schema = schema;
  return header;
}

bool payload_has_one_schema(const Payload& payload) {
  return std::visit(
      []<class T>(const T&) {
        if constexpr (std::is_same_v<T, UnknownPayload>) {
          return false;
        } else {
          return T::schema == 1;
        }
      },
      static_cast<const PayloadVariant&>(payload));
}

template <class T>
Payload random_payload(RandomInput& random) {
  T fields;
  fields.serialize(random, T::schema);
  return fields;
}

template <class... T>
std::vector<Payload> all_kinds_at_random(RandomInput& random, const std::variant<T...>* /*all*/) {
  std::vector<Payload> payloads;
  auto add = [&]<class Fields>(std::type_identity<Fields>) {
    if constexpr (!std::is_same_v<Fields, UnknownPayload>) {
      payloads.push_back(random_payload<Fields>(random));
    }
  };
  (add(std::type_identity<T>{}), ...);
  return payloads;
}

template <class... T>
std::vector<Payload> all_kinds_empty(const std::variant<T...>* /*all*/) {
  std::vector<Payload> payloads{Payload{T{}}...};
  payloads.erase(payloads.begin());  // UnknownPayload is never made.
  return payloads;
}

void expect_reads_back(const Payload& payload) {
  const Event made = an_event(payload, 12);
  SCOPED_TRACE(event_name(made.header.type));
  const Result<Event> read = read_event(made.canonical);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->payload.index(), payload.index());
  EXPECT_EQ(read->canonical, made.canonical);
  EXPECT_EQ(payload_to_json(read->payload), payload_to_json(payload));
  const Event again = make_event(read->header, read->payload);
  EXPECT_EQ(to_hex(again.canonical), to_hex(made.canonical));
}

// A field that is written but not read back would be lost from every dossier.
TEST(Event, EveryKindReadsBack) {
  for (const Payload& payload : all_kinds_empty(static_cast<const PayloadVariant*>(nullptr))) {
    expect_reads_back(payload);
  }
  const std::vector<Payload> filled = test_support::one_of_each_kind();
  EXPECT_EQ(filled.size(), std::variant_size_v<PayloadVariant> - 1);
  for (const Payload& payload : filled) expect_reads_back(payload);
}

// Values that no test author thought of must survive as well.
TEST(Event, EveryKindReadsBackWithAnyValues) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    RandomInput random(seed);
    for (const Payload& payload :
         all_kinds_at_random(random, static_cast<const PayloadVariant*>(nullptr))) {
      expect_reads_back(payload);
      if (testing::Test::HasFailure()) return;
    }
  }
}

// One number for two kinds would make old events mean something else.
TEST(Event, EveryKindHasItsOwnNumberAndName) {
  std::set<std::uint16_t> numbers;
  std::set<std::string_view> names;
  for (const Payload& payload : test_support::one_of_each_kind()) {
    const EventHeader header = an_event(payload).header;
    numbers.insert(header.type);
    names.insert(event_name(header.type));
    EXPECT_LT(header.type, 128);
    EXPECT_EQ(header.schema, 1U) << "what an older build understands is written as it wrote it";
  }
  EXPECT_EQ(numbers.size(), std::variant_size_v<PayloadVariant> - 1);
  EXPECT_EQ(names.size(), std::variant_size_v<PayloadVariant> - 1);
  EXPECT_EQ(names.count("Unknown"), 0U);
  EXPECT_EQ(event_name(9999), "Unknown");
}

// A connection cut at any byte must never pass for a shorter, valid event.
TEST(Event, RefusesEveryTruncation) {
  for (const Payload& payload : test_support::one_of_each_kind()) {
    const Bytes whole = an_event(payload).canonical;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      SCOPED_TRACE(size);
      const Result<Event> read = read_event(ByteView(whole).first(size));
      ASSERT_FALSE(read);
      ASSERT_EQ(read.error().code, ErrorCode::malformed);
      ASSERT_FALSE(read_event_header(ByteView(whole).first(size)));
    }
  }
}

// A second encoding of one event would have a second hash and break its chain.
TEST(Event, HasOneEncoding) {
  const Bytes whole = an_event(test_support::a_meeting()).canonical;
  for (std::size_t place = 0; place < whole.size(); ++place) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes altered = whole;
      altered[place] = static_cast<std::uint8_t>(altered[place] ^ (1U << bit));
      const Result<Event> read = read_event(altered);
      if (!read || !is_whole(*read)) continue;
      if (read->header.schema > 1) continue;  // Written again in the oldest that says it.
      ASSERT_EQ(to_hex(make_event(read->header, read->payload).canonical), to_hex(altered));
    }
  }
}

// An officer with an older program would otherwise break the history of a newer one.
TEST(Event, PassesUnknownKindsThrough) {
  const Bytes payload = test_support::from_hex("ff00ff80");
  for (const std::uint16_t type :
       {std::uint16_t{9}, std::uint16_t{127}, std::uint16_t{128}, std::uint16_t{65'535}}) {
    const Bytes canonical = canonical_of(typed_header(static_cast<EventType>(type)), payload);
    const Result<Event> read = read_event(canonical);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(std::holds_alternative<UnknownPayload>(read->payload));
    EXPECT_EQ(read->header.type, type);
    EXPECT_EQ(read->canonical, canonical);
    EXPECT_EQ(payload_to_json(read->payload), "{}");
  }
}

// A known kind with fields of a later version is not ours to judge, but ours to read as far as we
// can, and to keep.
TEST(Event, ReadsTheKnownFieldsOfNewerSchemasAndKeepsTheRest) {
  const Bytes more = test_support::from_hex("0000ff");
  for (const Payload& payload : test_support::one_of_each_kind()) {
    const Event known = an_event(payload, 12);
    SCOPED_TRACE(event_name(known.header.type));
    const Event newer = test_support::in_newer_schema(known, 9, more);
    EXPECT_EQ(newer.header.schema, 9U);
    EXPECT_FALSE(is_whole(newer));
    EXPECT_EQ(newer.payload.index(), payload.index());
    EXPECT_TRUE(is_whole(known));
    EXPECT_TRUE(fields_beyond(known).empty());
    if (payload_has_one_schema(payload)) {
      EXPECT_EQ(payload_to_json(newer.payload), payload_to_json(payload));
      EXPECT_EQ(to_hex(fields_beyond(newer)), to_hex(more));
    }
  }
}

// Who appends fields in the middle breaks the rule; the device of an officer must not break down.
TEST(Event, PassesNewerVersionsThroughThatItCannotRead) {
  const Bytes canonical =
      canonical_of(typed_header(EventType::review_held, 2), test_support::from_hex("07ffffffff"));
  const Result<Event> read = read_event(canonical);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(std::holds_alternative<UnknownPayload>(read->payload));
  EXPECT_FALSE(is_whole(*read));
  EXPECT_TRUE(fields_beyond(*read).empty());
  EXPECT_EQ(read->header.schema, 2U);
  EXPECT_EQ(read->canonical, canonical);
}

// Devices of last year would hold every renaming of a unit for something that they cannot read.
TEST(Event, IsWrittenInTheOldestSchemaThatSaysIt) {
  UnitRenamed renamed{UnitId{EventId{ChainNumber{2}, 5}}, "Phường Nà Tấu", "03317",
                      UnitId{EventId{ChainNumber{2}, 1}}, Day{20'000},     "NQ"};
  const Event old = an_event(renamed);
  EXPECT_EQ(old.header.schema, 1U);
  renamed.kind = UnitKind::ward;
  renamed.area = AreaType::urban;
  const Event retyped = an_event(renamed);
  EXPECT_EQ(retyped.header.schema, 2U);
  EXPECT_EQ(test_support::payload_bytes(retyped.payload).size(),
            test_support::payload_bytes(old.payload).size() + 4);
  const Result<Event> read = read_event(retyped.canonical);
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<UnitRenamed>(read->payload).kind, UnitKind::ward);
  EXPECT_EQ(std::get<UnitRenamed>(read->payload).area, AreaType::urban);
  EXPECT_EQ(std::get<UnitRenamed>(read_event(old.canonical)->payload).kind, std::nullopt);

  EXPECT_EQ(an_event(RulesAdopted{RulesVersion{2}}).header.schema, 1U);
  EXPECT_EQ(an_event(RulesAdopted{RulesVersion{2}, {67}}).header.schema, 2U);
}

// The same bytes in this version are an error of the device, found before they are stored.
TEST(Event, RefusesBytesLeftOverInTheOwnVersion) {
  EXPECT_TRUE(read_event(
      canonical_of(typed_header(EventType::title_granted), test_support::from_hex("073c"))));
  EXPECT_FALSE(read_event(
      canonical_of(typed_header(EventType::title_granted), test_support::from_hex("073cff"))));
}

// Bits without a meaning today would mean something tomorrow, for events judged today.
TEST(Event, RefusesFlagsAndPlacesThatDoNotExist) {
  const auto is_malformed = [](const EventHeader& header) {
    const Result<Event> read = read_event(canonical_of(header, {}));
    const Result<EventHeader> head = read_event_header(canonical_of(header, {}));
    return !read && !head && read.error().code == ErrorCode::malformed;
  };
  const EventHeader good = typed_header(EventType::registration_accepted);
  EXPECT_FALSE(is_malformed(good));

  EventHeader header = good;
  header.flags = event_flag_personal_signature;
  EXPECT_TRUE(is_malformed(header));
  header.flags = 0x8000'0000;
  EXPECT_TRUE(is_malformed(header));

  header = good;
  header.chain = ChainNumber{0};
  EXPECT_TRUE(is_malformed(header));
  header.chain = ChainNumber{chain_number_max + 1};
  EXPECT_TRUE(is_malformed(header));

  header = good;
  header.seq = 0;
  EXPECT_TRUE(is_malformed(header));
  header.seq = sequence_max + 1;
  EXPECT_TRUE(is_malformed(header));

  header = good;
  header.type = 0;
  EXPECT_TRUE(is_malformed(header));

  header = good;
  header.schema = 0;
  EXPECT_TRUE(is_malformed(header));
}

// A later form is not broken, it is for a newer program; the officer is told to update.
TEST(Event, TellsALaterFormFromABrokenOne) {
  const EventHeader header = typed_header(EventType::registration_accepted);
  const Result<Event> later = read_event(canonical_of(header, {}, 2));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, ErrorCode::unsupported);
  const Result<Event> empty = read_event(ByteView{});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::malformed);
}

// A single event above its limit would stop every block and frame built on that limit.
TEST(Event, IsAtMostEightKibibytes) {
  const EventHeader header = typed_header(static_cast<EventType>(100));
  const std::size_t head = canonical_of(header, {}).size() + 1;  // The length takes two bytes.
  const Bytes largest = canonical_of(header, Bytes(event_bytes_max - head));
  ASSERT_EQ(largest.size(), event_bytes_max);
  EXPECT_TRUE(read_event(largest));
  const Result<Event> larger = read_event(canonical_of(header, Bytes(event_bytes_max - head + 1)));
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error().code, ErrorCode::too_large);
}

// A text of the officer that is too long must come back to the form, not stop the program or make
// an event that no reader takes.
TEST(Event, IsNotMadeFromFieldsBeyondTheirLimits) {
  const EventHeader header = a_header();
  UnitCreated unit = test_support::a_commune();
  unit.name.assign(200, 'a');
  EXPECT_TRUE(try_make_event(header, unit));
  unit.name.assign(201, 'a');
  const Result<Event> long_name = try_make_event(header, unit);
  ASSERT_FALSE(long_name);
  EXPECT_EQ(long_name.error().code, ErrorCode::too_large);

  // 700 rows are within the limit of the list; with ids of ten bytes they are above 8 KiB.
  ReviewHeld meeting = test_support::a_meeting();
  const DossierId longest{EventId{ChainNumber{chain_number_max}, sequence_max}};
  meeting.entries.assign(list_entries_max, {longest, ReviewConclusion::proposed, 65'535, 65'535});
  const Result<Event> long_list = try_make_event(header, meeting);
  ASSERT_FALSE(long_list);
  EXPECT_EQ(long_list.error().code, ErrorCode::too_large);

  EXPECT_EQ(try_make_event(header, a_grant())->canonical, make_event(header, a_grant()).canonical);
}

// The largest decision of a commune must fit one event, or its list would be cut.
TEST(Event, HoldsADecisionOverTheLongestList) {
  DecisionIssued decision = test_support::a_decision();
  decision.dossiers.assign(list_entries_max,
                           DossierId{EventId{ChainNumber{chain_number_max}, sequence_max}});
  ListSubmitted list{test_support::association, std::string(64, 'x'), 700, decision.dossiers};
  EXPECT_TRUE(try_make_event(a_header(), decision));
  EXPECT_TRUE(try_make_event(a_header(), list));
}

// An event on the stream of another kind of thing would be judged against the wrong state.
TEST(Event, KnowsTheStreamOfItsKind) {
  EXPECT_TRUE(creates_its_stream(test_support::a_dossier()));
  EXPECT_FALSE(creates_its_stream(a_registration()));
  EXPECT_EQ(stream_kind_of(a_registration()), StreamKind::dossier);
  EXPECT_EQ(stream_kind_of(test_support::a_decision()), StreamKind::document);
  EXPECT_EQ(stream_kind_of(HoldReleased{}), std::nullopt);
  EXPECT_EQ(stream_kind_of(UnknownPayload{}), std::nullopt);
}

// A private record that the event does not admit to naming would never be asked for.
TEST(Event, NamesItsPrivateRecord) {
  std::size_t naming = 0;
  for (const Payload& payload : test_support::one_of_each_kind()) {
    if (private_digest_of(payload)) ++naming;
  }
  EXPECT_EQ(naming, 8U)
      << "person, collective, return, resubmission, evidence, attachment, withdrawal, minutes";
  DossierRegistered by_proxy = a_registration();
  by_proxy.private_digest = test_support::a_digest(9);
  EXPECT_EQ(private_digest_of(by_proxy), test_support::a_digest(9));
}

// The API and people read JSON; every kind must give one valid line of it.
TEST(Event, IsReadableAsJson) {
  for (const Payload& payload : test_support::one_of_each_kind()) {
    const std::string json = payload_to_json(payload);
    ASSERT_GE(json.size(), 2U);
    EXPECT_EQ(json.front(), '{');
    EXPECT_EQ(json.back(), '}');
    EXPECT_EQ(json.find('\n'), std::string::npos);
  }
  EXPECT_EQ(payload_to_json(RegistrationAccepted{}), "{}");
  EXPECT_NE(payload_to_json(a_grant()).find("\"decision\": \"7.60\""), std::string::npos)
      << payload_to_json(a_grant());
  EXPECT_NE(payload_to_json(test_support::a_commune()).find("Xã Nà Tấu"), std::string::npos);
}

}  // namespace
}  // namespace events
