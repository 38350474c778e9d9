#include "platform/net/tls_server.h"

#include "tests/e2e/scratch_directory.h"
#include "tools/bench/certificate.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace network {
namespace {

using events::ErrorCode;

// An operator at night needs to be told which file is wrong and how.
TEST(TlsServer, SaysWhichFileIsWrongAndHow) {
  const e2e::ScratchDirectory scratch;
  const bench::Certificate good = bench::make_certificate(scratch / "good");
  const bench::Certificate other = bench::make_certificate(scratch / "other");
  std::ofstream(scratch / "noise.pem") << "not a certificate\n";
  std::filesystem::permissions(scratch / "noise.pem", std::filesystem::perms::owner_read);

  const auto missing = TlsServer::open(scratch / "none.crt", good.key);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::io_failed);
  EXPECT_NE(missing.error().message.find("none.crt: there is no such file"), std::string::npos);

  const auto noise = TlsServer::open(scratch / "noise.pem", good.key);
  ASSERT_FALSE(noise);
  EXPECT_NE(noise.error().message.find("noise.pem: no certificate"), std::string::npos);

  const auto no_key = TlsServer::open(good.certificate, scratch / "noise.pem");
  ASSERT_FALSE(no_key);
  EXPECT_NE(no_key.error().message.find("noise.pem: no private key"), std::string::npos);

  const auto mixed = TlsServer::open(good.certificate, other.key);
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(mixed.error().message.find("does not belong"), std::string::npos)
      << mixed.error().message;
}

// A certificate is renewed by a script at night.  If it wrote half a file, the old one must stay.
TEST(TlsServer, KeepsTheOldPairWhenTheNewOneIsBroken) {
  const e2e::ScratchDirectory scratch;
  const bench::Certificate made = bench::make_certificate(scratch / "tls", -1, 30);
  const auto server = TlsServer::open(made.certificate, made.key);
  ASSERT_TRUE(server) << server.error().message;
  const std::string before = (*server)->valid_until();
  EXPECT_FALSE((*server)->files_changed());

  std::ofstream(made.certificate) << "-----BEGIN CERTIFICATE-----\nMIIB";
  std::filesystem::last_write_time(made.certificate, std::filesystem::file_time_type::clock::now());
  EXPECT_TRUE((*server)->files_changed());
  EXPECT_FALSE((*server)->reload());
  EXPECT_EQ((*server)->valid_until(), before);
  EXPECT_FALSE((*server)->files_changed()) << "a broken pair is logged once, not every minute";

  bench::make_certificate(scratch / "tls", -1, 60);
  EXPECT_TRUE((*server)->reload());
  EXPECT_NE((*server)->valid_until(), before);
}

}  // namespace
}  // namespace network
