#include "events/proofs/signed_note.h"
#include "server/api/api_service.h"
#include "server/app/api_ports.h"
#include "server/channels/listener.h"
#include "tests/e2e/raw_socket.h"
#include "tests/server/channels/served_log.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

// Who waits for the interface for other systems, and who does not, over real sockets.

namespace server::test {
namespace {

using e2e::RawSocket;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A server whose thread of the interface is at work for as long as the test likes.
class ApiCrowd : public testing::Test {
 protected:
  void start(WaitingPlaces::Limits waiting = {}, GateLimits connections = {}) {
    served_.emplace(founded_, connections);
    api_.emplace(
        ApiService::Parts{.state = api_state_of(founded_.log, served_->projector),
                          .credentials = credential_ports_of(
                              served_->committer, [this] { return founded_.now; }, tokens_),
                          .is_repairing = [] { return false; },
                          .api_thread = ApiExecutor{api_thread_.get_executor()},
                          .network = NetworkExecutor{served_->machine.get_executor()},
                          .waiting = waiting});
    served_->services.api = &*api_;
    net::ip::tcp::acceptor acceptor(served_->machine, {net::ip::address_v4::loopback(), 0});
    port_ = acceptor.local_endpoint().port();
    std::vector<Door> doors;
    doors.push_back({std::move(acceptor)});
    listener_.emplace(std::move(doors), NetworkExecutor{served_->machine.get_executor()},
                      served_->services, ConnectionLimits{});
    net::co_spawn(served_->machine, listener_->run(0), net::detached);
    work_.emplace(served_->machine.get_executor());
    machine_thread_ = std::thread([this] { served_->machine.run(); });
    std::promise<void> is_busy;
    net::post(api_thread_, [this, &is_busy] {
      is_busy.set_value();
      free_.get_future().wait();
    });
    is_busy.get_future().wait();
  }
  void TearDown() override {
    free();
    api_thread_.join();
    served_->machine.stop();
    machine_thread_.join();
  }
  /// The thread goes on.
  void free() {
    if (!std::exchange(is_free_, true)) free_.set_value();
  }

