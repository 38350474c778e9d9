#include "server/channels/certificate_watch.h"

#include <gtest/gtest.h>

namespace server {
namespace {

using std::chrono::days;
using std::chrono::sys_seconds;

const network::TlsServer::Validity spring{sys_seconds(days(20'000)), sys_seconds(days(20'090))};

// An expired certificate started without a word, and every device was refused by its own.
TEST(CertificateWatch, OutsideItsDaysTheCertificateDoesNotHold) {
  EXPECT_TRUE(check_holds(spring, sys_seconds(days(20'050))));
  const auto ended = check_holds(spring, sys_seconds(days(20'090)));
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().message.find("ended on 2025-01-02"), std::string::npos)
      << ended.error().message;
  const auto early = check_holds(spring, sys_seconds(days(19'999)));
  ASSERT_FALSE(early);
  EXPECT_NE(early.error().message.find("set the clock"), std::string::npos);
}

TEST(CertificateWatch, TheLastThirtyDaysAreSpokenOf) {
  EXPECT_FALSE(certificate_note(spring, sys_seconds(days(20'060))));
  const auto note = certificate_note(spring, sys_seconds(days(20'078)));
  ASSERT_TRUE(note);
  EXPECT_NE(note->find("ends in 12 days"), std::string::npos) << *note;
}

}  // namespace
}  // namespace server
