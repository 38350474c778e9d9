#include "tests/e2e/page_peer.h"

#include "events/protocol/frame_codec.h"
#include "events/protocol/upgrade.h"
#include "platform/clock.h"
#include "tests/support/page_fields.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <string_view>

namespace e2e {

namespace json = boost::json;

namespace {

/// As a browser sends it; the host is that of RawWebSocket.
constexpr std::string_view origin = "Origin: http://localhost\r\n";

std::string take_counted(std::string_view& rest) {
  std::size_t size = 0;
  for (std::size_t index = 4; index > 0; --index) {
    size = (size << 8U) | static_cast<std::uint8_t>(rest[index - 1]);
  }
  std::string text(rest.substr(4, size));
  rest.remove_prefix(4 + size);
  return text;
}

std::string text_of(const events::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

PagePeer::PagePeer() { load(); }

void PagePeer::load() {
  device_ =
      std::make_unique<clients::web::PageDevice>([] { return platform::random_seed().bytes; });
  events::Bytes rows;
  for (const auto& [key, value] : disk_) test_support::append_row(rows, key, value);
  expect("load", {{"rows", text_of(rows)}});
}

json::object PagePeer::restart() {
  load();
  expect("open");
  return expect("unlock", {{"master", std::string(master_.begin(), master_.end())}});
}

json::object PagePeer::call(const std::string& name, const Given& given) {
  events::Bytes input;
  test_support::append_field(input, "now", std::to_string(platform::now().value + passed_));
  for (const auto& [field, value] : given) test_support::append_field(input, field, value);
  for (const clients::web::NamedCall& each : clients::web::page_calls()) {
    if (each.name != name) continue;
    const clients::web::Reply reply = clients::web::make_call(each, *device_, input);
    write(clients::web::packed_changes(device_->rows()));
    bytes_ = reply.bytes;
    boost::system::error_code failure;
    const json::value value = json::parse(reply.json, failure);
    EXPECT_FALSE(failure) << reply.json;
    EXPECT_TRUE(value.is_object()) << reply.json;
    return value.is_object() ? value.as_object() : json::object{};
  }
  ADD_FAILURE() << "no such call: " << name;
  return {};
}

json::object PagePeer::expect(const std::string& name, const Given& given) {
  const json::object answer = call(name, given);
  EXPECT_FALSE(answer.contains("error")) << name << ": " << json::serialize(answer);
  return answer;
}

void PagePeer::write(const events::Bytes& rows) {
  const std::string bytes = text_of(rows);
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const char kind = rest.front();
    rest.remove_prefix(1);
    const std::string key = take_counted(rest);
    const std::string value = take_counted(rest);
    if (kind == 1) {
      disk_[key] = value;
    } else if (kind == 2) {
      disk_.erase(key);
    } else {
      disk_.erase(disk_.lower_bound(key), disk_.lower_bound(value));
    }
  }
}

void PagePeer::enrol(std::uint16_t port, const std::string& code, const std::string& label) {
  restart();
  expect("enrol_ask", {{"code", code}, {"label", label}});
  ask_for_chain(port, "enrol_answer");
}

void PagePeer::take_new_chain(std::uint16_t port) {
  expect("new_chain_ask");
  ask_for_chain(port, "new_chain_answer");
}

void PagePeer::ask_for_chain(std::uint16_t port, const std::string& call) {
  RawWebSocket socket(port, events::protocol::subprotocol, origin);
  ASSERT_TRUE(socket.send_bytes(bytes_));
  const auto answer = socket.next();
  ASSERT_TRUE(answer) << "the server answers a request for a chain";
  expect(call, {{"frames", text_of(events::protocol::encode_frame(*answer))}});
}

json::object PagePeer::sync(std::uint16_t port) {
  json::object state = try_sync(port);
  EXPECT_FALSE(state.contains("error")) << json::serialize(state);
  return state;
}

json::object PagePeer::try_sync(std::uint16_t port) {
  RawWebSocket socket(port, events::protocol::subprotocol, origin);
  json::object state = expect("greet", {{"live", "0"}});
  EXPECT_TRUE(socket.send_bytes(bytes_));
  for (int frame = 0; frame < 10'000; ++frame) {
    const auto answer = socket.next();
    if (!answer) break;
    state = call("frames", {{"frames", text_of(events::protocol::encode_frame(*answer))}});
    if (!bytes_.empty()) {
      EXPECT_TRUE(socket.send_bytes(bytes_));
    }
    if (state.contains("error") || state.at("finished").as_bool()) break;
  }
  expect("hang_up");
  return state;
}

}  // namespace e2e
