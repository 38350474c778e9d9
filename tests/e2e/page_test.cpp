#include "events/protocol/channel_binding.h"
#include "events/protocol/frame_codec.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/corpus_device.h"
#include "tests/e2e/raw_web_socket.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/tls_tunnel.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace e2e {
namespace {

namespace protocol = events::protocol;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// An answer as it came.
struct Answer {
  std::string head, body;

  int status() const { return head.size() > 12 ? std::atoi(head.c_str() + 9) : 0; }
  /// The value of a header; empty when there is none.
  std::string value(const std::string& name) const {
    const std::size_t line = head.find("\r\n" + name + ": ");
    if (line == std::string::npos) return "";
    const std::size_t begin = line + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

Answer answer_in(const std::string& text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return {text, ""};
  return {text.substr(0, end + 2), text.substr(end + 4)};
}

Answer ask(std::uint16_t port, const std::string& method, const std::string& target,
           const std::string& heads = "", const char* from = "127.0.0.1") {
  const RawSocket socket(port, from);
  socket.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + heads +
              "Connection: close\r\n\r\n");
  return answer_in(socket.read_to_end(seconds(20)));
}
Answer get(std::uint16_t port, const std::string& target, const std::string& heads = "",
           const char* from = "127.0.0.1") {
  return ask(port, "GET", target, heads, from);
}

/// Bytes in which no place looks like another.
std::string some_bytes(std::size_t size) {
  std::string bytes;
  std::uint32_t number = 1;
  while (bytes.size() < size) {
    number = number * 1'664'525U + 1'013'904'223U;
    bytes += static_cast<char>(number >> 24U);
  }
  return bytes;
}

/// A server that serves the folder of a page.
class Page : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    write("index.html", "<!doctype html><title>trang</title>");
    write("officer-1a2b.wasm", wasm_);
    write("officer-1a2b.wasm.br", packed_);
    write("assets.json",
          R"([{"name": "index.html", "type": "text/html; charset=utf-8"},
              {"name": "officer-1a2b.wasm", "type": "application/wasm", "immutable": true}])");
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  /// One that speaks TLS, and plain text beside it.
  void start_tls() {
    const bench::Certificate certificate = bench::make_certificate(scratch_ / "tls");
    start({"--tls-certificate", certificate.certificate.string(), "--tls-key",
           certificate.key.string(), "--listen-plain", "127.0.0.1:0"});
  }
  void start(std::vector<std::string> options = {}) {
    device_ = std::make_unique<CorpusDevice>(scratch_ / "server");
    options.insert(options.end(), {"--page", folder_.string()});
    server_ = std::make_unique<ServerChild>(scratch_ / "server", "", std::move(options));
    ASSERT_TRUE(server_->listens()) << server_->errors();
  }
  std::uint16_t port() const { return server_->port(); }

  /// A page's greeting: of a browser that knows no binding, and says so.
  protocol::Hello page_hello() const {
    protocol::Hello hello = device_->hello();
    hello.features |= protocol::feature_page;
    return device_->sign(hello);
  }
  /// Whether a page on `port` greets and gets the log.
  bool is_served(std::uint16_t port, const protocol::Hello& hello, const std::string& origin) {
    RawWebSocket socket(port, "cs1", "Origin: " + origin + "\r\n");
    socket.answer_with(device_->key());
    return socket.send(hello) && socket.next_of<protocol::Mark>(seconds(10));
  }