  std::string token() {
    const auto made = tokens_.add("Cổng dữ liệu", {}, 30, founded_.now);
    EXPECT_TRUE(made);
    return "Authorization: Bearer " + made->text + "\r\n";
  }
  std::string signature(events::ChainNumber chain, const events::SigningKey& key) const {
    const std::string parameters = "(\"@method\" \"@authority\" \"@path\" \"@query\");created=" +
                                   std::to_string(founded_.now.value / 1'000) + ";keyid=\"" +
                                   std::to_string(chain.value) + "\";alg=\"ed25519\"";
    const std::string base =
        "\"@method\": GET\n\"@authority\": x\n\"@path\": /v1/totals\n\"@query\": ?\n"
        "\"@signature-params\": " +
        parameters;
    return "Signature-Input: sig1=" + parameters +
           "\r\nSignature: sig1=:" + events::to_base64(key.sign(events::bytes_of(base)).bytes) +
           ":\r\n";
  }
  /// Asks for totals from an address of its own.
  std::unique_ptr<RawSocket> ask(const std::string& credentials) {
    const std::string from =
        "127.0." + std::to_string(1 + asked_ / 200) + "." + std::to_string(2 + asked_ % 200);
    ++asked_;
    auto socket = std::make_unique<RawSocket>(port_, from.c_str());
    socket->send("GET /v1/totals HTTP/1.1\r\nHost: x\r\n" + credentials +
                 "Connection: close\r\n\r\n");
    return socket;
  }
  static std::string answer_of(const RawSocket& socket) { return socket.read_to_end(seconds(20)); }
  static int status_of(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::atoi(answer.c_str() + 9) : 0;
  }
  static bool waits(const RawSocket& socket) {
    std::string ignored;
    return socket.read(&ignored, milliseconds(200)) == RawSocket::Read::nothing;
  }

  FoundedLog founded_;
  std::optional<ServedLog> served_;
  e2e::ScratchDirectory scratch_;
  TokenStore tokens_{scratch_ / "api.tokens", {}};
  net::thread_pool api_thread_{1};
  std::optional<ApiService> api_;
  std::optional<Listener> listener_;
  std::optional<net::executor_work_guard<net::io_context::executor_type>> work_;
  std::thread machine_thread_;
  std::promise<void> free_;
  bool is_free_ = false;
  std::uint16_t port_ = 0;
  int asked_ = 0;
};

// A crowd with wrong tokens from many addresses shut all readers out for as long as one long count
// took.
TEST_F(ApiCrowd, StrangersAreAnsweredAtOnceAndTakeNoReadersPlace) {
  start();
  const std::string good = token();
  std::vector<std::unique_ptr<RawSocket>> strangers;
  for (int count = 0; count < 40; ++count) {
    strangers.push_back(ask(""));
    strangers.push_back(ask("Authorization: Bearer kht_" + std::string(43, 'A') + "\r\n"));
    strangers.push_back(ask(signature(events::ChainNumber{99}, founded_.admin.key())));
    strangers.push_back(ask(signature(admin_chain, test_support::a_key(9))));
  }
  for (const auto& stranger : strangers) EXPECT_EQ(status_of(answer_of(*stranger)), 401);
  const auto reader = ask(good);
  const auto device = ask(signature(admin_chain, founded_.admin.key()));
  EXPECT_TRUE(waits(*reader));
  EXPECT_TRUE(waits(*device));
  free();
  EXPECT_EQ(status_of(answer_of(*reader)), 200);
  EXPECT_EQ(status_of(answer_of(*device)), 200);
  const auto lines = served_->security.take();
  EXPECT_EQ(std::ranges::count(lines, "unknown_token", &SecurityLog::Line::reason), 40);
  EXPECT_EQ(std::ranges::count(lines, "not_enrolled", &SecurityLog::Line::reason), 40);
  EXPECT_EQ(std::ranges::count(lines, "bad_signature", &SecurityLog::Line::reason), 40);
}

// A stranger makes room for the next one: a reader that waits for its answer is none any more.
TEST_F(ApiCrowd, AReaderThatWaitsIsNotPushedOut) {
  start({}, GateLimits{8});
  const auto reader = ask(token());
  const auto device = ask(signature(admin_chain, founded_.admin.key()));
  EXPECT_TRUE(waits(*reader));
  EXPECT_TRUE(waits(*device));
  std::vector<std::unique_ptr<RawSocket>> strangers;
  for (int count = 0; count < 10; ++count) {
    strangers.push_back(std::make_unique<RawSocket>(port_, "127.0.0.7"));
  }
  EXPECT_TRUE(waits(*reader));
  free();
  EXPECT_EQ(status_of(answer_of(*reader)), 200);
  EXPECT_EQ(status_of(answer_of(*device)), 200);
  EXPECT_GE(count_of(served_->security.take(), "pushed_out", "no_greeting"), 6U);
}

// A portal that asks for every unit at once must not shut out the board that asks for one.
TEST_F(ApiCrowd, OneReaderTakesNoOthersPlace) {
  start({.all = 8, .of_one = 4});
  const std::string greedy = token();
  const std::string modest = token();
  std::vector<std::unique_ptr<RawSocket>> waiting;
  for (int count = 0; count < 4; ++count) waiting.push_back(ask(greedy));
  for (const auto& each : waiting) EXPECT_TRUE(waits(*each));
  const std::string enough = answer_of(*ask(greedy));
  EXPECT_EQ(status_of(enough), 429) << enough;
  EXPECT_NE(enough.find("Retry-After: "), std::string::npos) << enough;
  waiting.push_back(ask(modest));
  EXPECT_TRUE(waits(*waiting.back()));
  free();
  for (const auto& each : waiting) EXPECT_EQ(status_of(answer_of(*each)), 200);
  EXPECT_EQ(status_of(answer_of(*ask(greedy))), 200) << "the places are free again";
}

TEST_F(ApiCrowd, WhenAllPlacesAreTakenTheNextReaderComesAgainLater) {
  start({.all = 2, .of_one = 1});
  std::vector<std::unique_ptr<RawSocket>> waiting;
  for (int count = 0; count < 2; ++count) waiting.push_back(ask(token()));
  for (const auto& each : waiting) EXPECT_TRUE(waits(*each));
  const std::string busy = answer_of(*ask(token()));
  EXPECT_EQ(status_of(busy), 503) << busy;
  EXPECT_NE(busy.find("Retry-After: "), std::string::npos) << busy;
  free();
  for (const auto& each : waiting) EXPECT_EQ(status_of(answer_of(*each)), 200);
}

}  // namespace
}  // namespace server::test
