#include "server/app/control_socket.h"

#include "tests/e2e/scratch_directory.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace server {
namespace {

namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Result;
using std::chrono::milliseconds;
using std::chrono::seconds;

json::object a_request(const char* what) {
  json::object request;
  request["do"] = what;
  return request;
}

class ControlSocketTest : public testing::Test {
 protected:
  void open(ControlSocket::Serve serve) {
    auto opened = ControlSocket::open(data(), std::move(serve), milliseconds(200));
    ASSERT_TRUE(opened) << opened.error().message;
    socket_ = std::move(*opened);
  }
  /// One that says back what it is asked.
  void open_echo() {
    open([](const json::object& request, const OnProgress&) { return request; });
  }
  std::filesystem::path data() const { return scratch_.path(); }
  Result<json::object> ask(const json::object& request) const {
    return ask_running_server(data(), request, {});
  }

  e2e::ScratchDirectory scratch_;
  std::unique_ptr<ControlSocket> socket_;
};

/// A caller that says what it is told to, and reads only when it is told to.
class RawCaller {
 public:
  explicit RawCaller(const std::filesystem::path& data) {
    socket_.connect(boost::asio::local::stream_protocol::endpoint((data / "control").string()));
  }
  void say(const std::string& text) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(text), ignored);
  }
  std::string line() {
    boost::system::error_code ignored;
    const std::size_t size =
        boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), '\n', ignored);
    const std::string text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
  }

 private:
  boost::asio::io_context context_;
  boost::asio::local::stream_protocol::socket socket_{context_};
  std::string buffer_;
};

TEST_F(ControlSocketTest, ProgressComesBeforeTheAnswer) {
  open([](const json::object& request, const OnProgress& on_progress) -> Result<json::object> {
    on_progress("copy", 1, 2);
    on_progress("copy", 2, 2);
    return request;
  });
  std::vector<std::pair<std::uint64_t, std::uint64_t>> steps;
  const auto answer =
      ask_running_server(data(), a_request("backup"), [&](const char* what, auto done, auto all) {
        EXPECT_STREQ(what, "copy");
        steps.emplace_back(done, all);
      });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, a_request("backup"));
  EXPECT_EQ(steps, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 2}, {2, 2}}));
}

TEST_F(ControlSocketTest, AnErrorComesBackAsItIs) {
  open([](const json::object&, const OnProgress&) -> Result<json::object> {
    return Error{ErrorCode::quota, "nothing is left"};
  });
  const auto answer = ask(a_request("x"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::quota);
  EXPECT_EQ(answer.error().message, "nothing is left");
}

TEST_F(ControlSocketTest, WhereNoServerRunsNobodyIsFound) {
  EXPECT_EQ(ask(a_request("x")).error().code, ErrorCode::not_found);
  EXPECT_EQ(ask_running_server(data() / "none", a_request("x"), {}).error().code,
            ErrorCode::not_found);
  open_echo();
  socket_.reset();
  EXPECT_FALSE(std::filesystem::exists(data() / "control"));
  EXPECT_EQ(ask(a_request("x")).error().code, ErrorCode::not_found);
}

// Whoever may open it may have a backup written to any place.
TEST_F(ControlSocketTest, OnlyItsOwnerMayOpenIt) {
  open_echo();
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(data() / "control").permissions(),
            perms::owner_read | perms::owner_write);
}

TEST_F(ControlSocketTest, TheSocketOfAServerThatWasKilledIsReplaced) {
  {
    boost::asio::io_context context;
    const boost::asio::local::stream_protocol::acceptor left(context,
                                                             (data() / "control").string());
  }
  ASSERT_TRUE(std::filesystem::exists(data() / "control"));
  open_echo();
  EXPECT_TRUE(ask(a_request("x")));
}

