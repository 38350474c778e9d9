#include "clients/device/server_endpoint.h"

#include "clients/core/log/memory_store.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::ErrorCode;
using events::Timestamp;

MemoryStore enrolled_at(const std::string& url, const std::string& authorities = "") {
  MemoryStore store;
  StoreChange change;
  ServerEndpoint::note_server(change, url, authorities);
  EXPECT_TRUE(store.commit(change));
  return store;
}

// Whoever takes TLS away must not be given what was promised to TLS.
TEST(ServerEndpoint, ADeviceThatEnrolledOverTlsGoesOverNothingLess) {
  MemoryStore secure = enrolled_at("wss://a:8470");
  EXPECT_TRUE(ServerEndpoint::load(secure)->demands_tls());
  ServerEndpoint endpoint = *ServerEndpoint::load(secure);
  ASSERT_TRUE(endpoint.note_move(secure, "ws://a:8470"));
  EXPECT_TRUE(ServerEndpoint::load(secure)->demands_tls()) << "a move does not take it away";
  EXPECT_FALSE(ServerEndpoint::load(enrolled_at("ws://a:8470"))->demands_tls());
}

// Devices of the first version did not note it: what they enrolled at says it.
TEST(ServerEndpoint, AnOldStoreIsReadByItsAddress) {
  MemoryStore store;
  StoreChange change;
  change.settings = {{"server", "wss://a:8470"}};
  ASSERT_TRUE(store.commit(change));
  EXPECT_TRUE(ServerEndpoint::load(store)->demands_tls());
  EXPECT_TRUE(ServerEndpoint::load(store)->binds());
}

// A session of TLS resumed at another machine, or under other roots, would skip what was to be
// checked anew.
TEST(ServerEndpoint, ASessionEndsWithWhatItWasMadeUnder) {
  MemoryStore store = enrolled_at("wss://a:8470", "old roots");
  ServerEndpoint endpoint = *ServerEndpoint::load(store);
  ASSERT_TRUE(endpoint.note_session(store, "session"));
  ASSERT_TRUE(endpoint.note_session(store, "")) << "a connection without one changes nothing";
  EXPECT_EQ(ServerEndpoint::load(store)->line().session, "session");
  ASSERT_TRUE(endpoint.note_answer_at(store, "wss://b:8470"));
  EXPECT_EQ(ServerEndpoint::load(store)->line().session, "session") << "it was made there";

  ASSERT_TRUE(endpoint.trust(store, "old roots"));
  EXPECT_EQ(ServerEndpoint::load(store)->line().session, "session") << "the same roots";
  ASSERT_TRUE(endpoint.trust(store, "new roots"));
  EXPECT_EQ(ServerEndpoint::load(store)->line().session, "");

  ASSERT_TRUE(endpoint.note_session(store, "another"));
  ASSERT_TRUE(endpoint.note_move(store, "wss://c:8470"));
  EXPECT_EQ(ServerEndpoint::load(store)->line().session, "");
  EXPECT_EQ(ServerEndpoint::load(store)->url(), "wss://c:8470");
}

// A firewall that is opened again must be found out within a day, without anybody's doing.
TEST(ServerEndpoint, HttpIsPreferredForADayOnly) {
  MemoryStore store = enrolled_at("ws://a:8470");
  ServerEndpoint endpoint = *ServerEndpoint::load(store);
  const Timestamp now{1'756'774'800'000};
  EXPECT_FALSE(endpoint.prefers_http(now));
  ASSERT_TRUE(endpoint.note_http(store, now));
  const ServerEndpoint later = *ServerEndpoint::load(store);
  EXPECT_TRUE(later.prefers_http(Timestamp{now.value + events::milliseconds_per_day - 1}));
  EXPECT_FALSE(later.prefers_http(Timestamp{now.value + events::milliseconds_per_day}));
}

TEST(ServerEndpoint, RemembersAProxyThatEndsTls) {
  MemoryStore store = enrolled_at("wss://a:8470");
  ServerEndpoint endpoint = *ServerEndpoint::load(store);
  ASSERT_TRUE(endpoint.note_binding(store, false));
  EXPECT_FALSE(ServerEndpoint::load(store)->binds());
  ASSERT_TRUE(endpoint.note_binding(store, true));
  EXPECT_TRUE(ServerEndpoint::load(store)->binds());
}

TEST(ServerEndpoint, AFullDiskIsTold) {
  MemoryStore store = enrolled_at("ws://a:8470");
  ServerEndpoint endpoint = *ServerEndpoint::load(store);
  store.set_failing(true);
  const events::Result<void> kept = endpoint.note_answer_at(store, "ws://b:8470");
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, ErrorCode::device_storage);
}

}  // namespace
}  // namespace clients
