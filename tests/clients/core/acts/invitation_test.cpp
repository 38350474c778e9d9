#include "clients/core/acts/invitation.h"

#include "events/crypto/key_fingerprint.h"
#include "platform/random.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

namespace {

using clients::read_invitation;
using events::ErrorCode;

// People read codes from paper, on the telephone, in capital or small letters.
TEST(Invitation, IsReadAsPeopleTypeIt) {
  const auto invitation = read_invitation("abcd-efgh 2345-67o9-abcde-fgh23");
  ASSERT_TRUE(invitation);
  EXPECT_EQ(invitation->code, "ABCDEFGH23456709");
  EXPECT_EQ(invitation->fingerprint, "ABCDEFGH23");
  EXPECT_EQ(read_invitation("ILILILIL00000000oooooooooo")->code, "1111111100000000");
  EXPECT_TRUE(*read_invitation(invitation->spelled()) == *invitation);
  EXPECT_EQ(invitation->spelled(), "ABCD-EFGH-2345-6709-ABCDE-FGH23");
  for (const char* wrong : {"", "ABCD-EFGH-2345-678", "ABCD-EFGH-2345-6789-ABCDE-FGH2U",
                            "ABCD-EFGH-2345-6789-ABCDE-FGH234"}) {
    EXPECT_FALSE(read_invitation(wrong)) << wrong;
  }
}

// Whoever has only the code would enrol at whatever server answers first.
TEST(Invitation, WithoutTheFingerprintIsRefusedWithWhatToDo) {
  const auto old = read_invitation("ABCD-EFGH-2345-6789");
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(old.error().message.find("thiếu phần sau"), std::string::npos);
}

// The fingerprint stands on paper for weeks: it must stay the same, and tell keys apart.
TEST(Invitation, NamesTheKeyOfTheLog) {
  const events::PublicKey key = test_support::a_key(1).public_key();
  const auto invitation = clients::make_invitation(platform::new_code(), key);
  EXPECT_TRUE(*read_invitation(invitation.spelled()) == invitation);
  EXPECT_EQ(invitation.fingerprint, events::key_fingerprint(key));
  EXPECT_EQ(invitation.fingerprint, "K2QFGF620D");
  EXPECT_NE(invitation.fingerprint, events::key_fingerprint(test_support::a_key(2).public_key()));
}

}  // namespace