// Addresses of sockets end at 107 bytes, and the folders of operators do not.
TEST_F(ControlSocketTest, ThePathOfTheDataMayBeLong) {
  const auto deep = data() / std::string(120, 'a') / std::string(120, 'b');
  std::filesystem::create_directories(deep);
  const auto opened = ControlSocket::open(
      deep, [](const json::object& request, const OnProgress&) { return request; });
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(ask_running_server(deep, a_request("x"), {}));
}

TEST_F(ControlSocketTest, WhatIsNoLineOfJsonIsRefusedAndTheNextIsServed) {
  open_echo();
  for (const auto& [text, code] : {std::pair{std::string("{\n"), ErrorCode::malformed},
                                   {std::string("[1]\n"), ErrorCode::malformed},
                                   {std::string(70'000, ' '), ErrorCode::too_large}}) {
    RawCaller caller(data());
    caller.say(text);
    const std::string answer = caller.line();
    EXPECT_NE(answer.find("\"error\":" + std::to_string(static_cast<int>(code)) + ","),
              std::string::npos)
        << answer;
  }
  EXPECT_TRUE(ask(a_request("x")));
}

// The list of a thousand tokens is longer than any request; the new token stood in it, and was
// lost.
TEST_F(ControlSocketTest, AnAnswerMayBeLong) {
  open([](const json::object&, const OnProgress&) -> Result<json::object> {
    json::object answer;
    answer["list"] = std::string(3'000'000, 'x');
    return answer;
  });
  const auto answer = ask(a_request("x"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->at("list").as_string().size(), 3'000'000U);
}

// An operator's hung terminal must not keep the next one from the backup, nor the server from its
// end.
TEST_F(ControlSocketTest, ASilentCallerIsLeft) {
  open_echo();
  RawCaller silent(data());
  RawCaller half(data());
  half.say("{\"do\":");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(ask(a_request("x")));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(20));
}

TEST_F(ControlSocketTest, TheWorkGoesOnWhenNobodyReads) {
  std::atomic<int> told{0};
  open([&](const json::object& request, const OnProgress& on_progress) -> Result<json::object> {
    if (!request.contains("long")) return request;
    for (int step = 0; step < 30'000; ++step, ++told) on_progress("copy", 1, 30'000);
    return request;
  });
  RawCaller deaf(data());
  deaf.say("{\"long\":1}\n");
  EXPECT_TRUE(ask(a_request("x")));
  EXPECT_EQ(told, 30'000);
}

TEST_F(ControlSocketTest, ItsEndWaitsForTheRequestAtWork) {
  std::promise<void> begun;
  std::promise<void> may_end;
  open([&](const json::object& request, const OnProgress&) -> Result<json::object> {
    begun.set_value();
    may_end.get_future().wait();
    return request;
  });
  auto answer = std::async(std::launch::async, [&] { return ask(a_request("x")); });
  begun.get_future().wait();
  auto ended = std::async(std::launch::async, [&] { socket_.reset(); });
  EXPECT_EQ(ended.wait_for(milliseconds(100)), std::future_status::timeout);
  may_end.set_value();
  ended.wait();
  EXPECT_TRUE(answer.get());
}

// A server that ran out of file descriptors once could never again be asked for a backup.
TEST_F(ControlSocketTest, ItGoesOnWhenFileDescriptorsAreThereAgain) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "UBSan opens a pipe to look at an object, and here are no descriptors";
#endif
  open_echo();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  RawCaller first(data());
  first.say("{}\n");
  ASSERT_FALSE(first.line().empty());
  const int next = ::dup(0);
  ::close(next);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next) + 4;  // An I/O context and the caller's own socket.
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  std::vector<std::unique_ptr<RawCaller>> callers;
  try {
    for (int count = 0; count < 4; ++count) callers.push_back(std::make_unique<RawCaller>(data()));
  } catch (const std::exception&) {
    // There is no descriptor left for the caller itself.
  }
  std::this_thread::sleep_for(milliseconds(50));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  callers.clear();
  EXPECT_TRUE(ask(a_request("x")));
}

}  // namespace
}  // namespace server