  ScratchDirectory scratch_;
  std::filesystem::path folder_ = scratch_ / "site";
  std::string wasm_ = some_bytes(900'000);
  std::string packed_ = some_bytes(270'000);
  std::unique_ptr<CorpusDevice> device_;
  std::unique_ptr<ServerChild> server_;
};

TEST_F(Page, IsServedInTheCodingThatTheBrowserTakes) {
  start();
  const Answer document = get(port(), "/", "Accept-Encoding: gzip, deflate, br\r\n");
  EXPECT_EQ(document.status(), 200) << document.head;
  EXPECT_EQ(document.body, "<!doctype html><title>trang</title>");
  EXPECT_TRUE(document.value("Content-Security-Policy").starts_with("default-src 'none'"));
  const Answer packed = get(port(), "/officer-1a2b.wasm", "Accept-Encoding: gzip, deflate, br\r\n");
  EXPECT_EQ(packed.value("Content-Encoding"), "br");
  EXPECT_EQ(packed.value("Content-Type"), "application/wasm");
  EXPECT_EQ(packed.value("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_TRUE(packed.body == packed_) << packed.body.size();
  const Answer plain = get(port(), "/officer-1a2b.wasm");
  EXPECT_TRUE(plain.body == wasm_) << plain.body.size();
  const Answer two_lines =
      get(port(), "/officer-1a2b.wasm", "Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n");
  EXPECT_EQ(two_lines.value("Content-Encoding"), "br");
}

TEST_F(Page, HeadIsAnsweredWithoutTheBodyAndWhatIsKeptWithItsTag) {
  start();
  const Answer head = ask(port(), "HEAD", "/officer-1a2b.wasm", "Accept-Encoding: br\r\n");
  EXPECT_EQ(head.status(), 200);
  EXPECT_EQ(head.value("Content-Length"), "270000");
  EXPECT_EQ(head.body, "");
  const Answer same = get(port(), "/officer-1a2b.wasm",
                          "Accept-Encoding: br\r\nIf-None-Match: " + head.value("ETag") + "\r\n");
  EXPECT_EQ(same.status(), 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(ask(port(), "POST", "/", "Content-Length: 0\r\n").value("Allow"), "GET, HEAD");
  EXPECT_EQ(get(port(), "/enrol").status(), 404);
  EXPECT_EQ(get(port(), "/health/live").body, "alive\n");
}

// A line that breaks at nine tenths of the module must not begin at zero.
TEST_F(Page, ALoadThatWasCutGoesOnWhereItStopped) {
  start();
  const std::string accept = "Accept-Encoding: gzip, deflate, br\r\n";
  RawSocket cut(port());
  cut.send("GET /officer-1a2b.wasm HTTP/1.1\r\nHost: localhost\r\n" + accept + "\r\n");
  std::string text;
  while (text.size() < 120'000 && cut.read(&text, seconds(10)) == RawSocket::Read::some) continue;
  cut.cut();
  Answer first = answer_in(text);
  ASSERT_LT(first.body.size(), packed_.size());

  const std::string range = "Range: bytes=" + std::to_string(first.body.size()) + "-\r\n";
  const Answer rest = get(port(), "/officer-1a2b.wasm",
                          accept + range + "If-Range: " + first.value("ETag") + "\r\n");
  EXPECT_EQ(rest.status(), 206);
  EXPECT_EQ(rest.value("Content-Encoding"), "br");
  EXPECT_TRUE(first.body + rest.body == packed_);

  const Answer renewed =
      get(port(), "/officer-1a2b.wasm", accept + range + "If-Range: \"another\"\r\n");
  EXPECT_EQ(renewed.status(), 200) << "the page was built anew meanwhile";
  EXPECT_TRUE(renewed.body == packed_);
  EXPECT_EQ(get(port(), "/officer-1a2b.wasm", "Range: bytes=900000-\r\n").status(), 416);
}

// A stranger's connection had ten seconds; on the lines of the hamlets the page takes a minute.
TEST_F(Page, ASlowLineGetsItAndAsksForMoreOnTheSameConnection) {
  start();
  const RawSocket socket(port());
  const std::string heads = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  socket.send("GET /officer-1a2b.wasm" + heads);
  const auto begin = steady_clock::now();
  std::string text;
  while (text.size() < wasm_.size() && steady_clock::now() < begin + seconds(60)) {
    if (socket.read(&text, seconds(10)) != RawSocket::Read::some) break;
    std::this_thread::sleep_for(milliseconds(200));
  }
  while (answer_in(text).body.size() < wasm_.size() &&
         socket.read(&text, seconds(10)) == RawSocket::Read::some) {
    continue;
  }
  EXPECT_TRUE(answer_in(text).body == wasm_) << text.size();
  EXPECT_GT(steady_clock::now() - begin, seconds(10)) << "longer than a stranger's time";
  socket.send("GET /" + heads);
  std::string second;
  socket.read(&second, seconds(10));
  EXPECT_EQ(answer_in(second).status(), 200) << second;
}

// Whoever opens many connections and reads nothing from them.
TEST_F(Page, ReadersThatTakeNothingKeepNobodyFromThePageNorFromTheLog) {
  start();
  std::vector<std::unique_ptr<RawSocket>> readers;
  for (int index = 0; index < 300; ++index) {
    readers.push_back(std::make_unique<RawSocket>(port(), "127.0.0.7"));
    readers.back()->send("GET /officer-1a2b.wasm HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  EXPECT_TRUE(get(port(), "/officer-1a2b.wasm", "", "127.0.0.8").body == wasm_);
  EXPECT_TRUE(get(port(), "/officer-1a2b.wasm", "", "127.0.0.7").body == wasm_)
      << "somebody else behind the same address";
  EXPECT_TRUE(is_served(port(), device_->hello(), "http://localhost"));
  constexpr std::size_t beyond = 300 - 256;  // One address has 256 answers under way.
  for (std::size_t index = 0; index < beyond; ++index) {
    std::string text;
    RawSocket::Read last = RawSocket::Read::some;
    while (last == RawSocket::Read::some) last = readers[index]->read(&text, seconds(10));
    EXPECT_EQ(last, RawSocket::Read::closed) << index;
    EXPECT_LT(text.size(), wasm_.size()) << index;
  }
  readers.clear();
  EXPECT_EQ(server_->stop(), (Ending{0, 0}));
  EXPECT_NE(server_->errors().find("page_cut addr=127.0.0.7"), std::string::npos)
      << server_->errors();
}

TEST_F(Page, IsServedInTlsToo) {
  start_tls();
  const TlsTunnel tunnel(port());
  const Answer packed = get(tunnel.port(), "/officer-1a2b.wasm", "Accept-Encoding: br\r\n");
  EXPECT_TRUE(packed.body == packed_) << packed.head << packed.body.size();
  const Answer part = get(tunnel.port(), "/officer-1a2b.wasm", "Range: bytes=899990-\r\n");
  EXPECT_TRUE(part.body == wasm_.substr(899'990));
  EXPECT_EQ(part.value("Content-Range"), "bytes 899990-899999/900000");
  EXPECT_EQ(packed.value("Strict-Transport-Security"), "") << "of localhost";
  const RawSocket named(tunnel.port());
  named.send("GET / HTTP/1.1\r\nHost: titles.example\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer_in(named.read_to_end(seconds(10))).value("Strict-Transport-Security"),
            "max-age=31536000");
}

// A browser takes a service worker from http://localhost, and none from a self-made certificate.
TEST_F(Page, PlainTextOnThisMachineHasAllThatTlsHas) {
  start_tls();
  const std::uint16_t plain = server_->plain_port();
  ASSERT_NE(plain, 0) << server_->errors();
  EXPECT_TRUE(get(plain, "/officer-1a2b.wasm").body == wasm_);
  EXPECT_EQ(get(plain, "/health/live").body, "alive\n");
  EXPECT_TRUE(is_served(plain, page_hello(), "http://localhost"));
  EXPECT_FALSE(is_served(plain, page_hello(), "http://evil.example"));
  EXPECT_EQ(get(port(), "/").status(), 0) << "the other port still speaks TLS only";
  EXPECT_EQ(server_->stop(), (Ending{0, 0})) << server_->errors();
}

// A browser knows no binding of its TLS connection: the challenge proves who greets.
TEST_F(Page, GreetsInTlsWithoutABinding) {
  start_tls();
  const TlsTunnel tunnel(port());
  EXPECT_TRUE(is_served(tunnel.port(), page_hello(), "https://localhost"));
  RawWebSocket device(tunnel.port(), "cs1", "Origin: https://localhost\r\n");
  device.send(device_->hello());
  const auto refused = device.next_of<protocol::ErrorFrame>(seconds(10));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, events::ErrorCode::bad_signature) << "a device is no page";
  RawWebSocket without(tunnel.port(), "cs1");
  without.send(page_hello());
  const auto unbound = without.next_of<protocol::ErrorFrame>(seconds(10));
  ASSERT_TRUE(unbound);
  EXPECT_EQ(unbound->code, events::ErrorCode::bad_signature) << "no browser came";
}

TEST_F(Page, GreetsInTlsByPost) {
  start_tls();
  const TlsTunnel tunnel(port());
  const events::Bytes frame = protocol::encode_frame(page_hello());
  const std::string body(frame.begin(), frame.end());
  const RawSocket socket(tunnel.port());
  socket.send(
      "POST /s/x HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
  const Answer answer = answer_in(socket.read_to_end(seconds(20)));
  const auto frames = protocol::read_frames(events::bytes_of(answer.body));
  ASSERT_TRUE(frames) << answer.head;
  ASSERT_EQ(frames->size(), 1U);
  const auto* const welcome = std::get_if<protocol::Welcome>(&frames->front());
  ASSERT_NE(welcome, nullptr);
  EXPECT_FALSE(welcome->challenge.empty());
}

TEST_F(Page, AFolderAndPlainTextStayOnThisMachine) {
  const std::string data = scratch_ / "server";
  const auto refusal = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"--data", data});
    const Finished ended = run_program("khuyenhoc-server", std::move(options), seconds(20));
    EXPECT_EQ(ended.exit_code(), 1) << ended.all();
    return ended.errors;
  };
  EXPECT_NE(refusal({"--listen", "0.0.0.0:0", "--allow-plain-text", "--page", folder_.string()})
                .find("--page is for who works on the page"),
            std::string::npos);
  EXPECT_NE(refusal({"--listen", "127.0.0.1:0", "--listen-plain", "0.0.0.0:0"})
                .find("listens on this machine only"),
            std::string::npos);
  EXPECT_NE(
      refusal({"--listen", "127.0.0.1:0", "--page", scratch_ / "nothing"}).find("assets.json"),
      std::string::npos);
}

// What is installed has the page in it, or a text that says how to build it in.
TEST(PageOfTheBuild, IsServedWithoutAnyFile) {
  const ScratchDirectory scratch;
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  const Answer document = get(server.port(), "/");
  EXPECT_EQ(document.status(), 200) << document.head;
  EXPECT_EQ(document.value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(document.value("Content-Security-Policy"), "");
  const bool says_so = server.errors().find("page_not_built_in") != std::string::npos;
  EXPECT_EQ(document.body.find("tools/dev web build") != std::string::npos, says_so);
}

// An administrator hands out a code to a telephone that has nothing but a camera and a browser.
TEST(PageOfTheBuild, AnInvitationNamesThePageAndShowsItAsAQrCode) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  ASSERT_NO_FATAL_FAILURE(setup.run());
  const std::vector<std::string> invite{"invite", "--person", setup.officer("appraiser"),
                                        "--page-url"};
  const auto with = [&](const char* url) {
    std::vector<std::string> arguments = invite;
    arguments.emplace_back(url);
    return arguments;
  };
  const auto answer = setup.admin().json(with("https://so.example"));
  ASSERT_TRUE(answer.is_object());
  const std::string code(answer.as_object().at("code").as_string());
  EXPECT_EQ(answer.as_object().at("page").as_string(), "https://so.example/#/enrol/" + code);
  const Finished shown = setup.admin().run(with("http://localhost:8471/"));
  EXPECT_EQ(shown.exit_code(), 0) << shown.all();
  EXPECT_NE(shown.output.find("\nhttp://localhost:8471/#/enrol/"), std::string::npos);
  EXPECT_NE(shown.output.find("█"), std::string::npos) << shown.output;
  for (const char* url : {"so.example", "ws://so.example", "https://so.example/#/x"}) {
    EXPECT_EQ(setup.admin().run(with(url)).exit_code(), 2) << url;
  }
}

}  // namespace
}  // namespace e2e
