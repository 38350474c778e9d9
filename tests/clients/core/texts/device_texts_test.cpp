#include "clients/core/texts/device_texts.h"

#include "events/text/normalize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace clients {
namespace {

using projections::EnumTexts;
using projections::TextRow;

template <class Enum>
std::vector<std::string> words_in_order() {
  std::vector<std::string> words;
  for (const auto& row : events::rows_of<Enum>()) words.emplace_back(row.word);
  return words;
}

// Scripts compare these words: `khuyenhoc status --json` and `alarm --json` print them.
TEST(DeviceTexts, TheWordsInJsonAreThoseOfTheFirstVersion) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(words_in_order<EventStatus>(),
            (Words{"device_only", "received", "official", "waiting", "refused", "unproved"}));
  EXPECT_EQ(words_in_order<SyncStatus>(), (Words{"never_met", "unsent", "not_official", "behind",
                                                 "in_step", "unproved", "revoked"}));
  EXPECT_EQ(words_in_order<AlarmKind>(),
            (Words{"rolled_back", "forked", "withheld", "disowned", "unexplained"}));
}

// An English reader must not meet Vietnamese in the middle, nor an officer two forms of a letter.
TEST(DeviceTexts, AreInBothLanguages) {
  for (const EnumTexts* const table :
       {&texts_of(EventStatus{}), &texts_of(SyncStatus{}), &texts_of(AlarmKind{})}) {
    SCOPED_TRACE(table->noun.en);
    for (const TextRow& row : table->rows) {
      EXPECT_TRUE(row.text.is_whole());
      EXPECT_TRUE(events::is_nfc(row.text.vi)) << row.text.vi;
      EXPECT_TRUE(std::ranges::all_of(row.text.en, [](char c) { return c >= ' ' && c <= '~'; }))
          << row.text.en;
    }
  }
}

// A store of a newer program may hold a kind of alarm that this one does not know.
TEST(DeviceTexts, AValueOfANewerProgramHasAText) {
  EXPECT_EQ(projections::name_vi(AlarmKind{99}), projections::unknown_text.vi);
  EXPECT_FALSE(events::is_known(AlarmKind{99}));
}

}  // namespace
}  // namespace clients
