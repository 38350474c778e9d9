#include "tests/e2e/commune_setup.h"
#include "tests/e2e/http_proxy.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

namespace e2e {
namespace {

bool asks_for_web_socket(const std::string& head) {
  return head.find("Upgrade: websocket") != std::string::npos;
}

/// A commune's device with something to send, behind a proxy.
class HttpFallback : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(setup_.run()); }

  void register_people(int count) {
    for (int person = 0; person < count; ++person, ++registered_) {
      setup_.commune().record({"register", "--consent", "assess", "--confirmed-by",
                               "subject_present", "--actor", setup_.officer("proxy_entrant"),
                               "--name",
                               "Lò Thị " + std::string(1, static_cast<char>('A' + registered_)),
                               "--birth", "1990", "--gender", "female", "--hamlet", "Bản Nà Tấu",
                               "--cycle", "2026", "--group", "farmer_rural"});
    }
  }
  boost::json::object sync(const HttpProxy& proxy) {
    const auto answer = setup_.commune().json({"sync", "--server", proxy.url()});
    return answer.is_object() ? answer.as_object() : boost::json::object{};
  }
  Finished fail_to_sync(const HttpProxy& proxy) {
    return setup_.commune().run({"sync", "--server", proxy.url()});
  }
  int status_of(const char* key) {
    const auto status = setup_.commune().json({"status"});
    return status.is_object() ? status.as_object().at(key).to_number<int>() : -1;
  }
  void expect_all_arrived(int people) {
    EXPECT_EQ(status_of("own_events"), 3 * people);
    EXPECT_EQ(status_of("device_only"), 0);
    const events::ChainNumber chain{static_cast<std::uint32_t>(status_of("chain"))};
    EXPECT_EQ(setup_.server().stop(), (Ending{0, 0})) << setup_.server().errors();
    const StoredLog log = StoredLog::read(setup_.server().data(), chain);
    EXPECT_EQ(log.of_device.size(), 3U * static_cast<unsigned>(people));
    expect_each_once(log);
  }

  ScratchDirectory scratch_;
  CommuneSetup setup_{scratch_.path()};
  int registered_ = 0;  ///< Nobody twice: people who look the same are refused.
};

// Case 19: the district office's proxy knows no WebSocket.  The day's work must arrive all the
// same, and tomorrow without asking the proxy again.
TEST_F(HttpFallback, ProxyThatRefusesWebSocketsIsPassedByHttpAndRemembered) {
  std::atomic<int> upgrades{0};
  const HttpProxy proxy(setup_.server().port(), [&](std::string* head) {
    const bool asks = asks_for_web_socket(*head);
    if (asks) ++upgrades;
    return asks ? std::optional(http_answer("400 Bad Request", "text/plain", "no\n"))
                : std::nullopt;
  });
  register_people(12);
  const auto first = sync(proxy);
  EXPECT_TRUE(first.at("over_http").as_bool());
  EXPECT_TRUE(first.at("synced").as_bool());
  EXPECT_EQ(upgrades, 1);
  register_people(1);
  EXPECT_TRUE(sync(proxy).at("synced").as_bool());
  EXPECT_EQ(upgrades, 1) << "for a day the proxy is not asked again";
  expect_all_arrived(13);
}

// Others take the header out and let the request through as a plain one.
TEST_F(HttpFallback, ProxyThatStripsTheUpgradeIsPassedByHttp) {
  const HttpProxy proxy(setup_.server().port(),
                        [](std::string* head) -> std::optional<std::string> {
                          const std::size_t at = head->find("Upgrade: websocket");
                          if (at != std::string::npos) head->replace(at, 18, "X-Stripped: 1234567");
                          return std::nullopt;
                        });
  register_people(2);
  EXPECT_TRUE(sync(proxy).at("over_http").as_bool());
  expect_all_arrived(2);
}

// And others hang up.
TEST_F(HttpFallback, ProxyThatHangsUpOnTheUpgradeIsPassedByHttp) {
  const HttpProxy proxy(setup_.server().port(), [](std::string* head) {
    return asks_for_web_socket(*head) ? std::optional<std::string>("") : std::nullopt;
  });
  register_people(2);
  EXPECT_TRUE(sync(proxy).at("over_http").as_bool());
  expect_all_arrived(2);
}

// Case 20: a guest house answers everything with its own page.  Nothing on the device may change,
// and the officer must know that it is the network.
TEST_F(HttpFallback, CaptivePortalChangesNothingAndIsNamed) {
  register_people(2);
  for (const std::string& answer :
       {http_answer("200 OK", "text/html", "<html>Chào mừng quý khách</html>"),
        http_answer("302 Found", "text/html", "", "Location: http://portal.example/\r\n"),
        http_answer("511 Network Authentication Required", "text/html", "<html></html>")}) {
    SCOPED_TRACE(answer.substr(0, 20));
    const HttpProxy portal(setup_.server().port(), [&](std::string*) { return answer; });
    const int before = status_of("device_only");
    const Finished refused = fail_to_sync(portal);
    EXPECT_EQ(refused.exit_code(), 3) << refused.all();
    EXPECT_NE(refused.all().find("mở trình duyệt"), std::string::npos) << refused.all();
    EXPECT_EQ(status_of("device_only"), before);
  }
  const auto after = setup_.commune().json({"sync"}).as_object();
  EXPECT_FALSE(after.at("over_http").as_bool()) << "a portal says nothing about WebSockets";
  expect_all_arrived(2);
}

// Many offices put nginx with the certificate in front; the greeting cannot be bound to it.
TEST_F(HttpFallback, ProxyThatEndsTlsIsPassedWithAGreetingThatIsNotBound) {
  const bench::Certificate certificate = bench::make_certificate(scratch_ / "tls");
  const HttpProxy proxy(
      setup_.server().port(), [](std::string*) { return std::nullopt; },
      std::move(*network::TlsServer::open(certificate.certificate, certificate.key)));
  register_people(2);
  const std::vector<std::string> command{"sync", "--server", proxy.url(), "--ca",
                                         certificate.authority.string()};
  EXPECT_EQ(setup_.commune().run(command).exit_code(), 0);
  const auto again = setup_.commune().json({"sync", "--server", proxy.url()}).as_object();
  EXPECT_EQ(again.at("connections").to_number<int>(), 1) << "it has learned";
  EXPECT_FALSE(again.at("over_http").as_bool());
  expect_all_arrived(2);
}

// Where nobody answers, another way to nobody only costs the officer's time.
TEST_F(HttpFallback, NobodyThereIsNotAskedOverHttp) {
  EXPECT_EQ(setup_.server().stop(), (Ending{0, 0}));
  const Finished refused = setup_.commune().run({"sync"});
  EXPECT_EQ(refused.exit_code(), 3) << refused.all();
  EXPECT_NE(refused.all().find("thử lại khi có mạng"), std::string::npos) << refused.all();
}

}  // namespace
}  // namespace e2e
