#include "server/api/credentials.h"

#include "tests/server/api/served_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace server::test {
namespace {

using test_support::World;

class CredentialsTest : public testing::Test {
 protected:
  std::string code_of(const ApiAnswer& answer) const {
    return std::string(served_.body_of(answer).at("code").as_string());
  }
  static std::string history_of(events::DossierId dossier) {
    return "/v1/dossiers/" + to_string(dossier) + "/history";
  }
  static std::string number(std::uint64_t value) { return std::to_string(value); }

  ServedWorld served_{the_scene().world};
  std::string all_ = served_.token({});
};

TEST_F(CredentialsTest, DevicesReadByTheRolesOfTheirPeople) {
  const auto& place = served_.world.commune(0);
  const events::SigningKey key = test_support::key_of(place.devices[0]);
  const std::string keyid = number(place.devices[0].value);
  const ApiRequest own = sign(served_.get(history_of(the_scene().first)), keyid, key, served_.now);
  const ApiAnswer answer = served_.serve(own);
  EXPECT_EQ(answer.response.status, 200) << answer.response.body;
  EXPECT_EQ(answer.caller, ApiCaller::proved);
  const ApiRequest other =
      sign(served_.get(history_of(the_scene().second)), keyid, key, served_.now);
  EXPECT_EQ(served_.serve(other).response.status, 404);
}

TEST_F(CredentialsTest, ASignatureHoldsForItsRequestItsKeyAndSomeMinutes) {
  const auto& place = served_.world.commune(0);
  const events::SigningKey key = test_support::key_of(place.devices[0]);
  const std::string keyid = number(place.devices[0].value);
  const auto reason = [&](const ApiRequest& request) {
    const ApiAnswer answer = served_.serve(request);
    EXPECT_EQ(answer.response.status, 401);
    EXPECT_FALSE(answer.response.header("WWW-Authenticate").empty());
    EXPECT_EQ(answer.caller, ApiCaller::refused);
    return answer.reason;
  };
  const ApiRequest good = sign(served_.get("/v1/totals"), keyid, key, served_.now);
  EXPECT_EQ(served_.serve(good).response.status, 200);
  ApiRequest changed = good;
  changed.target = "/v1/totals?limit=1";
  EXPECT_EQ(reason(changed), "bad_signature");
  changed = good;
  changed.method = "HEAD";
  EXPECT_EQ(reason(changed), "bad_signature");
  changed = good;
  changed.authority = "other.example";
  EXPECT_EQ(reason(changed), "bad_signature");
  const auto at = [&](std::int64_t seconds) {
    return sign(served_.get("/v1/totals"), keyid, key,
                events::Timestamp{served_.now.value + static_cast<std::uint64_t>(seconds * 1'000)});
  };
  EXPECT_EQ(reason(at(-302)), "untimely_signature");
  EXPECT_EQ(reason(at(302)), "untimely_signature");
  EXPECT_EQ(served_.serve(at(-290)).response.status, 200);
  EXPECT_EQ(reason(sign(served_.get("/v1/totals"), "999", key, served_.now)), "not_enrolled");
  EXPECT_EQ(reason(sign(served_.get("/v1/totals"), "1", key, served_.now)), "unknown_key");
  const std::string neighbour = number(served_.world.commune(1).devices[0].value);
  EXPECT_EQ(reason(sign(served_.get("/v1/totals"), neighbour, key, served_.now)), "bad_signature");
  changed = good;
  changed.authorization = "Bearer " + all_;
  EXPECT_EQ(reason(changed), "two_credentials");
}

TEST_F(CredentialsTest, ARevokedDeviceReadsNothing) {
  const auto& place = served_.world.commune(0);
  World later = the_scene().world;
  const events::DeviceId device = later.state().access().device_of(place.devices[0])->id;
  later.administer(events::DeviceRevoked{device, "Mất máy"},
                   events::StreamId{events::StreamKind::access, device.event});
  const ApiRequest request = sign(served_.get("/v1/totals"), number(place.devices[0].value),
                                  test_support::key_of(place.devices[0]), later.now());
  served_.go_on(later);
  const ApiAnswer answer = served_.serve(request);
  EXPECT_EQ(answer.response.status, 401);
  EXPECT_EQ(answer.reason, "revoked");
}

// A program that signs with a device's key would go on reading when the roles of its people are
// over.
TEST_F(CredentialsTest, ADeviceReadsByTheRolesOfTheDay) {
  const auto& place = served_.world.commune(0);
  World later = the_scene().world;
  const events::Day tomorrow{later.today().value + 1};
  const auto persons = later.state().access().device_of(place.devices[0])->persons;
  const projections::EntityTable<projections::Grant> grants = later.state().access().grants();
  for (const projections::Grant& grant : grants) {
    if (std::ranges::find(persons, grant.person) == persons.end()) continue;
    later.administer(events::RoleRevoked{grant.id, tomorrow, "Thôi việc"},
                     events::StreamId{events::StreamKind::access, grant.id.event});
  }
  served_.go_on(later);
  const auto status_at = [&](events::Timestamp now) {
    served_.now = now;
    return served_
        .serve(sign(served_.get(history_of(the_scene().first)), number(place.devices[0].value),
                    test_support::key_of(place.devices[0]), now))
        .response.status;
  };
  const events::Timestamp midnight = events::midnight_in_vietnam(tomorrow);
  EXPECT_EQ(status_at(events::Timestamp{midnight.value - 1}), 200);
  EXPECT_EQ(status_at(midnight), 404);
}

TEST_F(CredentialsTest, TokensThatDoNotHoldAreRefusedInOneSentence) {
  const std::string expiring = served_.token({}, 1);
  const std::string revoked = served_.token({});
  ASSERT_TRUE(served_.tokens.revoke(3, served_.now));
  const ApiAnswer missing = served_.ask("/v1/totals");
  EXPECT_EQ(missing.response.status, 401);
  EXPECT_EQ(missing.caller, ApiCaller::unproved) << "nobody tried anything";
  const ApiAnswer wrong = served_.ask("/v1/totals", "kht_" + std::string(43, 'A'));
  EXPECT_EQ(wrong.response.status, 401);
  EXPECT_EQ(wrong.reason, "unknown_token");
  const ApiAnswer ended = served_.ask("/v1/totals", revoked);
  EXPECT_EQ(ended.reason, "revoked_token");
  EXPECT_EQ(ended.response.body, wrong.response.body);
  served_.now.value += events::milliseconds_per_day;
  EXPECT_EQ(served_.ask("/v1/totals", expiring).reason, "expired_token");
  ApiRequest basic = served_.get("/v1/totals");
  basic.authorization = "Basic YTpi";
  EXPECT_EQ(served_.serve(basic).reason, "scheme");
  basic.authorization = "bearer " + all_;
  EXPECT_EQ(served_.serve(basic).response.status, 200);
}

TEST_F(CredentialsTest, AWrongClockLetsNobodyIn) {
  served_.clock_is_right = false;
  const ApiAnswer answer = served_.ask("/v1/totals", all_);
  EXPECT_EQ(answer.response.status, 503);
  EXPECT_EQ(code_of(answer), "server_clock");
}

}  // namespace
}  // namespace server::test
