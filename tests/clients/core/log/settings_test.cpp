#include "clients/core/log/settings.h"

#include "clients/core/log/memory_store.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::ErrorCode;
using events::Timestamp;

/// A store in which `name` stands with this text.
MemoryStore store_with(const char* name, const std::string& text) {
  MemoryStore store;
  StoreChange change;
  change.settings = {{name, text}};
  EXPECT_TRUE(store.commit(change));
  return store;
}

/// The text that writing `value` leaves in a store.
template <class Setting, class Value>
std::string written(const Setting& setting, const Value& value) {
  StoreChange change;
  write_setting(change, setting, value);
  EXPECT_EQ(change.settings.size(), 1U);
  EXPECT_EQ(change.settings.front().first, setting.name);
  return change.settings.front().second;
}

// A device in the hills is updated once a year: what last year's program wrote must be read, and
// what this one writes must be read by last year's, should somebody go back to it.
TEST(Settings, AreWrittenAsTheyAlwaysWere) {
  EXPECT_EQ(written(settings::last_contact, Timestamp{1'756'774'800'000}), "1756774800000");
  EXPECT_EQ(written(settings::clock_difference, std::int64_t{-1'500}), "-1500");
  EXPECT_EQ(written(settings::caught_up, true), "1");
  EXPECT_EQ(written(settings::caught_up, false), "0");
  EXPECT_EQ(written(settings::pull_again, true), "1");
  EXPECT_EQ(written(settings::pull_again, false), "");
  EXPECT_EQ(written(settings::tls_binding, true), "yes");
  EXPECT_EQ(written(settings::tls_binding, false), "no");
  EXPECT_EQ(written(settings::server, std::string("wss://x")), "wss://x");
  EXPECT_EQ(
      written(settings::clock_sample, events::bundle::ClockSample{Timestamp{17}, Timestamp{4}}),
      "17 4");
  events::Digest digest;
  digest.bytes.fill('a');
  EXPECT_EQ(written(settings::snapshot_refused, digest), std::string(32, 'a'));
}

TEST(Settings, AreReadAsTheyWereWritten) {
  EXPECT_EQ(*read_setting(store_with("last_synced", "1756774800000"), settings::last_synced),
            Timestamp{1'756'774'800'000});
  EXPECT_EQ(*read_setting(store_with("clock_difference", "-1500"), settings::clock_difference),
            -1'500);
  EXPECT_TRUE(*read_setting(store_with("sweep_due", "1"), settings::sweep_due));
  EXPECT_FALSE(*read_setting(store_with("tls_binding", "no"), settings::tls_binding));
  const auto sample = read_setting(store_with("clock_sample", "17 4"), settings::clock_sample);
  EXPECT_EQ(sample->server_time, Timestamp{17});
  EXPECT_EQ(sample->device_time, Timestamp{4});
}

// A device that has just enrolled has none of them, and must neither fail nor fear anything.
TEST(Settings, AbsentAndEmptyOnesHaveTheirDefault) {
  for (const MemoryStore& store :
       {MemoryStore(), store_with("tls_binding", ""), store_with("scope_grant", "")}) {
    EXPECT_EQ(*read_setting(store, settings::trouble), "");
    EXPECT_EQ(*read_setting(store, settings::http_until), Timestamp{});
    EXPECT_EQ(*read_setting(store, settings::clock_difference), 0);
    EXPECT_TRUE(*read_setting(store, settings::tls_binding)) << "greetings are bound";
    EXPECT_FALSE(*read_setting(store, settings::caught_up));
    EXPECT_FALSE(read_if_written(store, settings::tls_since_enrolment)->has_value());
    EXPECT_FALSE(read_setting(store, settings::clock_sample)->exists());
    EXPECT_FALSE(read_setting(store, settings::scope_grant)->has_value());
  }
}

// A damaged clock sample must not become the time of 1970 that a bundle is then judged by.
TEST(Settings, TextsOfAnotherFormReadAsTheDefault) {
  for (const char* const text : {"", "17", "17;4", "x 4", " "}) {
    EXPECT_FALSE(read_setting(store_with("clock_sample", text), settings::clock_sample)->exists())
        << text;
  }
  EXPECT_EQ(*read_setting(store_with("last_contact", "soon"), settings::last_contact), Timestamp{});
  EXPECT_EQ(
      *read_setting(store_with("last_contact", "99999999999999999999"), settings::last_contact),
      Timestamp{});
  EXPECT_TRUE(*read_setting(store_with("tls_binding", "maybe"), settings::tls_binding));
}

// What a device may read, and what it still has to destroy, is not to be guessed.
TEST(Settings, DamagedPackedOnesAreAnError) {
  const auto read = read_setting(store_with("scope_grant", "\x01"), settings::scope_grant);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::storage_corrupt);
  EXPECT_NE(read.error().message.find("scope_grant"), std::string::npos) << read.error().message;
}

TEST(Settings, ClearedPackedOnesAreGone) {
  events::Digest digest;
  digest.bytes.fill(7);
  MemoryStore store;
  StoreChange change;
  write_setting(change, settings::snapshot_refused, digest);
  ASSERT_TRUE(store.commit(change));
  EXPECT_EQ(*read_setting(store, settings::snapshot_refused), digest);
  StoreChange cleared;
  clear_setting(cleared, settings::snapshot_refused);
  ASSERT_TRUE(store.commit(cleared));
  EXPECT_FALSE(read_setting(store, settings::snapshot_refused)->has_value());
}

}  // namespace
}  // namespace clients
