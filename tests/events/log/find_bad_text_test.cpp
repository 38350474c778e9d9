#include "events/log/find_bad_text.h"

#include "events/log/event.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace events {
namespace {

std::string letters(std::size_t bytes) {
  std::string text;
  while (text.size() + 3 <= bytes) text += "ễ";
  return text.append(bytes - text.size(), 'a');
}

// A field that the search does not see would be stored and never be read again.
TEST(FindBadText, LooksAtEveryTextOfAnEvent) {
  CriteriaPublished criteria;
  criteria.code = "GDHT";
  criteria.indicators.resize(2);
  EXPECT_EQ(find_bad_text(Payload{criteria}), std::nullopt);
  criteria.indicators.back().label_vi = "tiêu\u200bchí";
  const std::optional<BadText> bad = find_bad_text(Payload{criteria});
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->field, "label_vi");
  EXPECT_EQ(bad->fault, TextFault::characters);

  DeviceRevoked revoked;
  revoked.reason = letters(text_limits::reason + 1);
  EXPECT_EQ(find_bad_text(Payload{revoked})->explain(), "reason: 601 bytes, at most 600");
  revoked.reason = letters(text_limits::reason);
  EXPECT_EQ(find_bad_text(Payload{revoked}), std::nullopt);
}

// A note has lines, a label has not: a second line in a table would look like another row.
TEST(FindBadText, LeavesLinesToNotesAndAgendas) {
  EXPECT_EQ(find_bad_text(PrivateFields{NoteRecord{"một\nhai"}}), std::nullopt);
  EXPECT_EQ(find_bad_text(PrivateFields{MinutesRecord{"", "", "", "một\nhai"}}), std::nullopt);
  EXPECT_EQ(find_bad_text(PrivateFields{MinutesRecord{"một\nhai", "", "", ""}})->field, "place");
  EXPECT_EQ(find_bad_text(PrivateFields{ProxyRecord{"", "", "w\x1b", ""}})->field, "witness");
}

// An officer whose legal basis is long lost all that was typed to an abort.
TEST(FindBadText, NamesTheFieldOfAnEventThatCannotBeMade) {
  RoleGranted grant;
  grant.basis = letters(text_limits::basis + 1);
  const Result<Event> made = try_make_event({}, grant);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::too_large);
  EXPECT_EQ(made.error().message, "basis: 601 bytes, at most 600");
}

// Between 400 bytes and 4 KiB a text was written, official, and read by nobody.
TEST(PrivateRecord, IsNotMadeWhenItCannotBeReadBack) {
  for (const std::size_t bytes : {text_limits::evidence_what, text_limits::evidence_what + 1,
                                  std::size_t{4'000}, std::size_t{5'600}}) {
    const Result<PrivateRecord> made =
        try_make_private_record({}, EvidenceRecord{letters(bytes), "", ""});
    ASSERT_EQ(made.has_value(), bytes <= text_limits::evidence_what) << bytes;
    if (made) {
      EXPECT_TRUE(read_private_record(*made));
    } else {
      EXPECT_EQ(made.error().message, "what: " + std::to_string(bytes) + " bytes, at most 1000");
    }
  }
}

// Every kind of record, not only people, is read before its event has an effect.
TEST(PrivateContent, TextsAreCheckedOfEveryKind) {
  const auto check = [](EventType type, const PrivateFields& fields) {
    return check_private_content(type, test_support::a_private_record(fields), 2025);
  };
  const std::string hidden = "a\u202eb";
  EXPECT_EQ(check(EventType::dossier_returned, NoteRecord{hidden}),
            content_checked | content_text_invalid);
  EXPECT_EQ(check(EventType::review_held, MinutesRecord{hidden, "", "", ""}),
            content_checked | content_text_invalid);
  EXPECT_EQ(check(EventType::dossier_registered, ProxyRecord{"", hidden, "", ""}),
            content_checked | content_text_invalid);
  EXPECT_EQ(check(EventType::evidence_sighted, EvidenceRecord{"Giấy khen", hidden, ""}),
            content_checked | content_text_invalid);
  EXPECT_EQ(check(EventType::evidence_sighted, EvidenceRecord{"", "", ""}),
            content_checked | content_text_missing);
  EXPECT_EQ(check(EventType::collective_introduced, CollectiveRecord{""}),
            content_checked | content_text_missing);
  EXPECT_EQ(check(EventType::collective_introduced, CollectiveRecord{"Lo\u0300"}),
            content_checked | content_unreadable);
  EXPECT_EQ(check(EventType::dossier_withdrawn, CollectiveRecord{"Hộ"}),
            content_checked | content_unreadable);
}

}  // namespace
}  // namespace events
