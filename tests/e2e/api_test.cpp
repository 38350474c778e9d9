#include "events/proofs/signed_note.h"
#include "tests/e2e/corpus_device.h"
#include "tests/e2e/json_schema.h"
#include "tests/e2e/pushing.h"
#include "tests/e2e/raw_socket.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/tls_socket.h"
#include "tools/bench/certificate.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace e2e {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

struct HttpAnswer {
  int status = 0;
  std::string head;
  std::string body;

  /// The value of a header as the server writes it; empty when there is none.
  std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  json::value json_body() const {
    boost::system::error_code wrong;
    json::value value = json::parse(body, wrong);
    EXPECT_FALSE(wrong) << body;
    return value;
  }
};

/// A server with a commune's device that has pushed some dossiers, and a token for the commune.
class Api : public testing::Test {
 protected:
  void SetUp() override {
    device_ = std::make_unique<CorpusDevice>(scratch_ / "server");
    start();
    push_blocks(*device_, *server_, 2);
    token_ = make_token("2.1");
  }
  void start() {
    server_ = std::make_unique<ServerChild>(scratch_ / "server");
    ASSERT_TRUE(server_->listens()) << server_->errors();
  }

  Finished operate(std::vector<std::string> arguments) const {
    std::vector<std::string> all{"token", "--data", (scratch_ / "server").string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program("khuyenhoc-server", std::move(all));
  }
  std::string make_token(const std::string& unit) const {
    const Finished made =
        operate({"add", "--name", "Cổng dữ liệu", "--unit", unit, "--valid-days", "30"});
    EXPECT_EQ(made.exit_code(), 0) << made.all();
    return made.output.substr(0, made.output.find('\n'));
  }

  std::string host() const { return "localhost:" + std::to_string(server_->port()); }
  std::string bearer(const std::string& token) const {
    return "Authorization: Bearer " + token + "\r\n";
  }
  /// Headers by which a device signs a request, RFC 9421.
  std::string signature(const std::string& target, const events::SigningKey& key,
                        std::uint64_t at) const {
    const std::string parameters =
        "(\"@method\" \"@authority\" \"@path\" \"@query\");created=" + std::to_string(at) +
        ";keyid=\"" + std::to_string(device_->chain().value) + "\";alg=\"ed25519\"";
    const std::size_t mark = target.find('?');
    const std::string base =
        "\"@method\": GET\n\"@authority\": " + host() + "\n\"@path\": " + target.substr(0, mark) +
        "\n\"@query\": " + (mark == std::string::npos ? "?" : target.substr(mark)) +
        "\n\"@signature-params\": " + parameters;
    const events::Signature made = key.sign(events::bytes_of(base));
    return "Signature-Input: sig1=" + parameters +
           "\r\nSignature: sig1=:" + events::to_base64(made.bytes) + ":\r\n";
  }
  std::string signature(const std::string& target) const {
    return signature(target, device_->key(), now().value / 1'000);
  }

  HttpAnswer ask(const std::string& target, const std::string& headers = "",
                 const std::string& method = "GET") const {
    const RawSocket socket(server_->port(), "127.0.0.7");
    socket.send(method + " " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n" + headers +
                "Connection: close\r\n\r\n");
    return read_answer(socket.read_to_end(seconds(60)));
  }
  static HttpAnswer read_answer(const std::string& text) {
    HttpAnswer answer;
    constexpr std::string_view start = "HTTP/1.1 ";
    if (!text.starts_with(start)) return answer;
    answer.status = std::atoi(text.c_str() + start.size());
    const std::size_t end = text.find("\r\n\r\n");
    answer.head = text.substr(0, end + 2);
    answer.body = text.substr(end + 4);
    return answer;
  }
  std::string credentials(std::string_view kind, const std::string& target) const {
    if (kind == "token") return bearer(token_);
    if (kind == "device") return signature(target);
    if (kind == "wrong") return bearer("kht_" + std::string(43, 'A'));
    return "";
  }

  ScratchDirectory scratch_;
  std::unique_ptr<CorpusDevice> device_;
  std::unique_ptr<ServerChild> server_;
  std::string token_;
};

/// The schema of an answer; null when the description has none.
const json::value* schema_of(const json::object& operation, int status, const std::string& type) {
  const json::value* const response =
      operation.at("responses").as_object().if_contains(std::to_string(status));
  if (response == nullptr) return nullptr;
  const json::value* const content = response->as_object().if_contains("content");
  if (content == nullptr) return nullptr;
  const json::value* const media = content->as_object().if_contains(type);
  return media == nullptr ? nullptr : &media->at("schema");
}

// A description that says something else than the server does is worse than none.
TEST_F(Api, EveryRequestOfTheDescriptionIsAnsweredAsItSays) {
  const json::value document = ask("/v1/openapi.json").json_body();
  int asked = 0;
  for (const auto& [path, item] : document.at("paths").as_object()) {
    const json::object& operation = item.at("get").as_object();
    for (const json::value& each : operation.at("x-requests").as_array()) {
      const std::string target(each.at("target").as_string());
      const std::string kind(each.at("credentials").as_string());
      SCOPED_TRACE(target + " by " + kind);
      const HttpAnswer answer = ask(target, credentials(kind, target));
      EXPECT_EQ(answer.status, each.at("status")) << answer.body;
      const json::value* const schema =
          schema_of(operation, answer.status, answer.header("Content-Type"));
      ASSERT_NE(schema, nullptr) << answer.head;
      EXPECT_EQ(schema_faults(answer.json_body(), *schema, document), "");
      ++asked;
    }
  }
  EXPECT_GE(asked, 20);
}

TEST_F(Api, TheExamplesOfTheDescriptionFitItsSchemas) {
  const json::value document = ask("/v1/openapi.json").json_body();
  int examples = 0;
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [status, response] : item.at("get").at("responses").as_object()) {
      const json::value* const content = response.as_object().if_contains("content");
      if (content == nullptr) continue;
      for (const auto& [type, media] : content->as_object()) {
        const json::value* const example = media.as_object().if_contains("example");
        if (example == nullptr) continue;
        EXPECT_EQ(schema_faults(*example, media.at("schema"), document), "") << path << status;
        ++examples;
      }
    }
  }
  EXPECT_GE(examples, 5);
}

