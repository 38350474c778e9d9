#include "events/log/private_record.h"

#include "events/archive/compact.h"
#include "events/log/intake.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace events {
namespace {

using test_support::a_person_record;
using test_support::a_private_record;

constexpr int this_year = 2025;

std::uint8_t check(const PersonRecord& person) {
  return check_private_content(EventType::person_introduced, a_private_record(person), this_year);
}

std::vector<PrivateFields> one_of_each() {
  return {a_person_record(),
          CollectiveRecord{"Gia đình ông Lò Văn An"},
          ProxyRecord{"con gái", "02/2025", "Cà Thị Dung", "Bản Nà Láo"},
          EvidenceRecord{"Chứng chỉ tin học", "Trung tâm GDTX", "Tủ số 2"},
          NoteRecord{"Thiếu minh chứng chỉ số A1"},
          MinutesRecord{"Nhà văn hóa bản", "19 giờ 30", "21 giờ", "Bình xét"}};
}

// What a citizen told the officer must be readable by those who may read it.
TEST(PrivateRecord, ReadsBack) {
  for (const PrivateFields& fields : one_of_each()) {
    const PrivateRecord record = a_private_record(fields);
    const Result<PrivateFields> read = read_private_record(record);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->index(), fields.index());
    EXPECT_EQ(make_private_record(record.salt, *read), record);
    const Result<PrivateRecord> wire = decode<PrivateRecord>(encode(record));
    ASSERT_TRUE(wire);
    EXPECT_EQ(*wire, record);
  }
}

// Without the salt, anybody could find a name by trying all names against the log.
TEST(PrivateRecord, HidesEqualContentsBehindTheirSalts) {
  const PrivateRecord one = a_private_record(a_person_record(), 1);
  const PrivateRecord other = a_private_record(a_person_record(), 2);
  EXPECT_NE(one.digest(), other.digest());
  Bytes salted(one.salt.begin(), one.salt.end());
  append_bytes(salted, one.bytes);
  EXPECT_EQ(one.digest(), sha256(salted));
}

// A record cut on its way would be checked, and kept, as something else.
TEST(PrivateRecord, RefusesEveryTruncationAndKindsItDoesNotKnow) {
  for (const PrivateFields& fields : one_of_each()) {
    PrivateRecord record = a_private_record(fields);
    const Bytes whole = record.bytes;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      record.bytes.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const Result<PrivateFields> read = read_private_record(record);
      ASSERT_FALSE(read);
      ASSERT_EQ(read.error().code, ErrorCode::malformed);
    }
    record.bytes = whole;
    record.bytes.push_back(0);
    EXPECT_FALSE(read_private_record(record));
  }
  PrivateRecord later = a_private_record(NoteRecord{});
  later.bytes.front() = 99;
  const Result<PrivateFields> read = read_private_record(later);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::unsupported);
}

// A hostile peer could make the server keep more than 4 KiB for one event.
TEST(PrivateRecord, IsAtMostFourKibibytes) {
  PrivateRecord record = a_private_record(NoteRecord{});
  record.bytes.assign(private_record_bytes_max - 16, 0);
  EXPECT_TRUE(decode<PrivateRecord>(encode(record)));
  record.bytes.push_back(0);
  EXPECT_FALSE(decode<PrivateRecord>(encode(record)));
}

// V01: a certificate would be printed with digits or nothing for a name.
TEST(PrivateContent, NamesMustBeNames) {
  PersonRecord person = a_person_record();
  EXPECT_EQ(check(person), content_checked);
  person.full_name = "Y Thương Niê";
  EXPECT_EQ(check(person), content_checked);
  for (const char* name : {"", " ", "Lò Thị 2", "Lo\u0300 Thị Ánh", "\xC3", "A\nB"}) {
    person.full_name = name;
    EXPECT_EQ(check(person), content_checked | content_name_invalid) << name;
  }
}

// V02: an impossible age would decide the group a person is scored in.
TEST(PrivateContent, BirthDatesMustExist) {
  PersonRecord person = a_person_record();
  person.id_number.clear();
  person.birth = {2024, 2, 29};
  EXPECT_EQ(check(person), content_checked);
  for (const PartialDate birth :
       {PartialDate{}, PartialDate{1899, 0, 0}, PartialDate{2026, 0, 0}, PartialDate{1990, 2, 30},
        PartialDate{1990, 0, 5}, PartialDate{65'535, 255, 255}}) {
    person.birth = birth;
    EXPECT_EQ(check(person), content_checked | content_birth_invalid) << to_vietnamese(birth);
  }
}

// V20: a slip in twelve digits joins two people; it is a warning, since papers err as well.
TEST(PrivateContent, IdNumbersAreComparedWithTheBirthYear) {
  PersonRecord person = a_person_record();
  const auto is_doubtful = [&](const char* number, int year) {
    person.id_number = number;
    person.birth = {static_cast<std::uint16_t>(year), 0, 0};
    return (check(person) & content_id_number_doubtful) != 0;
  };
  EXPECT_FALSE(is_doubtful("", 1990)) << "many have none";
  EXPECT_FALSE(is_doubtful("011090000123", 1990)) << "a man of the 20th century";
  EXPECT_FALSE(is_doubtful("011190000123", 1990)) << "a woman of the 20th century";
  EXPECT_FALSE(is_doubtful("011205000123", 2005)) << "a man of the 21st century";
  EXPECT_FALSE(is_doubtful("011305000123", 2005)) << "a woman of the 21st century";
  EXPECT_TRUE(is_doubtful("011190000123", 1991));
  EXPECT_TRUE(is_doubtful("011105000123", 2005)) << "another century";
  EXPECT_TRUE(is_doubtful("01119000012", 1990)) << "11 digits";
  EXPECT_TRUE(is_doubtful("0111900001234", 1990)) << "13 digits";
  EXPECT_TRUE(is_doubtful("01119000012a", 1990));
}

// A note where the minutes should be would satisfy a rule that asks for minutes.
TEST(PrivateContent, MustBeOfTheKindTheEventNames) {
  const std::vector<EventType> types = {
      EventType::person_introduced, EventType::collective_introduced, EventType::dossier_registered,
      EventType::evidence_sighted,  EventType::dossier_returned,      EventType::review_held};
  const std::vector<PrivateFields> fields = one_of_each();
  for (std::size_t type = 0; type < types.size(); ++type) {
    for (std::size_t kind = 0; kind < fields.size(); ++kind) {
      const std::uint8_t found =
          check_private_content(types[type], a_private_record(fields[kind]), this_year);
      EXPECT_EQ(found, type == kind ? content_checked : content_checked | content_unreadable)
          << type << " " << kind;
    }
  }
  PrivateRecord broken = a_private_record(a_person_record());
  broken.bytes.pop_back();
  EXPECT_EQ(check_private_content(EventType::person_introduced, broken, this_year),
            content_checked | content_unreadable);
}

}  // namespace
}  // namespace events
