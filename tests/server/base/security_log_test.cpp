#include "server/base/security_log.h"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <string>

namespace server {
namespace {

PeerAddress address(std::uint32_t number) {
  return PeerAddress(boost::asio::ip::address_v4(number));
}

// Rubbish at 3,500 a second was 38 GB of log a day.
TEST(SecurityLog, CountsWhatComesOftenInOneLine) {
  SecurityLog log;
  for (int time = 0; time < 100'000; ++time) {
    log.note("bundle_refused", address(0x0A000001), "malformed");
  }
  log.note("refused_greeting", address(0x0A000002), "bad_signature", 7);
  const auto lines = log.take();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].count, 100'000U);
  EXPECT_EQ(lines[0].address, "10.0.0.1");
  EXPECT_EQ(lines[1].chain, 7U);
  EXPECT_TRUE(log.take().empty());
}

TEST(SecurityLog, ManyAddressesEndInOneRowOfOthers) {
  SecurityLog log;
  for (std::uint32_t number = 1; number <= 50'000; ++number) {
    log.note("refused_greeting", address(number), "not_enrolled");
  }
  const auto lines = log.take();
  ASSERT_EQ(lines.size(), SecurityLog::rows_max + 1);
  EXPECT_EQ(lines[0].address, "others");
  EXPECT_EQ(lines[0].count, 50'000U - SecurityLog::rows_max);
}

}  // namespace
}  // namespace server
