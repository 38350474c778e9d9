#include "tests/e2e/page_peer.h"

#include "events/protocol/frame_codec.h"
#include "events/protocol/upgrade.h"
#include "platform/clock.h"
#include "tests/support/event_builders.h"
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
  const bool is_spoken = name == "greet" || name == "frames" || name == "push";
  const std::string now = std::to_string(platform::now().value + passed_);
  Given signatures;
  events::Bytes said;
  for (int tries = 0;; ++tries) {
    const bool goes_on = tries > 0 && is_spoken;
    Given all = goes_on ? Given{} : given;
    all.insert(all.end(), signatures.begin(), signatures.end());
    json::object answer = step(goes_on ? "push" : name, now, all);
    events::append_bytes(said, bytes_);
    bytes_ = said;
    if (!answer.contains("to_sign")) return answer;
    EXPECT_LT(tries, 8) << name;
    for (const json::value& request : answer.at("to_sign").as_array()) {
      const auto signature = signed_by_browser(std::string_view(request.as_string()));
      if (!signature || tries == 8) return answer;
      signatures.emplace_back("signature", *signature);
    }
  }
}

std::optional<std::string> PagePeer::signed_by_browser(std::string_view request) {
  const events::Bytes bytes = test_support::from_hex(request);
  const auto key = held_.find(std::string(bytes.begin(), bytes.begin() + 32));
  if (key == held_.end()) return std::nullopt;
  ++signatures_;
  const events::Signature signature = key->second.sign(events::ByteView(bytes).subspan(32));
  return std::string(signature.bytes.begin(), signature.bytes.end()).append(text_of(bytes));
}

PagePeer::Given PagePeer::fresh_key() {
  if (!holds_keys_) return {};
  events::SigningKey key = events::SigningKey::from_seed(platform::random_seed());
  const events::PublicKey half = key.public_key();
  const std::string name(half.bytes.begin(), half.bytes.end());
  held_.emplace(name, std::move(key));
  return {{"browser_key", name}};
}

json::object PagePeer::step(const std::string& name, const std::string& now, const Given& given) {
  events::Bytes input;
  test_support::append_field(input, "now", now);
  test_support::append_field(input, "steady", std::to_string(platform::steady_milliseconds()));
  for (const auto& [field, value] : given) test_support::append_field(input, field, value);
  for (const clients::web::NamedCall& each : clients::web::page_calls()) {
    if (each.name != name) continue;
    const clients::web::Reply reply = clients::web::make_call(each, *device_, input);
    write(clients::web::packed_changes(*device_));
    bytes_ = reply.bytes;
    boost::system::error_code failure;
    const json::value value = json::parse(reply.json, failure);
    EXPECT_FALSE(failure) << reply.json;
    EXPECT_TRUE(value.is_object()) << reply.json;
    EXPECT_EQ(reply.awaits_signatures, value.as_object().contains("to_sign"));
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
    std::string key = take_counted(rest);
    std::string end = take_counted(rest);
    const bool is_piece = key.front() == 'B';
    if (is_piece) key = events::to_hex(events::bytes_of(key).subspan(1));
    Disk& disk = is_piece ? files_ : disk_;
    if (kind == 1) {
      disk[key] = end;
    } else if (kind == 2) {
      disk.erase(key);
    } else {
      if (is_piece) end = key + "~";
      disk.erase(disk.lower_bound(key), disk.lower_bound(end));
    }
  }
}

void PagePeer::enrol(std::uint16_t port, const std::string& code, const std::string& label) {
  restart();
  Given given = fresh_key();
  given.insert(given.end(), {{"code", code}, {"label", label}});
  expect("enrol_ask", given);
  ask_for_chain(port, "enrol_answer");
}

void PagePeer::take_new_chain(std::uint16_t port) {
  expect("new_chain_ask", fresh_key());
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
    if (state.contains("error")) break;
    while (give_files(state)) {
      state = expect("push");
      if (!bytes_.empty()) {
        EXPECT_TRUE(socket.send_bytes(bytes_));
      }
    }
    const bool has_files = !state.at("files").at("idle").as_bool();
    if (state.at("finished").as_bool() && !has_files) break;
  }
  expect("hang_up");
  return state;
}

bool PagePeer::give_files(const json::object& state) {
  const auto wants = state.find("wants");
  if (wants == state.end()) return false;
  const json::array names = wants->value().as_array();
  for (const json::value& each : names) {
    const std::string name(each.as_string());
    expect("file_give", {{"name", name}, {"pieces", pieces_of(name)}});
  }
  return !names.empty();
}

std::string PagePeer::pieces_of(const std::string& name) const {
  std::string pieces;
  for (auto piece = files_.lower_bound(name); piece != files_.end(); ++piece) {
    if (!piece->first.starts_with(name)) break;
    pieces.append(piece->second);
  }
  return pieces;
}

json::object PagePeer::sync_by_post(std::uint16_t port) {
  json::object state;
  for (std::string before;;) {
    expect("greet", {{"live", "0"}, {"http", "1"}});
    const RawSocket line(port);
    EXPECT_TRUE(line.send(
        "POST /s/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        "Content-Type: application/vnd.khuyenhoc.cs1\r\nContent-Length: " +
        std::to_string(bytes_.size()) + "\r\n" + std::string(origin) + "\r\n" + text_of(bytes_)));
    const std::string answer = line.read_to_end(answer_limit);
    const std::size_t head = answer.find("\r\n\r\n");
    EXPECT_EQ(answer.find("HTTP/1.1 200"), 0U) << answer.substr(0, head);
    if (head == std::string::npos) break;
    state = call("frames", {{"frames", answer.substr(head + 4)}});
    if (state.contains("error")) break;
    give_files(state);
    std::string now = json::serialize(state);
    if (now == before) break;
    before = std::move(now);
  }
  expect("hang_up");
  return state;
}

}  // namespace e2e
