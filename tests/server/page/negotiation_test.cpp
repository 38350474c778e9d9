#include "server/page/negotiation.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace server {
namespace {

using Kind = Part::Kind;

Asset an_asset() {
  Asset asset;
  asset.plain = "plain";
  asset.brotli = "br";
  asset.gzip = "gz";
  return asset;
}

std::string form_for(std::optional<std::string_view> accepted, const Asset& asset = an_asset()) {
  const std::optional<AssetForm> form = choose_form(accepted, asset);
  return form ? std::string(bytes_of_form(asset, *form)) : "none";
}

TEST(Negotiation, TakesTheBestCodingThatIsAccepted) {
  EXPECT_EQ(form_for("gzip, deflate, br, zstd"), "br");
  EXPECT_EQ(form_for("gzip, deflate"), "gz");
  EXPECT_EQ(form_for("deflate"), "plain");
  EXPECT_EQ(form_for(std::nullopt), "plain");
  EXPECT_EQ(form_for(""), "plain");
  EXPECT_EQ(form_for("*"), "br");
  EXPECT_EQ(form_for("X-GZIP"), "gz");
}

TEST(Negotiation, MindsWeights) {
  EXPECT_EQ(form_for("br;q=0.5, gzip"), "gz");
  EXPECT_EQ(form_for("br;q=0.5,gzip;q=0.501"), "gz");
  EXPECT_EQ(form_for("br ; Q = 0.5 , gzip;q=0.49"), "br");
  EXPECT_EQ(form_for("gzip;q=0.2, identity"), "plain");
  EXPECT_EQ(form_for("identity;q=0.1, gzip;q=0.2"), "gz");
}

// A coding that a client refuses is one that it cannot read.
TEST(Negotiation, NeverSendsWhatIsRefused) {
  EXPECT_EQ(form_for("br;q=0, gzip"), "gz");
  EXPECT_EQ(form_for("br;q=0.0, gzip;q=0.000"), "plain");
  EXPECT_EQ(form_for("*;q=0, gzip"), "gz");
  EXPECT_EQ(form_for("identity;q=0"), "none");
  EXPECT_EQ(form_for("*;q=0"), "none");
  EXPECT_EQ(form_for("identity;q=0, *"), "br");
}

TEST(Negotiation, AnItemThatCannotBeReadCountsAsMissing) {
  EXPECT_EQ(form_for("br;q=2, gzip"), "gz");
  EXPECT_EQ(form_for("br;q=x, br;q=, br;q=0.1234, ,;q=1"), "plain");
  EXPECT_EQ(form_for("brotli, gzipp"), "plain");
}

TEST(Negotiation, AFileWithOneFormIsSentInThat) {
  Asset asset;
  asset.plain = "plain";
  EXPECT_EQ(form_for("br, gzip", asset), "plain");
  EXPECT_EQ(form_for("br, identity;q=0", asset), "none");
}

void expect_part(std::string_view range, Kind kind, std::size_t first, std::size_t size) {
  SCOPED_TRACE(range);
  const Part part = read_range(range, 1'000);
  EXPECT_EQ(part.kind, kind);
  EXPECT_EQ(part.first, first);
  EXPECT_EQ(part.size, size);
}

TEST(Range, IsFromToOrTheLastBytes) {
  expect_part("bytes=0-99", Kind::part, 0, 100);
  expect_part("bytes=999-999", Kind::part, 999, 1);
  expect_part("bytes=400-", Kind::part, 400, 600);
  expect_part("bytes=400-5000", Kind::part, 400, 600);
  expect_part("bytes=400-99999999999999999999999", Kind::part, 400, 600);
  expect_part("bytes=-100", Kind::part, 900, 100);
  expect_part("bytes=-5000", Kind::part, 0, 1'000);
  expect_part("Bytes= 5-6", Kind::part, 5, 2);
}

TEST(Range, BehindTheEndIsNotSatisfied) {
  expect_part("bytes=1000-", Kind::beyond, 0, 0);
  expect_part("bytes=99999999999999999999999-", Kind::beyond, 0, 0);
  expect_part("bytes=-0", Kind::beyond, 0, 0);
  EXPECT_EQ(read_range("bytes=0-", 0).kind, Kind::beyond);
}

// Who asks for many ranges would have the server send a file many times.
TEST(Range, WhatIsNotOneRangeOfBytesIsTheWhole) {
  for (const char* range : {"", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=0-1,2-3",
                            "bytes=7-5", "bytes=a-b", "bytes=1-b", "items=0-5", "bytes=+1-5"}) {
    expect_part(range, Kind::whole, 0, 1'000);
  }
}

}  // namespace
}  // namespace server