TEST_F(Api, ADeviceReadsWithItsKeyAndNobodyWithAnother) {
  const std::string target = "/v1/dossiers/3.2/history?limit=1";
  EXPECT_EQ(ask(target, signature(target)).status, 200);
  EXPECT_EQ(ask(target, signature("/v1/dossiers/3.2/history")).status, 401);
  const std::uint64_t second = now().value / 1'000;
  EXPECT_EQ(ask(target, signature(target, device_->key(), second - 400)).status, 401);
  const events::SigningKey stranger = events::SigningKey::from_seed({});
  EXPECT_EQ(ask(target, signature(target, stranger, second)).status, 401);
  EXPECT_EQ(server_->stop(), (Ending{0, 0}));
  const std::string log = server_->errors();
  EXPECT_NE(log.find("refused_api addr=127.0.0.7 reason=bad_signature chain=3 count=2"),
            std::string::npos)
      << log;
  EXPECT_NE(log.find("refused_api addr=127.0.0.7 reason=untimely_signature chain=3 count=1"),
            std::string::npos)
      << log;
}

TEST_F(Api, ATokenHoldsOverARestartUntilItIsRevoked) {
  EXPECT_EQ(ask("/v1/totals", bearer(token_)).status, 200);
  EXPECT_EQ(server_->stop(), (Ending{0, 0}));
  start();
  EXPECT_EQ(ask("/v1/totals", bearer(token_)).status, 200);
  const Finished list = operate({"list"});
  EXPECT_NE(list.output.find("1  valid"), std::string::npos) << list.all();
  EXPECT_NE(list.output.find("2.1  Cổng dữ liệu"), std::string::npos) << list.all();
  EXPECT_EQ(list.all().find(token_), std::string::npos) << "it is shown once only";
  EXPECT_EQ(operate({"revoke", "1"}).exit_code(), 0);
  const HttpAnswer refused = ask("/v1/totals", bearer(token_));
  EXPECT_EQ(refused.status, 401);
  EXPECT_NE(refused.header("WWW-Authenticate").find("Bearer"), std::string::npos);
  EXPECT_EQ(operate({"revoke", "7"}).exit_code(), 1);
  EXPECT_EQ(operate({"add", "--name", "x", "--unit", "2.2", "--valid-days", "3"}).exit_code(), 2)
      << "a hamlet";
  EXPECT_EQ(operate({"add", "--name", "x", "--valid-days", "3"}).exit_code(), 2);
  EXPECT_EQ(server_->stop(), (Ending{0, 0}));
  EXPECT_NE(server_->errors().find("refused_api addr=127.0.0.7 reason=revoked_token"),
            std::string::npos)
      << server_->errors();
  EXPECT_EQ(server_->errors().find(token_), std::string::npos);
}

// A board that asks each second costs a digest, not an answer.
TEST_F(Api, AnUnchangedLogIsAnsweredWith304AndACursorOverGrowthWithItsPosition) {
  const HttpAnswer first = ask("/v1/dossiers/3.2/history?limit=2", bearer(token_));
  ASSERT_EQ(first.status, 200) << first.body;
  const std::string named = bearer(token_) + "If-None-Match: " + first.header("ETag") + "\r\n";
  const HttpAnswer unchanged = ask("/v1/dossiers/3.2/history?limit=2", named);
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_TRUE(unchanged.body.empty());
  push_blocks(*device_, *server_, 1);
  const HttpAnswer later = ask("/v1/dossiers/3.2/history?limit=2", named);
  EXPECT_EQ(later.status, 200);
  const std::string cursor(first.json_body().at("next").as_string());
  const HttpAnswer next = ask("/v1/dossiers/3.2/history?limit=2&cursor=" + cursor, bearer(token_));
  EXPECT_EQ(next.json_body().at("position"), first.json_body().at("position"));
  EXPECT_NE(later.json_body().at("position"), first.json_body().at("position"));
}

