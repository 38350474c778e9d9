#include "clients/core/log/row_keyring.h"

#include "clients/core/log/memory_rows.h"

#include <gtest/gtest.h>

#include <string>

namespace clients {
namespace {

using events::ErrorCode;
using events::SecretKey;

constexpr events::UnitId na_tau{events::EventId{events::ChainNumber{2}, 3}};
constexpr events::UnitId muong_phang{events::EventId{events::ChainNumber{2}, 4}};

SecretKey key_of(std::uint8_t byte) {
  std::array<std::uint8_t, 32> bytes{};
  bytes.fill(byte);
  return SecretKey{bytes};
}

class RowKeyringTest : public ::testing::Test {
 protected:
  RowKeyring opened(std::uint8_t master = 7) {
    RowKeyring keyring(rows, [this] {
      std::array<std::uint8_t, 32> drawn{};
      drawn.fill(++draws);
      return drawn;
    });
    EXPECT_TRUE(keyring.load());
    EXPECT_TRUE(keyring.unlock(key_of(master)));
    return keyring;
  }

  MemoryRows rows;
  std::uint8_t draws = 0;
  events::Bytes record{1, 2, 3};
  events::Bytes digest{9, 9};
};

TEST_F(RowKeyringTest, WhatWasSealedOpensAfterARestart) {
  const auto sealed = opened().seal_record(na_tau, record, digest);
  ASSERT_TRUE(sealed);
  RowKeyring later = opened();
  EXPECT_EQ(later.homes(), std::vector<events::UnitId>{na_tau});
  const auto back = later.open_record(*sealed, digest);
  ASSERT_TRUE(back && *back);
  EXPECT_EQ(**back, record);
  EXPECT_EQ(later.open_record(*sealed, events::Bytes{1}).error().code, ErrorCode::storage_corrupt)
      << "bound to its digest";
}

TEST_F(RowKeyringTest, LockedItGivesNothingAndStillKnowsWhoItIs) {
  RowKeyring keyring = opened();
  const auto sealed = keyring.seal_record(na_tau, record, digest);
  events::SecretSeed seed;
  seed.bytes.fill(5);
  ASSERT_TRUE(keyring.keep_seed("device.key", seed));
  const events::PublicKey key = events::SigningKey::from_seed(seed).public_key();
  ASSERT_TRUE(keyring.note_public_key(key));
  keyring.lock();
  EXPECT_TRUE(keyring.is_locked());
  EXPECT_EQ(keyring.open_record(*sealed, digest).error().code, ErrorCode::locked);
  EXPECT_EQ(keyring.seed("device.key").error().code, ErrorCode::locked);
  EXPECT_EQ(keyring.seal_record(na_tau, record, digest).error().code, ErrorCode::locked);
  EXPECT_EQ(keyring.public_key(), key);
  EXPECT_TRUE(keyring.can_open(*sealed)) << "its key is there, only locked";
  EXPECT_EQ(**opened().seed("device.key"), seed);
}

TEST_F(RowKeyringTest, AnotherMasterKeyOpensNothing) {
  ASSERT_TRUE(opened().seal_record(na_tau, record, digest));
  RowKeyring keyring(rows, [] { return std::array<std::uint8_t, 32>{}; });
  ASSERT_TRUE(keyring.load());
  EXPECT_FALSE(keyring.unlock(key_of(8)));
  EXPECT_TRUE(keyring.is_locked());
}

TEST_F(RowKeyringTest, AShreddedKeyIsGoneAndOthersStay) {
  RowKeyring keyring = opened();
  const auto gone = keyring.seal_record(na_tau, record, digest);
  const auto stays = keyring.seal_record(muong_phang, record, digest);
  ASSERT_TRUE(keyring.shred(std::array{na_tau}));
  RowKeyring later = opened();
  EXPECT_FALSE(later.can_open(*gone));
  const auto nothing = later.open_record(*gone, digest);
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
  EXPECT_TRUE(*later.open_record(*stays, digest));
}

TEST_F(RowKeyringTest, NoRowHoldsASecretInPlain) {
  RowKeyring keyring = opened();
  events::SecretSeed seed;
  seed.bytes.fill(0x55);
  ASSERT_TRUE(keyring.keep_seed("device.key", seed));
  ASSERT_TRUE(keyring.seal_record(na_tau, record, digest));
  const std::string secret(32, '\x55');
  ASSERT_TRUE(rows.each("", [&](std::string_view, events::ByteView value) {
    const std::string_view text(reinterpret_cast<const char*>(value.data()), value.size());
    EXPECT_EQ(text.find(secret), std::string_view::npos);
    return events::Result<void>();
  }));
}

}  // namespace
}  // namespace clients
