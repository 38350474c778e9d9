#include "server/page/page_answer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace server {
namespace {

const std::string digest_text(64, 'a');

std::shared_ptr<const Site> a_site() {
  std::vector<Asset> assets(5);
  assets[0] = {"/index.html", "text/html; charset=utf-8", false, digest_text, "<html>", "b", "g"};
  assets[1] = {
      "/app-1a2b.js", "text/javascript; charset=utf-8", true, digest_text, "0123456789", "bro",
      "gzi"};
  assets[1].is_in_document = true;
  assets[2] = {"/officer-1a2b.wasm", "application/wasm", true, digest_text, "wasm", "", ""};
  assets[3] = {"/worker-1a2b.js", "text/javascript; charset=utf-8", true, digest_text, "w", "", ""};
  assets[4] = {"/page-1a2b.css", "text/css; charset=utf-8", true, digest_text, "css", "", ""};
  return std::make_shared<Site>(std::move(assets));
}

std::string value_of(const PageAnswer& answer, std::string_view name) {
  const auto found =
      std::ranges::find(answer.headers, name, &std::pair<std::string, std::string>::first);
  return found == answer.headers.end() ? "" : found->second;
}

PageAnswer answer_to(PageRequest request) {
  if (request.method.empty()) request.method = "GET";
  return answer_page(a_site(), request);
}

TEST(PageAnswer, TheDocumentComesWithItsPolicyAndIsAskedForAgain) {
  for (const char* target : {"/", "/index.html", "/?from=mail"}) {
    SCOPED_TRACE(target);
    const PageAnswer answer = answer_to({.target = target, .accept_encoding = "br"});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "b");
    EXPECT_EQ(value_of(answer, "Content-Encoding"), "br");
    EXPECT_EQ(value_of(answer, "Content-Length"), "1");
    EXPECT_EQ(value_of(answer, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(value_of(answer, "Cache-Control"), "no-cache");
    EXPECT_EQ(value_of(answer, "Vary"), "Accept-Encoding");
    EXPECT_EQ(value_of(answer, "Content-Security-Policy"), content_security_policy);
    EXPECT_EQ(value_of(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(value_of(answer, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(value_of(answer, "Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_TRUE(value_of(answer, "Permissions-Policy").starts_with("camera=(self)"));
  }
}

// A worker's script has a policy of its own, not the document's.
TEST(PageAnswer, AWorkersScriptHasThePolicyToo) {
  const PageAnswer answer =
      answer_to({.target = "/worker-1a2b.js", .host = "titles.example", .is_in_tls = true});
  EXPECT_EQ(value_of(answer, "Content-Security-Policy"), content_security_policy);
  EXPECT_EQ(value_of(answer, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(value_of(answer, "Strict-Transport-Security"), "max-age=31536000");
  EXPECT_EQ(value_of(answer, "Cross-Origin-Opener-Policy"), "");
  EXPECT_EQ(value_of(answer, "Permissions-Policy"), "");
}

// The heads of a first load were 16 KB, two seconds of a commune's line: what a browser heeds of a
// document alone says the document alone, and what keeps a file to itself says each of them.
TEST(PageAnswer, WhatADocumentLoadsSaysOnlyWhatKeepsItToItself) {
  for (const char* target : {"/app-1a2b.js", "/officer-1a2b.wasm", "/page-1a2b.css"}) {
    SCOPED_TRACE(target);
    const PageAnswer answer =
        answer_to({.target = target, .host = "titles.example", .is_in_tls = true});
    EXPECT_EQ(value_of(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(value_of(answer, "Cross-Origin-Resource-Policy"), "same-origin");
    for (const char* name : {"Content-Security-Policy", "Referrer-Policy", "Permissions-Policy",
                             "Cross-Origin-Opener-Policy", "Strict-Transport-Security"}) {
      EXPECT_EQ(value_of(answer, name), "") << name;
    }
    EXPECT_LE(head_of(answer, true).size(), 350U) << head_of(answer, true);
  }
}

TEST(PageAnswer, AHashedNameIsKeptForAYear) {
  const PageAnswer answer = answer_to({.target = "/app-1a2b.js"});
  EXPECT_EQ(value_of(answer, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(answer.body, "0123456789");
}

// One tag for two codings would let a cache glue the end of one to the beginning of the other.
TEST(PageAnswer, EachCodingHasItsOwnTag) {
  const auto tag = [](std::string_view target, std::string_view accepted) {
    const std::string value =
        value_of(answer_to({.target = target, .accept_encoding = accepted}), "ETag");
    EXPECT_TRUE(value.starts_with('"') && value.ends_with('"')) << value;
    return value;
  };
  const std::string tags[] = {tag("/app-1a2b.js", "br"), tag("/app-1a2b.js", "gzip"),
                              tag("/app-1a2b.js", ""), tag("/app-1a2b.js.gz", "")};
  for (const std::string& each : tags) EXPECT_EQ(std::ranges::count(tags, each), 1) << each;
}

TEST(PageAnswer, WhatTheBrowserHasIsNotSentAgain) {
  const std::string tag = value_of(answer_to({.target = "/", .accept_encoding = "br"}), "ETag");
  const PageAnswer same =
      answer_to({.target = "/", .accept_encoding = "br", .if_none_match = "\"x\", " + tag});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(value_of(same, "ETag"), tag);
  EXPECT_EQ(value_of(same, "Cache-Control"), "no-cache");
  EXPECT_EQ(value_of(same, "Vary"), "Accept-Encoding");
  EXPECT_EQ(value_of(same, "Content-Length"), "");
  const PageAnswer other =
      answer_to({.target = "/", .accept_encoding = "gzip", .if_none_match = tag});
  EXPECT_EQ(other.status, 200);
}

TEST(PageAnswer, APartOfTheSameBytesGoesOnWhereTheLoadStopped) {
  const std::string tag = value_of(answer_to({.target = "/app-1a2b.js"}), "ETag");
  const PageAnswer part =
      answer_to({.target = "/app-1a2b.js", .range = "bytes=4-", .if_range = tag});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "456789");
  EXPECT_EQ(value_of(part, "Content-Range"), "bytes 4-9/10");
  EXPECT_EQ(value_of(part, "Content-Length"), "6");
  EXPECT_EQ(answer_to({.target = "/app-1a2b.js", .range = "bytes=4-"}).status, 206);
}

TEST(PageAnswer, APartOfOtherBytesIsTheWholeFile) {
  for (const char* if_range : {"\"another\"", "Mon, 30 Nov 2026 12:00:00 GMT", "W/\"x\""}) {
    const PageAnswer whole =
        answer_to({.target = "/app-1a2b.js", .range = "bytes=4-", .if_range = if_range});
    EXPECT_EQ(whole.status, 200) << if_range;
    EXPECT_EQ(whole.body, "0123456789");
  }
}

TEST(PageAnswer, ARangeBehindTheEndIsToldTheSize) {
  const PageAnswer answer = answer_to({.target = "/app-1a2b.js", .range = "bytes=10-"});
  EXPECT_EQ(answer.status, 416);
  EXPECT_EQ(value_of(answer, "Content-Range"), "bytes */10");
  EXPECT_EQ(answer.body, "");
}

TEST(PageAnswer, HeadIsTheAnswerWithoutItsBody) {
  const PageAnswer answer =
      answer_to({.method = "HEAD", .target = "/app-1a2b.js", .range = "bytes=4-"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(value_of(answer, "Content-Length"), "10");
}

// Chromium goes on with a load that was cut only where there is no coding; a page that unpacks this
// file by itself gets that, and loads fewer bytes than without any.
TEST(PageAnswer, TheGzipFormIsAFileOfItsOwn) {
  const PageAnswer answer =
      answer_to({.target = "/app-1a2b.js.gz", .accept_encoding = "identity", .range = "bytes=1-"});
  EXPECT_EQ(answer.status, 206);
  EXPECT_EQ(answer.body, "zi");
  EXPECT_EQ(value_of(answer, "Content-Type"), "application/gzip");
  EXPECT_EQ(value_of(answer, "Content-Encoding"), "");
  EXPECT_EQ(answer_to({.target = "/officer-1a2b.wasm.gz"}).status, 404);
}

TEST(PageAnswer, OtherMethodsPathsAndCodingsAreRefusedInTheirWay) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    const PageAnswer answer = answer_to({.method = method, .target = "/"});
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(value_of(answer, "Allow"), "GET, HEAD");
  }
  for (const char* target : {"/app-1a2b.mjs", "/../index.html", "//", "", "/.gz", "/enrol"}) {
    const PageAnswer answer = answer_to({.target = target});
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_EQ(value_of(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(value_of(answer, "Referrer-Policy"), "no-referrer");
  }
  EXPECT_EQ(answer_to({.target = "/", .accept_encoding = "*;q=0"}).status, 406);
}

// A browser that was told to come to localhost in TLS only would never reach --listen-plain again.
TEST(PageAnswer, OnlyTlsAndNotThisMachineAsksForTlsFromNowOn) {
  const auto transport = [](std::string_view host, bool is_in_tls) {
    return value_of(answer_to({.target = "/", .host = host, .is_in_tls = is_in_tls}),
                    "Strict-Transport-Security");
  };
  EXPECT_EQ(transport("titles.example:8470", true), "max-age=31536000");
  EXPECT_EQ(transport("titles.example:8470", false), "");
  EXPECT_EQ(transport("localhost:8470", true), "");
  EXPECT_EQ(transport("localhost", true), "");
}

TEST(PageAnswer, TheHeadIsWhatHttpWants) {
  const PageAnswer answer{.status = 206, .headers = {{"A", "b"}, {"C", "d"}}};
  EXPECT_EQ(head_of(answer, true),
            "HTTP/1.1 206 Partial Content\r\nA: b\r\nC: d\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(head_of(answer, false).ends_with("Connection: close\r\n\r\n"));
}

}  // namespace
}  // namespace server