TEST_F(Api, HeadHasTheHeadersOfGetAndOtherMethodsAreRefused) {
  const HttpAnswer got = ask("/v1/totals", bearer(token_));
  const HttpAnswer head = ask("/v1/totals", bearer(token_), "HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.body.empty());
  EXPECT_EQ(head.header("ETag"), got.header("ETag"));
  EXPECT_EQ(head.header("Content-Length"), std::to_string(got.body.size()));
  const HttpAnswer posted = ask("/v1/totals", bearer(token_) + "Content-Length: 0\r\n", "POST");
  EXPECT_EQ(posted.status, 405);
  EXPECT_EQ(posted.header("Allow"), "GET, HEAD");
}

// The disk dies: boards go on reading, and what was taken away stays taken away.
TEST_F(Api, TokensHoldAfterARestoreAndRevokedOnesDoNot) {
  const std::string revoked = make_token("2.1");
  ASSERT_EQ(operate({"revoke", "2"}).exit_code(), 0);
  const Finished saved = run_program(
      "khuyenhoc-server",
      {"backup", "--data", scratch_ / "server", "--to", scratch_ / "backup", "--with-key"});
  ASSERT_EQ(saved.exit_code(), 0) << saved.all();
  const std::string since = make_token("2.1");
  EXPECT_EQ(server_->stop(), (Ending{0, 0}));
  const Finished restored =
      run_program("khuyenhoc-server",
                  {"restore", "--from", scratch_ / "backup", "--data", scratch_ / "restored"});
  ASSERT_EQ(restored.exit_code(), 0) << restored.all();
  EXPECT_NE(restored.output.find("revoke again what was revoked since"), std::string::npos);
  server_ = std::make_unique<ServerChild>(scratch_ / "restored");
  ASSERT_TRUE(server_->listens()) << server_->errors();
  EXPECT_EQ(ask("/v1/totals", bearer(token_)).status, 200);
  EXPECT_EQ(ask("/v1/totals", bearer(revoked)).status, 401);
  EXPECT_EQ(ask("/v1/totals", bearer(since)).status, 401);
  EXPECT_EQ(server_->stop(), (Ending{0, 0}));
  EXPECT_NE(server_->errors().find("reason=revoked_token"), std::string::npos);
}

// Tokens are passwords: this is how they travel.
TEST_F(Api, OverTlsItIsTheSameInterface) {
  const HttpAnswer plain = ask("/v1/totals", bearer(token_));
  EXPECT_EQ(server_->stop(), (Ending{0, 0}));
  const bench::Certificate certificate = bench::make_certificate(scratch_ / "tls");
  server_ = std::make_unique<ServerChild>(scratch_ / "server", certificate);
  ASSERT_TRUE(server_->listens()) << server_->errors();
  const auto ask_over_tls = [&](const std::string& target, const std::string& headers) {
    TlsSocket socket(server_->port(), certificate.authority_pem);
    EXPECT_TRUE(socket.send("GET " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n" + headers +
                            "Connection: close\r\n\r\n"));
    return read_answer(socket.read_to_end());
  };
  const HttpAnswer by_token = ask_over_tls("/v1/totals", bearer(token_));
  EXPECT_EQ(by_token.status, 200);
  EXPECT_EQ(by_token.body, plain.body);
  EXPECT_EQ(by_token.header("ETag"), plain.header("ETag"));
  const std::string named = bearer(token_) + "If-None-Match: " + plain.header("ETag") + "\r\n";
  EXPECT_EQ(ask_over_tls("/v1/totals", named).status, 304);
  const std::string history = "/v1/dossiers/3.2/history?limit=1";
  EXPECT_EQ(ask_over_tls(history, signature(history)).status, 200);
  EXPECT_EQ(ask_over_tls(history, signature("/v1/totals")).status, 401);
  EXPECT_EQ(ask_over_tls("/v1/totals", credentials("wrong", "")).status, 401);
  EXPECT_EQ(ask_over_tls("/v1/openapi.json", "").status, 200);
  // In plain text nothing is answered, so that a wrong address sends a token once at most.
  EXPECT_NE(ask("/v1/totals", bearer(token_)).status, 200);
}

// Whoever has shown a token keeps the connection; a stranger gets so many requests and no more.
TEST_F(Api, AReaderKeepsTheConnection) {
  const RawSocket socket(server_->port(), "127.0.0.7");
  std::string text;
  for (int request = 0; request < 30; ++request) {
    ASSERT_TRUE(socket.send("GET /v1/totals HTTP/1.1\r\nHost: " + host() + "\r\n" + bearer(token_) +
                            "\r\n"));
    text.clear();
    while (text.find("\"next\":null}") == std::string::npos) {
      ASSERT_EQ(socket.read(&text, seconds(20)), RawSocket::Read::some) << request;
    }
  }
}

}  // namespace
}  // namespace e2e
